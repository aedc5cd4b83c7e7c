import { isDeepStrictEqual } from 'node:util';

/** What files of clients hold. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A member of an object, or the item of a list that has these members. */
export type Step = string | { readonly item: Readonly<Record<string, string>> };
export type At = readonly Step[];

/**
 * A syntax of files, edited as text: what is around a change stays as it is, comments and spaces too. Every function
 * throws DamagedFile for a text that is not of this syntax, and UneditableFile where a place is written in a form that
 * cannot be edited.
 */
export interface Format {
  /** `{}` for a text without content. */
  read(text: string): Json;
  /** Puts a value where there is one already, or makes the place. */
  set(text: string, at: At, value: Json): string;
  /** Takes out what is there. */
  remove(text: string, at: At): string;
  /** Where the value at a place is written; undefined where there is none. */
  range(text: string, at: At): readonly [from: number, to: number] | undefined;
}

/** A file that its own client could not read either. `line` counts from 1. */
export class DamagedFile extends Error {
  override name = 'DamagedFile';
  readonly line: number;

  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
    this.line = line;
  }
}

export class UneditableFile extends Error {
  override name = 'UneditableFile';
}

export function findItem(list: readonly Json[], step: Exclude<Step, string>): number {
  return list.findIndex(
    (each) => isObject(each) && Object.entries(step.item).every(([name, value]) => each[name] === value),
  );
}

/** What stands at a place; undefined where there is nothing. */
export function valueAt(data: Json, at: At): Json | undefined {
  let value: Json | undefined = data;
  for (const step of at) {
    if (typeof step === 'string')
      value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    else value = Array.isArray(value) ? value[findItem(value, step)] : undefined;
  }
  return value;
}

export const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same data with another value at a place, or with none. */
export function withValue(data: Json, [step, ...rest]: At, value: Json | undefined): Json {
  if (step === undefined) return value ?? {};
  if (typeof step === 'string') {
    const { [step]: old, ...others } = isObject(data) ? data : {};
    if (value === undefined && rest.length === 0) return others;
    return { ...others, [step]: withValue(old ?? emptyFor(rest[0]), rest, value) };
  }
  const list = Array.isArray(data) ? data : [];
  const index = findItem(list, step);
  if (value === undefined && rest.length === 0) return list.filter((_, i) => i !== index);
  const item = withValue(list[index] ?? {}, rest, value);
  return index < 0 ? [...list, item] : list.map((each, i) => (i === index ? item : each));
}

const emptyFor = (step: Step | undefined): Json => (step === undefined || typeof step === 'string' ? {} : []);

/**
 * Sets a value, or takes it out with `undefined`, and looks at what has become of everything else: a text that would
 * hold other data than it should is given up. A value that is there already changes nothing.
 */
export function edited(format: Format, text: string, at: At, value: Json | undefined): string {
  const data = format.read(text);
  if (isDeepStrictEqual(valueAt(data, at), value)) return text;
  const after = value === undefined ? format.remove(text, at) : format.set(text, at, value);
  const expected = withValue(data, at, value);
  if (!isDeepStrictEqual(readBack(format, after), normal(expected))) throw new UneditableFile(elsewhere(at));
  return after;
}

/** undefined: nobody could read what would be written, as where a TOML table is given a second heading. */
function readBack(format: Format, after: string): Json | undefined {
  try {
    return normal(format.read(after));
  } catch (error) {
    if (error instanceof DamagedFile) return undefined;
    throw error;
  }
}

/** An empty list that had to be written as nothing, or the other way round, is no difference. */
function normal(value: Json): Json {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(normal);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, normal(each)] as const);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const elsewhere = (at: At) =>
  `${nameOf(at)} stands there in a form that cannot be edited without changing the rest: edit it by hand`;

/** A place as people name it: `endpoints.custom[name=Bedrock Gateway]`. */
export const nameOf = (at: At): string =>
  at
    .map((step) =>
      typeof step === 'string'
        ? `.${step}`
        : `[${Object.entries(step.item)
            .map((pair) => pair.join('='))
            .join(', ')}]`,
    )
    .join('')
    .replace(/^\./, '');
