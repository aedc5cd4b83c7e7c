import * as v from 'valibot';
import { badRequest } from '../errors.ts';
import { kindOf } from './read.ts';

/**
 * Checks `input` against a schema. Throws a 400 that names the first parameter at fault, what is allowed and
 * what kind of value came; the value itself is repeated only when it is a number, a boolean or a short word,
 * so that no prompt finds its way into an error.
 */
export function validate<T extends v.GenericSchema>(schema: T, input: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const param = pathOf(issue);
  if (issue.input === undefined) {
    throw badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  }
  const expected = issue.expected === null ? issue.message : `expected ${plain(issue.expected)}`;
  throw badRequest(
    `Invalid value for '${param}': ${expected}, but got ${shown(issue.input)}.`,
    param || undefined,
  );
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).reduce((path, { key }) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, '');
}

function plain(expected: string): string {
  const bounds = /^(>=|<=|>|<)(.+)$/.exec(expected);
  if (!bounds) return expected.replaceAll('"', "'");
  const words: Record<string, string> = {
    '>=': 'at least',
    '<=': 'at most',
    '>': 'more than',
    '<': 'less than',
  };
  return `${words[bounds[1] ?? '']} ${bounds[2]}`;
}

function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && /^[\w.:-]{1,40}$/.test(value)) return `'${value}'`;
  return kindOf(value);
}
