import { bounds, checkLength } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import type { GatewayError } from '../../errors.ts';
import { badRequest } from '../shared/bad-request.ts';
import { type Fields, kindOf } from '../shared/json.ts';
import type { Wording } from '../shared/validate.ts';

/*
 * What is wrong with a request, in the notation of Anthropic's own API, which Claude Code reads:
 * `messages.0.content.1.text: Field required`.
 */

export const anthropicWording: Wording = {
  path: (keys) => keys.join('.'),
  missing: (path) => `${path}: Field required`,
  wrong: (path, expected, got) => `${path}: ${expected}${got && `, but got ${got}`}`,
};

/** A 400 for a value that is missing or is not what it should be. */
export function wrongValue(value: unknown, path: string, expected: string): GatewayError {
  if (value === undefined) {
    return badRequest(anthropicWording.missing(path), path, 'missing_required_parameter');
  }
  const got = typeof value === 'string' ? `'${value.slice(0, 64)}'` : kindOf(value);
  return badRequest(anthropicWording.wrong(path, `Input should be ${expected}`, got), path);
}

export function readObject(value: unknown, path: string): Fields {
  if (!isObject(value)) throw wrongKind(value, path, 'an object');
  return value;
}

export function readList(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw wrongKind(value, path, 'a list');
  return value;
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrongKind(value, path, 'a string');
  return value;
}

/** A text that becomes the key of a Map, such as the name of a tool. */
export function readName(value: unknown, path: string): string {
  const name = readString(value, path);
  if (name === '') throw badRequest(`${path}: String should have at least 1 character`, path);
  return checkLength(name, bounds.nameCharacters, path);
}

/** The value itself may be anything a client wrote, so that only its kind is repeated. */
function wrongKind(value: unknown, path: string, expected: string): GatewayError {
  if (value === undefined) return wrongValue(value, path, expected);
  return badRequest(anthropicWording.wrong(path, `Input should be ${expected}`, kindOf(value)), path);
}
