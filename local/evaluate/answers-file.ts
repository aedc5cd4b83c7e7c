import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export const arms = ['plain', 'technique'] as const;
export type Arm = (typeof arms)[number];

/** One answer of an evaluation, as it is kept: a line. */
export interface Answer {
  question: string;
  arm: Arm;
  /** Counted from 1. */
  repeat: number;
  right: boolean;
  /** What was read of the text; absent: it has no answer in the form that was asked for. */
  read?: string;
  text: string;
  cutOff?: true;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  ms: number;
  cost?: string;
  warnings?: string[];
}

/** What answers belong to: one of another cannot be taken for one of this. */
export interface Subject {
  technique: string;
  model: string;
  on: string;
  /** Digest of the set. */
  set: string;
  maxTokens?: number;
}

/** Where the answers of an evaluation are kept, so that one that was ended goes on. */
export interface AnswersFile {
  path: string;
  /** What was there already. */
  answers: Answer[];
  add(answer: Answer): Promise<void>;
}

/** A file that cannot be gone on with. */
export class AnswersError extends Error {
  override name = 'AnswersError';
}

export const usualPath = (subject: Subject): string => `.evaluations/${digestOf(subject).slice(0, 16)}.jsonl`;

const digestOf = (subject: Subject): string =>
  createHash('sha256').update(JSON.stringify(subject)).digest('hex');

/** Reads what is there, or begins a new file. Throws an AnswersError for one of something else, or with a damaged line. */
export async function openAnswers(path: string, subject: Subject, fresh: boolean): Promise<AnswersFile> {
  const content = fresh ? undefined : await readFile(path, 'utf8').catch(noFile);
  const answers = content === undefined ? [] : readAnswers(content, path, subject);
  await mkdir(dirname(path), { recursive: true });
  const whole = content?.slice(0, content.lastIndexOf('\n') + 1) ?? '';
  if (whole.trim() === '') await writeFile(path, `${JSON.stringify({ evaluation: subject })}\n`);
  // Answers have been paid for: they are not written again, a last line that was cut off is taken away behind them.
  else if (whole !== content) await truncate(path, Buffer.byteLength(whole));
  return { path, answers, add: (answer) => appendFile(path, `${JSON.stringify(answer)}\n`) };
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function readAnswers(content: string, path: string, subject: Subject): Answer[] {
  // What stands behind the last line break is nothing, or a line whose writer was ended.
  const [head, ...rest] = content.split('\n').slice(0, -1);
  const begun = head === undefined ? undefined : (parsed(head) as { evaluation?: Subject } | undefined);
  if (!begun?.evaluation) {
    if (content.trim() === '') return [];
    throw new AnswersError(`${path}:1: this is no file of an evaluation. Name another with --answers.`);
  }
  if (digestOf(begun.evaluation) !== digestOf(subject))
    throw new AnswersError(
      `${path} has the answers of another evaluation (${JSON.stringify(begun.evaluation)}). Name another file with --answers, or begin anew with --fresh.`,
    );
  return rest.map((line, i) => {
    const answer = parsed(line);
    if (!isAnswer(answer))
      throw new AnswersError(
        `${path}:${i + 2}: this is no answer. Take the line out, or begin anew with --fresh.`,
      );
    return answer;
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  const { question, arm, repeat, right, calls, inputTokens, outputTokens, ms } = value as Partial<Answer>;
  return (
    typeof question === 'string' &&
    arms.some((each) => each === arm) &&
    typeof right === 'boolean' &&
    [repeat, calls, inputTokens, outputTokens, ms].every((each) => Number.isFinite(each))
  );
}
