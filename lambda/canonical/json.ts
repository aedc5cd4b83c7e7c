import type { Json } from './types.ts';

/** What JSON has beyond TypeScript's types (https://tc39.es/proposal-json-parse-with-source/). */
interface JsonWithSource {
  parse(
    text: string,
    reviver?: (name: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
}
const { parse, rawJSON, isRawJSON } = JSON as unknown as JsonWithSource;

/** Looks into JSON that somebody else wrote: a member that is of another kind is as if absent. */

export type Members = Readonly<Record<string, unknown>>;

/** An object, and no array, nor a number that `parseExactly` kept as it stood. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

export function members(value: unknown): Members {
  return isObject(value) ? value : {};
}

export function first(value: unknown): Members {
  return Array.isArray(value) ? members(value[0]) : {};
}

export function list(value: unknown): Members[] {
  return Array.isArray(value) ? value.map(members) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A number of tokens or milliseconds; headers carry them as text. */
export function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** The value of a JSON text; undefined for a text that is none. */
export function parseJson(
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): { value: Json } | undefined {
  try {
    return { value: parse(text) as Json };
  } catch {
    return undefined;
  }
}

/**
 * As JSON.parse, but whole numbers beyond 2^53, which ids are, keep their digits, and JSON.stringify writes them as they
 * stood. It is for what models write: the search for such numbers takes as long as the parsing.
 */
export function parseExactly(text: string): unknown {
  return /[0-9]{16}/.test(text) ? parse(text, withDigits) : parse(text);
}

function withDigits(_: string, value: unknown, { source = '' }: { source?: string }): unknown {
  const isCut = typeof value === 'number' && /^-?[0-9]{16,}$/.test(source) && String(value) !== source;
  return isCut ? rawJSON(source) : value;
}
