import { modelSays } from '../errors.ts';
import { everyone, type Rule } from './rule.ts';
import { askedSchema } from './structured-output.ts';

/** latitude-dev/latitude-llm#3310: measured for the user's text on Claude; no parser of JSON takes it elsewhere. */
const words = 'The request body is not valid JSON: no low surrogate in string';

/** Whether half of a surrogate pair stands in any string or name of a value. */
function hasHalfPair(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => !name.isWellFormed() || hasHalfPair(member));
}

export const wholeTextRules: Rule[] = [
  {
    name: 'text has no half of a surrogate pair',
    binds: everyone,
    from: 'provider',
    breach: (request) =>
      hasHalfPair(request) || hasHalfPair(parsed(askedSchema(request))) ? words : undefined,
  },
];

/** The same for any body; undefined where every pair is whole. */
export const halfPairRefusal = (body: unknown): string | undefined => (hasHalfPair(body) ? words : undefined);

/** The same for a body of InvokeModel. Throws BedrockError. */
export function checkWholeText(body: unknown): void {
  if (hasHalfPair(body)) throw modelSays(words);
}

/** The schema is JSON in a string of the body: a half may hide in it as an escape. */
function parsed(json = 'null'): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
