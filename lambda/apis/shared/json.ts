import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { badRequest } from './bad-request.ts';

/**
 * Readers for the parts of a request that are translated while they are checked: the conversation and its
 * tools. A schema library would walk and copy a long history once more than needed; these look at each value
 * once and name it in OpenAI's path notation (`messages[3].content[0].text`) when it is wrong.
 */

export type Fields = Record<string, unknown>;

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function wrongType(path: string, expected: string, value: unknown) {
  const got = value === undefined ? 'it is missing' : `got ${kindOf(value)}`;
  return badRequest(`Invalid value for '${path}': expected ${expected}, but ${got}.`, path);
}

export function readObject(value: unknown, path: string): Fields {
  if (!isObject(value)) throw wrongType(path, 'an object', value);
  return value;
}

export function readArray(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw wrongType(path, 'an array', value);
  return value;
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrongType(path, 'a string', value);
  return value;
}

export function readName(value: unknown, path: string): string {
  const name = readString(value, path);
  if (name === '') throw badRequest(`Invalid value for '${path}': it must not be empty.`, path);
  return name;
}

/** null counts as absent: many clients send it for what they did not set. */
export function readOptional<T>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : read(value, path);
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(path, 'true or false', value);
  return value;
}

/** A JSON object as it came out of JSON.parse: its members need no further look. */
export function readJsonObject(value: unknown, path: string): JsonObject {
  return readObject(value, path) as JsonObject;
}

export function notAllowed(value: unknown, path: string, allowed: readonly string[]) {
  const said = value === undefined ? 'missing' : kindOf(value);
  const got = typeof value === 'string' ? `'${value.slice(0, 64)}'` : said;
  return badRequest(`Invalid value for '${path}': ${got}. Allowed: ${allowed.join(', ')}.`, path);
}
