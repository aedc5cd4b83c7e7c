import { isObject } from '../../canonical/json.ts';
import type { OutputFormat } from '../../canonical/request.ts';
import { type Fields, readJsonObject, readOptional, readString } from '../shared/json.ts';
import type { ResponsesRequest } from './schema.ts';

/** The form that the text of an answer is to have; undefined for text of any form. Throws a 400 for a schema that is none. */
export function readOutputFormat({ text }: Pick<ResponsesRequest, 'text'>): OutputFormat | undefined {
  const format = text?.format;
  if (!format || format.type === 'text') return undefined;
  const at = 'text.format';
  if (format.type === 'json_object') {
    const schema = readOptional(format.schema, `${at}.schema`, readJsonObject);
    return { type: 'json_object', ...(schema && { schema }) };
  }
  // Some clients nest it as Chat Completions has it.
  const nested = isObject(format.json_schema) ? format.json_schema : undefined;
  const [given, path] = nested ? [nested, `${at}.json_schema`] : [format as Fields, at];
  const description = readOptional(given.description, `${path}.description`, readString);
  return {
    type: 'json_schema',
    name: readOptional(given.name, `${path}.name`, readString) ?? 'response',
    schema: readJsonObject(given.schema, `${path}.schema`),
    ...(description && { description }),
    ...(typeof given.strict === 'boolean' && { strict: given.strict }),
  };
}
