import type { Json } from './types.ts';

/** Looks into JSON that somebody else wrote: a member that is of another kind is as if absent. */

export type Members = Readonly<Record<string, unknown>>;

/** An object, and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
export function parseJson(text: string): { value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}
