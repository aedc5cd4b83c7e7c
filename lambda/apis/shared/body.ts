import type { Context } from 'hono';
import { isObject, parseJson } from '../../canonical/json.ts';
import { badRequest } from './bad-request.ts';
import type { Fields } from './json.ts';
import { isNestedTooDeep, maxNesting } from './nesting.ts';

/** The request's body as a JSON object. Throws a 400 that says what came instead. */
export async function readBody(c: Context): Promise<Fields> {
  return (await readSizedBody(c)).fields;
}

/** The same, and its size in bytes. */
export async function readSizedBody(c: Context): Promise<{ fields: Fields; bytes: number }> {
  const text = await c.req.text();
  return { fields: parseBody(text), bytes: Buffer.byteLength(text) };
}

export function parseBody(text: string): Fields {
  if (text.trim() === '') throw badRequest('The request body is empty: send a JSON object.');
  const parsed = parseJson(text);
  if (!parsed) throw badRequest('The request body is not valid JSON.');
  if (!isObject(parsed.value)) throw badRequest('The request body must be a JSON object.');
  if (isNestedTooDeep(parsed.value)) {
    throw badRequest(`The request body is nested too deep: at most ${maxNesting} levels are taken.`);
  }
  return parsed.value;
}
