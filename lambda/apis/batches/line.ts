import { bounds } from '../../bounds.ts';
import { isObject, parseJson } from '../../canonical/json.ts';
import type { GatewayError } from '../../errors.ts';
import { badRequest } from '../shared/bad-request.ts';
import { type Fields, kindOf } from '../shared/json.ts';
import { isNestedTooDeep, maxNesting } from '../shared/nesting.ts';

export interface BatchLine {
  customId: string;
  body: Fields;
}

/** One line of a batch's input (https://platform.openai.com/docs/guides/batch). Throws a 400 that names the member at fault. */
export function readLine(text: string, endpoint: string): BatchLine {
  const parsed = parseJson(text);
  if (!parsed) throw badRequest('it is not valid JSON.');
  const line: unknown = parsed.value;
  if (!isObject(line)) throw badRequest(`it must be a JSON object, not ${kindOf(line)}.`);
  if (isNestedTooDeep(line))
    throw badRequest(`it is nested too deep: at most ${maxNesting} levels are taken.`);
  const { custom_id, method, url, body } = line;
  if (typeof custom_id !== 'string' || custom_id === '')
    throw wrong(custom_id, 'custom_id', 'a text that is not empty');
  if (custom_id.length > bounds.idCharacters)
    throw badRequest(
      `'custom_id' has ${custom_id.length} characters; at most ${bounds.idCharacters} are taken.`,
      'custom_id',
    );
  if (method !== 'POST') throw wrong(method, 'method', 'POST');
  if (url !== endpoint) throw wrong(url, 'url', `${endpoint}, the endpoint of the batch`);
  if (!isObject(body)) throw wrong(body, 'body', 'an object');
  return { customId: custom_id, body };
}

function wrong(value: unknown, name: string, allowed: string): GatewayError {
  if (value === undefined)
    return badRequest(`Missing required parameter: '${name}'.`, name, 'missing_required_parameter');
  const got = typeof value === 'string' && /^[\w/.:-]{1,60}$/.test(value) ? `'${value}'` : kindOf(value);
  return badRequest(`Invalid value for '${name}': it must be ${allowed}, and is ${got}.`, name);
}
