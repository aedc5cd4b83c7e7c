import { createHash } from 'node:crypto';
import {
  type At,
  DamagedFile,
  edited,
  type Format,
  isObject,
  type Json,
  nameOf,
  UneditableFile,
  valueAt,
} from './format.ts';
import { splice } from './text.ts';

/** Something that a client needs in a file. */
export interface Entry {
  at: At;
  value: Json;
  /** The client itself writes there later: it goes whatever it has become. */
  kept?: boolean;
}

/** What was done for an entry, so that exactly that can be undone. It says nothing of the value but its digest. */
export interface Done {
  at: At;
  digest: string;
  /** How many steps of the way were there before. */
  depth: number;
  /** What stood at the place, if anything did, as it was written. */
  before?: string;
  /** The object or list that it was the first content of, where that had line breaks or spaces in it. */
  hollow?: string;
  kept?: boolean;
}

/**
 * Puts an entry into a text. `earlier`: what was done for this place before, by whichever client; what stood there before
 * that is what comes back in the end.
 */
export function putIn(
  format: Format,
  text: string,
  { at, value, kept }: Entry,
  earlier: readonly Done[] = [],
): { text: string; done: Done } {
  const present = valueAt(format.read(text), at);
  const ours = present && earlier.find(({ digest }) => digest === digestOf(present));
  const { depth, before, hollow } = ours || found(format, text, at);
  const done: Done = {
    at,
    digest: digestOf(value),
    depth,
    ...(before !== undefined && { before }),
    ...(hollow !== undefined && { hollow }),
  };
  return { text: edited(format, text, at, value), done: kept ? { ...done, kept } : done };
}

export const isSamePlace = (one: At, other: At): boolean => JSON.stringify(one) === JSON.stringify(other);

function found(format: Format, text: string, at: At): Pick<Done, 'depth' | 'before' | 'hollow'> {
  const range = format.range(text, at);
  if (range) return { depth: at.length, before: text.slice(...range) };
  const data = format.read(text);
  const depth = at.findIndex((_, i) => valueAt(data, at.slice(0, i + 1)) === undefined);
  const around = format.range(text, at.slice(0, depth));
  const hollow = around && text.slice(...around);
  return { depth, ...(hollow !== undefined && /^(\{\s+\}|\[\s+\])$/.test(hollow) && { hollow }) };
}

/** Undoes what was done. What somebody has changed since is left, and `left` is true. */
export function takeOut(format: Format, text: string, done: Done): { text: string; left: boolean } {
  const { at, digest, before } = done;
  const data = format.read(text);
  const present = valueAt(data, at);
  if (present === undefined) return { text, left: false };
  if (!done.kept && digestOf(present) !== digest) return { text, left: true };
  if (before !== undefined) return { text: splice(text, ...placeOf(format, text, at), before), left: false };
  const without = edited(format, text, madePlace(data, done), undefined);
  return { text: hollowAgain(format, without, done), left: false };
}

/** What is empty again is as it was when it was empty. */
function hollowAgain(format: Format, text: string, { at, depth, hollow }: Done): string {
  const range = hollow === undefined ? undefined : format.range(text, at.slice(0, depth));
  const isEmpty = range && /^(\{\}|\[\])$/.test(text.slice(...range));
  return isEmpty && hollow !== undefined ? splice(text, ...range, hollow) : text;
}

/**
 * A text with all put into it that stands in another one where it was done; undefined where somebody has changed any of
 * that since, or it cannot be put in.
 */
export function putAgain(
  format: Format,
  text: string,
  other: string,
  all: readonly Done[],
): string | undefined {
  const data = format.read(other);
  try {
    return all.reduce((now, { at, digest, kept }) => {
      const value = valueAt(data, at);
      const isOurs = value !== undefined && (kept || digestOf(value) === digest);
      if (!isOurs) throw new UneditableFile(`${nameOf(at)} has been changed`);
      return edited(format, now, at, value);
    }, text);
  } catch (error) {
    if (error instanceof UneditableFile || error instanceof DamagedFile) return undefined;
    throw error;
  }
}

function placeOf(format: Format, text: string, at: At): readonly [number, number] {
  const range = format.range(text, at);
  if (range) return range;
  throw new UneditableFile(`${nameOf(at)} stands there in a form that cannot be edited`);
}

/** The place itself, or the first of the places around it that were made with it and hold nothing else. */
function madePlace(data: Json, { at, depth }: Done): At {
  for (let length = depth + 1; length < at.length; length += 1) {
    const inner = at.slice(length).map((_, i) => valueAt(data, at.slice(0, length + i)));
    if (inner.every((place) => sizeOf(place) === 1)) return at.slice(0, length);
  }
  return at;
}

function sizeOf(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

const digestOf = (value: Json): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
