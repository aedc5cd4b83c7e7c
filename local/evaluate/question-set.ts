import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { isObject } from '../../lambda/canonical/json.ts';

const text = (most: number) =>
  v.pipe(
    v.string('must be text'),
    v.check((value) => value.trim() !== '', 'must not be empty'),
    v.maxLength(most, `must have at most ${most} characters`),
  );
const texts = v.pipe(v.array(text(500), 'must be a list of texts'), v.minLength(1, 'must not be empty'));
const finite = v.pipe(v.number('must be a number'), v.finite('must be a finite number'));

const pattern = v.pipe(
  text(500),
  v.check((value) => {
    try {
      return new RegExp(value, 'iu') !== undefined;
    } catch {
      return false;
    }
  }, 'must be a regular expression'),
);

/** How an answer is told right from wrong. docs/optimisation.md says what each reads. */
const check = v.variant(
  'kind',
  [
    v.strictObject({
      kind: v.literal('number'),
      value: finite,
      tolerance: v.optional(v.pipe(finite, v.minValue(0, 'must not be negative'))),
    }),
    v.strictObject({ kind: v.literal('exact'), value: text(500), also: v.optional(texts) }),
    v.strictObject({
      kind: v.literal('choice'),
      value: v.pipe(v.string('must be text'), v.regex(/^[A-Z]$/, 'must be a letter from A to Z')),
    }),
    v.strictObject({ kind: v.literal('contains'), all: texts, none: v.optional(texts) }),
    v.strictObject({ kind: v.literal('regex'), pattern }),
    v.strictObject({
      kind: v.literal('json'),
      value: v.custom<object>(
        (value) => typeof value === 'object' && value !== null,
        'must be an object or a list',
      ),
    }),
    v.strictObject({ kind: v.literal('verify'), source: text(20_000) }),
    v.strictObject({ kind: v.literal('program'), tests: text(20_000) }),
  ],
  'must be one of number, exact, choice, contains, regex, json, verify, program',
);
export type Check = v.InferOutput<typeof check>;

const question = v.strictObject({
  id: v.pipe(
    v.string('must be text'),
    v.regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits or any of _ . -'),
  ),
  topic: v.optional(text(60)),
  prompt: text(400_000),
  check,
});
export type Question = v.InferOutput<typeof question>;

export interface QuestionSet {
  questions: Question[];
  /** Of the questions, not of blanks between them: tells one set from another. */
  digest: string;
}

/** A set that cannot be used; each line that is at fault has a line of its own. */
export class SetError extends Error {
  override name = 'SetError';
}

const maxQuestions = 10_000;
const maxFaults = 20;

/** Reads JSONL: a question a line. Throws a SetError that names every line at fault, and nothing is asked then. */
export function readQuestionSet(content: string, name: string): QuestionSet {
  const questions: Question[] = [];
  const faults: string[] = [];
  const lines = new Map<string, number>();
  for (const [i, line] of content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const read = readQuestion(line);
    const earlier = typeof read === 'object' ? lines.get(read.id) : undefined;
    if (typeof read === 'string') faults.push(`${name}:${i + 1}: ${read}`);
    else if (earlier !== undefined) faults.push(`${name}:${i + 1}: .id is that of line ${earlier} already`);
    else {
      lines.set(read.id, i + 1);
      questions.push(read);
    }
  }
  if (faults.length > maxFaults)
    faults.splice(maxFaults, faults.length, `and ${faults.length - maxFaults} more`);
  if (faults.length > 0) throw new SetError(faults.join('\n'));
  if (questions.length === 0) throw new SetError(`${name} has no question.`);
  if (questions.length > maxQuestions) throw new SetError(`${name} has more than ${maxQuestions} questions.`);
  const digest = createHash('sha256').update(JSON.stringify(questions)).digest('hex');
  return { questions, digest };
}

/** The question, or what is wrong with its line. */
function readQuestion(line: string): Question | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'this is no JSON';
  }
  if (!isObject(value)) return 'this is no question: it must be an object with id, prompt and check';
  const result = v.safeParse(question, value, { abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const isUnknown = issue.type === 'strict_object' && path !== null && issue.expected === 'never';
  const isMissing = issue.type === 'strict_object' && path !== null && issue.received === 'undefined';
  if (isUnknown) return `.${path} is not known`;
  if (isMissing) return `.${path} is missing`;
  return path === null ? issue.message : `.${path} ${issue.message}`;
}
