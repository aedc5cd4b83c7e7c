import * as v from 'valibot';
import { isObject } from '../../canonical/json.ts';
import { validate } from '../shared/validate.ts';
import { type ResponsesRequest, reasoningSchema, textSchema } from './schema.ts';

const configurationSchema = v.looseObject({ reasoning: reasoningSchema, text: textSchema });

/** Items `configuration_update` say `reasoning` and `text` anew from where they stand: for this request the last ones count. */
export function withConfiguration(request: ResponsesRequest): ResponsesRequest {
  const { input } = request;
  if (!Array.isArray(input)) return request;
  let { reasoning, text } = request;
  for (const item of input) {
    if (!isObject(item) || item.type !== 'configuration_update') continue;
    const update = validate(configurationSchema, item);
    reasoning = { ...reasoning, ...update.reasoning };
    text = { ...text, ...update.text };
  }
  return reasoning === request.reasoning && text === request.text ? request : { ...request, reasoning, text };
}
