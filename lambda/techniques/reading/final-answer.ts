import { readFences } from './fences.ts';
import { readOutput } from './output.ts';

/** The answer that a text comes to, in a form in which equal answers are equal texts. */
export interface FinalAnswer {
  answer: string;
  /** It is said to be the answer; else the whole text is so short that it can be nothing else. */
  marked: boolean;
}

/** Characters of an answer, and of a text that is an answer as a whole. */
const maxAnswer = 400;
const maxLine = 80;

/** Undefined where the text comes to no short answer. */
export function readFinalAnswer(text: string): FinalAnswer | undefined {
  const json = jsonIn(text);
  if (json !== undefined) return { answer: json, marked: true };
  const marked = [boxed, output, spoken, hashed]
    .map((read) => read(text))
    .find((found) => found !== undefined);
  if (marked !== undefined) return answerOf(marked, true);
  const line = text.trim();
  return line !== '' && line.length <= maxLine && !line.includes('\n') ? answerOf(line, false) : undefined;
}

/** The same JSON as one text: members in order, numbers by value; undefined where it is no object or list. */
export function canonicalJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? JSON.stringify(sorted(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two answers are the same one. */
export const isSameAnswer = (one: string, other: string): boolean => normalised(one) === normalised(other);

function answerOf(found: string, marked: boolean): FinalAnswer | undefined {
  const answer = normalised(found.slice(0, maxAnswer));
  return answer === '' ? undefined : { answer, marked };
}

function jsonIn(text: string): string | undefined {
  const whole = canonicalJson(text);
  if (whole !== undefined) return whole;
  const fences = text.includes('```') ? readFences(text) : [];
  return fences.length === 1 ? canonicalJson(fences[0]?.content ?? '') : undefined;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}

/** `\boxed{…}` with its own braces closed. */
function boxed(text: string): string | undefined {
  const begin = text.lastIndexOf('\\boxed{');
  if (begin < 0) return undefined;
  let depth = 0;
  for (let i = begin + '\\boxed'.length; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}') depth -= 1;
    if (depth === 0) return text.slice(begin + '\\boxed{'.length, i);
  }
  return undefined;
}

const output = (text: string) => (text.includes('<output>') ? readOutput(text) : undefined);

/** "The final answer is 42.", "**Answer:** 42": to the end of the sentence or of the line. */
function spoken(text: string): string | undefined {
  const last = [...text.matchAll(/\banswer[*_]{0,3}\s{0,3}(?:is|:|=)[:*_]{0,4}/gi)].at(-1);
  if (!last) return undefined;
  const behind = text.slice(last.index + last[0].length, last.index + last[0].length + 2 * maxAnswer);
  const line = behind.split('\n').find((each) => /[^\s*_]/.test(each)) ?? '';
  const end = /[.!?](?=[*_`"']{0,3}(?:\s|$))/.exec(line);
  const found = (end ? line.slice(0, end.index) : line).trim();
  return found === '' ? undefined : found;
}

/** The form of GSM8K. */
function hashed(text: string): string | undefined {
  const begin = text.lastIndexOf('####');
  return begin < 0
    ? undefined
    : text
        .slice(begin + 4)
        .trim()
        .split('\n', 1)[0];
}

function normalised(text: string): string {
  const bare = unparenthesised(
    text
      .replace(/\\(?:text|mathrm|mathbf)\{([^{}]*)\}/g, '$1')
      .replace(/\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}/g, '$1/$2')
      .replace(/\\[,;! ()[\]]/g, '')
      .replace(/\\([$%&#_])/g, '$1')
      .replaceAll('\u2212', '-')
      .replace(/[*`$€£¥"'“”‘’]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
      .trim()
      // From the first mark of a row alone: what ends in a letter has no row looked through twice.
      .replace(/(?<![.,;:!?])[.,;:!?]+$/, '')
      .trim(),
  );
  const plain = bare.replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  return numberOf(plain) ?? plain.toLowerCase().replace(/\s+/g, ' ');
}

function unparenthesised(text: string): string {
  const isPair = text.startsWith('(') && text.endsWith(')') && !text.slice(1, -1).match(/[()]/);
  return isPair ? text.slice(1, -1).trim() : text;
}

function numberOf(text: string): string | undefined {
  const [, over, under] = /^([+-]?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (over !== undefined && Number(under) !== 0) return String(Number(over) / Number(under));
  return /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) ? String(Number(text)) : undefined;
}
