import type { Context } from 'hono';
import { badRequest } from '../shared/bad-request.ts';

/** A whole number of the query within its bounds. Throws a 400 that names it. */
export function numberIn(c: Context, name: string, { most, usual }: { most: number; usual: number }): number {
  const text = c.req.query(name);
  if (text === undefined || text === '') return usual;
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= 1 && number <= most) return number;
  throw badRequest(`Invalid value for '${name}': it must be a whole number from 1 to ${most}.`, name);
}

/** One of a few words of the query; undefined where it says none. Throws a 400 that names it. */
export function wordIn<const T extends string>(c: Context, name: string, words: readonly T[]): T | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === '') return undefined;
  const word = words.find((each) => each === text);
  if (word === undefined)
    throw badRequest(`Invalid value for '${name}': it must be one of ${words.join(', ')}.`, name);
  return word;
}
