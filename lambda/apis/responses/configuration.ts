import * as v from 'valibot';
import { isObject } from '../../canonical/json.ts';
import { validate } from '../shared/validate.ts';
import { type ResponsesRequest, reasoningSchema, textSchema } from './schema.ts';

const configurationSchema = v.looseObject({ reasoning: reasoningSchema, text: textSchema });

/** Items `configuration_update` say `reasoning` and `text` anew from where they stand: for this request the last ones count. */
export function withConfiguration(request: ResponsesRequest): ResponsesRequest {
  const { input } = request;
  if (!Array.isArray(input)) return request;
  const updates = input.filter((item) => isObject(item) && item.type === 'configuration_update');
  if (updates.length === 0) return request;
  const said = updates.map((item) => validate(configurationSchema, item));
  return {
    ...request,
    reasoning: Object.assign({}, request.reasoning, ...said.map(({ reasoning }) => reasoning)),
    text: Object.assign({}, request.text, ...said.map(({ text }) => text)),
  };
}
