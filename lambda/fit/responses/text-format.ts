import { formatName } from '../../canonical/format-name.ts';
import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';

const members = ['type', 'name', 'description', 'schema', 'strict'];

/**
 * The format of an answer as OpenAI has it in Responses: without members of other formats, its schema under a name that it
 * may have. Some clients nest it as Chat Completions has it, or say nothing in the members that they do not need.
 */
export function acceptedFormat({ json_schema: nested, ...format }: JsonObject): JsonObject {
  if (format.type !== 'json_schema') return { type: format.type } as JsonObject;
  const given = isObject(nested) ? (nested as JsonObject) : format;
  const said = Object.entries({ ...given, type: 'json_schema' }).filter(
    ([name, value]) => members.includes(name) && value !== null,
  );
  return { ...Object.fromEntries(said), name: formatName(given.name) };
}

/** Whether JSON is wanted by a schema that is no `json_schema`, which Converse alone minds. */
export const hasLooseSchema = ({ text }: JsonObject): boolean =>
  isObject(text) &&
  isObject(text.format) &&
  text.format.type === 'json_object' &&
  isObject(text.format.schema);
