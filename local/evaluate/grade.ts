import { randomUUID } from 'node:crypto';
import type { RunProgram } from '../../lambda/sandbox/program.ts';
import { readFences } from '../../lambda/techniques/reading/fences.ts';
import {
  canonicalJson,
  isSameAnswer,
  readFinalAnswer,
} from '../../lambda/techniques/reading/final-answer.ts';
import type { Check } from './question-set.ts';

/** What was found of an answer, and whether it is right. */
export interface Grade {
  right: boolean;
  /** What was compared; undefined: the text has no answer in the form that was asked for, and is wrong. */
  read?: string;
}

/** Milliseconds for a program of an answer with its tests. */
const programMs = 5000;

const line = (what: string) =>
  `End with a line of its own that says "Answer:" and then ${what}, and nothing else.`;
const fenced = (what: string) => `End with ${what} in one fenced block.`;

const forms: Readonly<Record<Check['kind'], string>> = {
  number: line('the number in digits, without a unit'),
  exact: line('the answer alone'),
  choice: line('the letter of the right choice'),
  contains: '',
  regex: '',
  json: fenced('the answer as JSON'),
  verify: fenced('the answer as JSON'),
  program: fenced('the whole program, in plain JavaScript without imports,'),
};

/** What a model is asked: the question, and in which form its answer can be read. Both arms are asked the same. */
export function promptOf({ prompt, check }: { prompt: string; check: Check }): string {
  const form = forms[check.kind];
  return form === '' ? prompt : `${prompt}\n\n${form}`;
}

/** Whether a text answers a question. Programs of models run in the sandbox; `run` is asked for them alone. */
export async function grade(check: Check, text: string, run: RunProgram): Promise<Grade> {
  switch (check.kind) {
    case 'number':
      return compared(
        numberIn(text),
        (read) => Math.abs(Number(read) - check.value) <= (check.tolerance ?? 1e-9),
      );
    case 'exact': {
      const values = [check.value, ...(check.also ?? [])];
      return compared(readFinalAnswer(text)?.answer, (read) =>
        values.some((value) => isSameAnswer(read, value)),
      );
    }
    case 'choice':
      return compared(choiceIn(text), (read) => read === check.value);
    case 'contains':
      return compared(text, () => containsAll(text, check));
    case 'regex':
      return compared(text, () => new RegExp(check.pattern, 'iu').test(text));
    case 'json':
      return compared(
        jsonIn(text),
        (read) => canonicalJson(read) === canonicalJson(JSON.stringify(check.value)),
      );
    case 'verify':
      return ran(
        jsonIn(text),
        (read) =>
          `const ok = ((answer) => {\n${check.source}\n})(${read});\nif (ok !== true) throw new Error('wrong');`,
        run,
      );
    case 'program':
      return ran(programIn(text), (read) => `${read}\n;{\n${check.tests}\n}`, run);
  }
}

function compared(read: string | undefined, isRight: (read: string) => boolean): Grade {
  return read === undefined ? { right: false } : { read, right: isRight(read) };
}

/** A program is right that comes to its end, where it says a word that nobody can have known before. */
async function ran(
  read: string | undefined,
  source: (read: string) => string,
  run: RunProgram,
): Promise<Grade> {
  if (read === undefined) return { right: false };
  const word = randomUUID();
  const signal = AbortSignal.timeout(10 * programMs);
  const { output, failed } = await run(`${source(read)}\nconsole.log('${word}');`, programMs, signal);
  return { read, right: !failed && output.trimEnd().endsWith(word) };
}

/** `42 apples` is 42, `1/2` is 0.5, `25 %` is 25. */
function numberIn(text: string): string | undefined {
  const answer = readFinalAnswer(text)?.answer;
  const [, number] =
    /^(?:[a-z]\s*=\s*)?([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)(?![\d.,])/.exec(answer ?? '') ?? [];
  return number;
}

/** `B`, `(B)`, `B) because`. */
function choiceIn(text: string): string | undefined {
  const answer = readFinalAnswer(text)?.answer;
  return /^\(?([a-z])(?![\p{L}\p{N}])/u.exec(answer ?? '')?.[1]?.toUpperCase();
}

function containsAll(text: string, { all, none = [] }: Extract<Check, { kind: 'contains' }>): boolean {
  const small = text.toLowerCase();
  const has = (part: string) => small.includes(part.toLowerCase());
  return all.every(has) && !none.some(has);
}

/** The last fenced block that is JSON, else what stands behind the last `Answer:`, else the whole. */
function jsonIn(text: string): string | undefined {
  const blocks = readFences(text)
    .map(({ content }) => content)
    .reverse();
  const behind = text.slice(text.toLowerCase().lastIndexOf('answer:') + 'answer:'.length);
  return [...blocks, behind, text].find(isJson)?.trim();
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

/** The last block of JavaScript, else the last one of all; a block of tests or of output may stand before it. */
function programIn(text: string): string | undefined {
  const blocks = readFences(text);
  return (blocks.findLast(({ label }) => /^(?:js|javascript|mjs)\b/.test(label)) ?? blocks.at(-1))?.content;
}
