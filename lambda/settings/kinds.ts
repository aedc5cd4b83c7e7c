import * as v from 'valibot';
import type { Docs } from '../docs.ts';

/** What a setting may be, as the CDK app checks it in `cdk.json` and as the documentation says it. */
export type SettingForm =
  | { kind: 'text'; allowed: string; pattern?: RegExp }
  | { kind: 'list'; allowed: string; pattern?: RegExp }
  | { kind: 'number'; min: number; max: number }
  | { kind: 'choice'; options: readonly (string | number)[] }
  | { kind: 'boolean' }
  | { kind: 'object'; allowed: string };

/** One kind of setting: how people write it, and how the function reads it from an environment variable. */
export interface Kind<T> {
  form: SettingForm;
  schema: v.GenericSchema<string, T>;
}

export const notEmpty = v.pipe(v.string('must be text'), v.trim(), v.minLength(1, 'must not be empty'));

/** Of these, of lists and of JSON `allowed` is for the app and the documentation: the function never says it. */
export function text(allowed: Docs, schema: v.GenericSchema<string, string> = notEmpty): Kind<string> {
  return { form: { kind: 'text', allowed: allowed as string }, schema };
}

/** Texts with commas between them. */
export function list(allowed: Docs, item: v.GenericSchema<string, string> = notEmpty): Kind<string[]> {
  const split = (value: string) =>
    value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  return {
    form: { kind: 'list', allowed: allowed as string },
    schema: v.pipe(v.string(), v.transform(split), v.array(item)),
  };
}

export function choice<const T extends readonly string[]>(options: T): Kind<T[number]> {
  return {
    form: { kind: 'choice', options },
    schema: v.picklist(options, `must be one of ${options.join(', ')}`),
  };
}

export const boolean: Kind<boolean> = {
  form: { kind: 'boolean' },
  schema: v.pipe(
    v.picklist(['true', 'false', '1', '0', 'on', 'off'], 'must be true or false'),
    v.transform((value) => value === 'true' || value === '1' || value === 'on'),
  ),
};

/** A whole number; both bounds are allowed. The function gets it multiplied by `unit`: 1000 for seconds. */
export function integer(min: number, max: number, unit = 1): Kind<number> {
  return {
    form: { kind: 'number', min, max },
    schema: v.pipe(
      v.string(),
      v.regex(/^\d+$/, 'must be a whole number'),
      v.transform(Number),
      v.minValue(min, `must be at least ${min}`),
      v.maxValue(max, `must be at most ${max}`),
      v.transform((value) => value * unit),
    ),
  };
}

/** Whole seconds, which the function gets as milliseconds. */
export const seconds = (min: number, max: number) => integer(min, max, 1000);

/** JSON that `schema` allows. */
export function json<T>(allowed: Docs, schema: v.GenericSchema<unknown, T>): Kind<T> {
  return {
    form: { kind: 'object', allowed: allowed as string },
    schema: v.pipe(v.string(), v.parseJson(undefined, 'must be JSON'), schema) as v.GenericSchema<string, T>,
  };
}
