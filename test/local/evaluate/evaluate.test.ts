import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Answer,
  type AnswersFile,
  openAnswers,
  type Subject,
} from '../../../local/evaluate/answers-file.ts';
import { AskError, type Asked, type Asking, costIn } from '../../../local/evaluate/ask.ts';
import { askAll } from '../../../local/evaluate/ask-all.ts';
import { seeded } from '../../../local/evaluate/chance.ts';
import { evaluate } from '../../../local/evaluate/evaluate.ts';
import type { Question } from '../../../local/evaluate/question-set.ts';
import { render } from '../../../local/evaluate/report.ts';
import { summarise } from '../../../local/evaluate/summary.ts';
import { noCredentials } from '../../support/no-credentials.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const questions: Question[] = Array.from({ length: 10 }, (_, i) => ({
  id: `q${i}`,
  topic: i < 5 ? 'easy' : 'hard',
  prompt: `What is ${i} and 1?`,
  check: { kind: 'number', value: i + 1 },
}));
const subject: Subject = { technique: 'bon', model: 'm', on: 'paper', set: 'abc' };

/** A model that is right where `knows` says so. */
function asker(knows: (asking: Asking, id: number) => boolean | AskError) {
  const asked: Asking[] = [];
  let open = 0;
  let most = 0;
  return {
    asked,
    most: () => most,
    ask: async (asking: Asking): Promise<Asked> => {
      asked.push(asking);
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      const id = Number(/\d+/.exec(asking.prompt)?.[0]);
      const isRight = knows(asking, id);
      if (isRight instanceof AskError) throw isRight;
      const calls = asking.technique === 'none' ? 1 : 6;
      const text = `Answer: ${isRight ? id + 1 : 99}`;
      return {
        text,
        calls,
        inputTokens: 10 * calls,
        outputTokens: calls,
        ms: 100,
        cutOff: false,
        warnings: [],
      };
    },
  };
}

const noPrograms = () => Promise.reject(new Error('no program is run here'));

async function asking(
  file: AnswersFile,
  model: ReturnType<typeof asker>,
  { repeat = 1, parallel = 3 }: { repeat?: number; parallel?: number } = {},
) {
  const rest = {
    technique: 'bon',
    model: 'm',
    maxTokens: undefined,
    runProgram: noPrograms,
    onAnswer: () => {},
  };
  return askAll({ questions, repeat, parallel, random: seeded(1), asker: model, file, ...rest });
}

const summaryOf = (answers: readonly Answer[], repeat = 1) =>
  summarise({ subject, questions, repeat, seed: 1, answers, failures: [], stopped: undefined });

describe('asking', () => {
  test('each question by both arms as often as is said, never more at once, and the plain model by `none`', async () => {
    const file = await openAnswers(join(folder, 'a.jsonl'), subject, false);
    const model = asker(() => true);
    const { answers, failures } = await asking(file, model, { repeat: 2, parallel: 3 });
    expect({ answers: answers.length, failures }).toEqual({ answers: 40, failures: [] });
    expect(model.most()).toBe(3);
    const techniques = model.asked.map(({ technique }) => technique);
    expect(techniques.filter((each) => each === 'none')).toHaveLength(20);
    expect(techniques.filter((each) => each === 'bon')).toHaveLength(20);
    // Neither arm has the better hour.
    expect(new Set(techniques.slice(0, 10)).size).toBe(2);
  });

  test('what is kept is not asked again, and what failed is', async () => {
    const path = join(folder, 'a.jsonl');
    const first = asker(({ technique }, id) =>
      technique === 'bon' && id === 3 ? new AskError(503, 'later') : true,
    );
    const one = await asking(await openAnswers(path, subject, false), first);
    expect(one).toMatchObject({ failures: ['q3, technique: later'] });
    expect(one.stopped).toBeUndefined();
    const second = asker(() => true);
    const other = await asking(await openAnswers(path, subject, false), second);
    expect(second.asked.map(({ prompt }) => prompt.split('\n')[0])).toEqual(['What is 3 and 1?']);
    expect(other.answers).toHaveLength(20);
    const third = asker(() => true);
    await asking(await openAnswers(path, subject, true), third);
    expect(third.asked).toHaveLength(20);
  });

  test('a refusal that would come again ends it at once; others do when they come five times in a row', async () => {
    const refused = asker(() => new AskError(403, 'This API key may not use it.'));
    const one = await asking(await openAnswers(join(folder, 'a.jsonl'), subject, false), refused, {
      parallel: 1,
    });
    expect(refused.asked).toHaveLength(1);
    expect(one.stopped).toMatch(/This API key may not use it/);
    const throttled = asker(() => new AskError(429, 'Too many.'));
    const two = await asking(await openAnswers(join(folder, 'b.jsonl'), subject, false), throttled, {
      parallel: 1,
    });
    expect(throttled.asked).toHaveLength(5);
    expect(two).toMatchObject({ answers: [], stopped: expect.stringMatching(/Too many/) });
  });
});

describe('the file of answers', () => {
  const path = () => join(folder, 'a.jsonl');
  const answer = (question: string): Answer => ({
    ...{
      question,
      arm: 'plain',
      repeat: 1,
      right: true,
      text: 'x',
      calls: 1,
      inputTokens: 1,
      outputTokens: 1,
      ms: 1,
    },
  });

  test('a line that was not finished is dropped, and the rest is there', async () => {
    const file = await openAnswers(path(), subject, false);
    await file.add(answer('q1'));
    await file.add(answer('q2'));
    await writeFile(path(), (await readFile(path(), 'utf8')).slice(0, -20));
    const again = await openAnswers(path(), subject, false);
    expect(again.answers).toEqual([answer('q1')]);
    await again.add(answer('q3'));
    expect((await openAnswers(path(), subject, false)).answers).toEqual([answer('q1'), answer('q3')]);
  });

  test('what is there is not written again: a full disk costs no answer that has been paid for', async () => {
    const file = await openAnswers(path(), subject, false);
    await file.add(answer('q1'));
    const long = new Date('2026-01-01');
    await utimes(path(), long, long);
    expect((await openAnswers(path(), subject, false)).answers).toEqual([answer('q1')]);
    expect((await stat(path())).mtime).toEqual(long);
  });

  test.each<[string, string, RegExp]>([
    ['of something else', 'hello\nworld\n', /a\.jsonl:1: this is no file of an evaluation/],
    [
      'of another model',
      `${JSON.stringify({ evaluation: { ...subject, model: 'other' } })}\n`,
      /has the answers of another evaluation .*"model":"other"/,
    ],
    [
      'with a damaged line',
      `${JSON.stringify({ evaluation: subject })}\n{"question":"q1"}\n`,
      /a\.jsonl:2: this is no answer/,
    ],
  ])('one %s is left alone', async (_, content, message) => {
    await writeFile(path(), content);
    await expect(openAnswers(path(), subject, false)).rejects.toThrow(message);
    expect(await readFile(path(), 'utf8')).toBe(content);
  });
});

describe('the report', () => {
  async function answersOf(knows: Parameters<typeof asker>[0], repeat = 1): Promise<Answer[]> {
    const file = await openAnswers(join(folder, 'r.jsonl'), subject, true);
    return (await asking(file, asker(knows), { repeat })).answers;
  }

  test('sums by arm, and the difference question by question', async () => {
    // The technique knows all but q0, the plain model the first four.
    const summary = summaryOf(
      await answersOf(({ technique }, id) => (technique === 'none' ? id < 4 : id > 0)),
    );
    expect(summary.plain).toMatchObject({
      answers: 10,
      right: 4,
      accuracy: 0.4,
      calls: 10,
      inputTokens: 100,
    });
    expect(summary.withTechnique).toMatchObject({ right: 9, calls: 60, outputTokens: 60, medianMs: 100 });
    expect(summary.difference).toMatchObject({
      questions: 10,
      gained: 6,
      lost: 1,
      p: expect.closeTo(0.125),
      test: 'McNemar, exact',
    });
    expect(summary.difference.accuracy).toBeCloseTo(0.5);
    expect(summary.topics).toEqual([
      { topic: 'easy', questions: 5, plain: 0.8, withTechnique: 0.8 },
      { topic: 'hard', questions: 5, plain: 0, withTechnique: 1 },
    ]);
    const text = render(summary);
    expect(text).toMatch(/right +4 of 10 +9 of 10\n/);
    expect(text).toMatch(/accuracy +40\.0 % \(17–69\) +90\.0 % \(60–98\)\n/);
    expect(text).toMatch(/cost +not known +not known\n/);
    expect(text).toMatch(/\+50\.0 points, 95 % from \+?-?[\d.]+ to \+[\d.]+\n/);
    expect(text).toMatch(
      /6 better with the technique, 1 worse\. McNemar, exact: p = 0\.125, which chance alone may/,
    );
    expect(text).not.toContain('simulator');
  });

  test('where nothing differs it says how little that proves', async () => {
    const text = render(summaryOf(await answersOf(() => true)));
    expect(text).toMatch(
      /No question tells the two apart\. Of others they may still answer up to 25\.9 % differently/,
    );
  });

  test('of several times each the trials of a question are no questions of their own', async () => {
    const summary = summaryOf(await answersOf(() => false, 4), 4);
    expect(summary.plain).toMatchObject({ answers: 40, right: 0 });
    expect(summary.plain.interval.high).toBeCloseTo(0.2775, 3);
    expect(summary.difference).toMatchObject({ questions: 10, test: 'sign flips', p: 1 });
  });

  test('a question that one arm has not answered is no pair', async () => {
    const answers = await answersOf(() => true);
    const summary = summaryOf(answers.filter(({ question, arm }) => question !== 'q1' || arm === 'plain'));
    expect(summary.difference.questions).toBe(9);
    expect(summary.plain.answers).toBe(10);
  });

  test('costs are added up where they are known, and never guessed', async () => {
    const answers = await answersOf(() => true);
    const some = answers.map((answer, i) => (i % 2 === 0 ? { ...answer, cost: '0.25' } : answer));
    const all = answers.map((answer) => ({ ...answer, cost: '0.001' }));
    expect(render(summaryOf(all))).toMatch(/cost +\$0\.0100 +\$0\.0100\n/);
    expect(render(summaryOf(some))).toMatch(/cost +at least \$[\d.]+ \(\d+ not known\)/);
  });

  test.each([
    [{ costUsd: '0.00012' }, '0.00012'],
    [{ unpriced: 'not_priced' }, undefined],
    [{ costUsd: 'unknown' }, undefined],
    [{}, undefined],
    [undefined, undefined],
  ])('of a record %j the cost is %j', (record, cost) => {
    expect(costIn(record)).toBe(cost);
  });
});

describe('npm run evaluate', () => {
  const env = { ...noCredentials, AWS_REGION: 'us-east-1' };
  beforeAll(() => vi.setConfig({ testTimeout: 60_000 }));
  afterAll(() => vi.resetConfig());

  async function command(...args: string[]) {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    let out = '';
    let err = '';
    const code = await evaluate(args, {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
      env: process.env,
    });
    return { code, out, err };
  }
  const model = ['--model', 'amazon.nova-lite-v1:0'];
  const kept = () => ['--answers', join(folder, 'answers.jsonl')];

  test('on the simulator: real calls through the whole gateway, and no word about a model', async () => {
    const { code, out, err } = await command(
      '--technique',
      ' bon( n = 2 ) ',
      ...model,
      '--simulator',
      '--limit',
      '6',
      ...kept(),
    );
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/12 of 12 answers\nThe answers are in /),
    });
    expect(out).toMatch(
      /^bon\(n=2\) on amazon\.nova-lite-v1:0: 6 questions, once each, on the simulator, us-east-1\n/,
    );
    expect(out).toMatch(/model calls +6 +24\n/);
    expect(out).toMatch(/right +0 of 6 +0 of 6\n/);
    expect(out).toMatch(/cost +\$0\.\d{4} +\$0\.\d{4}\n/);
    expect(out).toMatch(/The simulator does not think/);
    const again = await command(
      '--technique',
      'bon(n=2)',
      ...model,
      '--simulator',
      '--limit',
      '6',
      '--json',
      ...kept(),
    );
    const report = JSON.parse(again.out);
    expect(report).toMatchObject({ technique: 'bon(n=2)', on: 'the simulator, us-east-1', questions: 6 });
    expect(report.plain).toMatchObject({ answers: 6, calls: 6 });
    expect(again.err).not.toMatch(/of 12 answers/);
  });

  test('without credentials it says that it is on the simulator', async () => {
    const { code, out, err } = await command('--technique', 're2', ...model, '--limit', '1', ...kept());
    expect(code).toBe(0);
    expect(err).toMatch(/^On the simulator, because Bedrock cannot be called .*Insist with --aws/);
    expect(out).toMatch(/on the simulator/);
  });

  test('a model that cannot be called ends it with the gateway’s words', async () => {
    const { code, out, err } = await command(
      '--technique',
      'bon',
      '--model',
      'nova-lit',
      '--simulator',
      '--limit',
      '3',
      ...kept(),
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/nova-lit/);
  });

  test.each<[string[], number, RegExp]>([
    [[], 2, /--technique is missing/],
    [['--technique', 'bon'], 2, /--model is missing/],
    [['--technique', 'bon', ...model, 'x'], 2, /takes options only, not x/],
    [['--technique', 'bon', ...model, '--wat'], 2, /--wat/],
    [['--technique', 'bon', ...model, '--aws', '--simulator'], 2, /not both/],
    [
      ['--technique', 'bon', ...model, '--parallel', '33'],
      2,
      /--parallel must be a whole number from 1 to 32, not 33/,
    ],
    [
      ['--technique', 'bon', ...model, '--repeat', '0'],
      2,
      /--repeat must be a whole number from 1 to 100, not 0/,
    ],
    [['--technique', 'bon', ...model, '--limit', 'many'], 2, /--limit must be a whole number/],
    [['--technique', 'bun', ...model, '--simulator'], 1, /There is no technique `bun`/],
    [
      ['--technique', 'bon(n=9)', ...model, '--simulator'],
      1,
      /n of `bon` must be a whole number from 1 to 8/,
    ],
    [['--technique', 're2|bon', ...model, '--simulator'], 2, /gives 2 answers, and one is compared/],
    [['--technique', 'none', ...model, '--simulator'], 2, /does nothing/],
    [
      ['--technique', 'pvg(rounds=4)', ...model, '--simulator'],
      2,
      /at least 51 calls, and OPTIMISATION_MAX_CALLS is 32/,
    ],
    [
      ['--technique', 'bon', '--model', 'moa-amazon.nova-lite-v1:0', '--simulator'],
      2,
      /asks for a technique by itself/,
    ],
    [
      ['--technique', 'bon', ...model, '--set', '/nonexistent/x.jsonl'],
      2,
      /--set \/nonexistent\/x\.jsonl cannot be read \(ENOENT/,
    ],
  ])('refuses %j', async (args, status, message) => {
    const { code, out, err } = await command(...args);
    expect({ code, out }).toEqual({ code: status, out: '' });
    expect(err).toMatch(message);
  });

  test('a damaged set is refused by its lines, and nothing is asked', async () => {
    const set = join(folder, 'set.jsonl');
    await writeFile(set, `${JSON.stringify(questions[0])}\n{"id":"x"}\nnot json\n`);
    const { code, out, err } = await command('--technique', 'bon', ...model, '--set', set);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/set\.jsonl:2: \.prompt is missing\nset\.jsonl:3: this is no JSON/);
  });

  test('--help', async () => {
    expect(await command('--help')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: npm run evaluate/),
    });
  });
});
