import * as v from 'valibot';
import { badRequest } from './bad-request.ts';
import { kindOf } from './json.ts';

/** How an API words what is wrong with a parameter. */
export interface Wording {
  path(keys: readonly (string | number)[]): string;
  missing(path: string): string;
  wrong(path: string, expected: string, got: string): string;
}

const openAiWording: Wording = {
  path: (keys) =>
    keys.reduce<string>((path, key) => {
      if (typeof key === 'number') return `${path}[${key}]`;
      return path === '' ? key : `${path}.${key}`;
    }, ''),
  missing: (path) => `Missing required parameter: '${path}'.`,
  wrong: (path, expected, got) => `Invalid value for '${path}': ${expected}${got && `, but got ${got}`}.`,
};

/**
 * Checks `input` against a schema. Throws a 400 that names the first parameter at fault, what is allowed and
 * what came. The value itself is repeated only when it is a number, a boolean, or a short word where one of a
 * few words was expected, so that no prompt finds its way into an error.
 */
export function validate<T extends v.GenericSchema>(
  schema: T,
  input: unknown,
  wording: Wording = openAiWording,
): v.InferOutput<T> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const param = wording.path(keys);
  if (issue.input === undefined)
    throw badRequest(wording.missing(param), param, 'missing_required_parameter');
  const expected = issue.message.startsWith('Invalid ')
    ? `expected ${plain(issue.expected ?? '')}`
    : issue.message;
  throw badRequest(wording.wrong(param, expected, shown(issue)), param || undefined);
}

/** Valibot's notation of what is allowed, in words. It has none for whole numbers. */
function plain(expected: string): string {
  if (expected === '') return 'a whole number';
  const [, sign = '', bound = ''] = /^(>=|<=)(.+)$/.exec(expected) ?? [];
  if (sign !== '') return `${sign === '>=' ? 'at least' : 'at most'} ${bound}`;
  const choices = /^\((.*)\)$/.exec(expected)?.[1] ?? expected;
  return choices.includes('"')
    ? `one of ${choices.replaceAll(' | ', ', ')}`.replaceAll('"', "'")
    : `a value of type ${choices}`;
}

function shown({ input, expected }: v.BaseIssue<unknown>): string {
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  const isWord = typeof input === 'string' && expected?.includes('"') && /^[\w.:-]{1,40}$/.test(input);
  return isWord ? `'${input}'` : kindOf(input);
}
