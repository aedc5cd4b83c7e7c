import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadProgram, type RunProgram } from '../../../lambda/sandbox/program.ts';
import { grade, promptOf } from '../../../local/evaluate/grade.ts';
import { ownSet } from '../../../local/evaluate/options.ts';
import { type Question, readQuestionSet } from '../../../local/evaluate/question-set.ts';
import { computed } from './recomputed.ts';
import { programs } from './reference-programs.ts';

/** The project's own questions: each answer is worked out again here, or shown to be possible. */

const { questions } = readQuestionSet(readFileSync(ownSet, 'utf8'), 'questions.jsonl');
const byId = new Map(questions.map((question) => [question.id, question]));
const of = (...kinds: string[]) => questions.filter(({ check }) => kinds.includes(check.kind));
const values = of('number', 'exact', 'choice').filter(({ topic }) => topic !== 'reading');

let run: RunProgram;
beforeAll(async () => {
  run = await loadProgram(() => {});
});
const judged = async ({ check }: Question, text: string) => (await grade(check, text, run)).right;
const fenced = (text: string) => `\`\`\`\n${text}\n\`\`\``;

test('there are 40, of six topics', () => {
  expect(questions).toHaveLength(40);
  const sizes = [...Map.groupBy(questions, ({ topic }) => topic)].map(([topic, each]) => [
    topic,
    each.length,
  ]);
  expect(Object.fromEntries(sizes)).toEqual({
    arithmetic: 7,
    logic: 6,
    puzzle: 7,
    code: 7,
    reading: 6,
    planning: 7,
  });
});

test.each(values)('$id: its answer is the one that comes out', async ({ id }) => {
  const question = byId.get(id) as Question;
  const answer = computed[id]?.(question.prompt);
  expect(answer).toBeDefined();
  expect(await judged(question, `Answer: ${answer}`)).toBe(true);
});

test.each(of('verify'))('$id: there is an answer, and its check knows it from others', async (question) => {
  const answer = computed[question.id]?.(question.prompt);
  expect(await judged(question, fenced(JSON.stringify(answer)))).toBe(true);
  const wrong = [(answer as unknown[]).slice(1), [...(answer as unknown[]), 'x']];
  for (const each of wrong) expect(await judged(question, fenced(JSON.stringify(each)))).toBe(false);
});

test.each(of('program'))('$id: a right program passes its tests, a wrong one does not', async (question) => {
  const { right = '', wrong = '' } = programs[question.id] ?? {};
  expect(await judged(question, fenced(right))).toBe(true);
  expect(await judged(question, fenced(wrong))).toBe(false);
});

describe('reading', () => {
  const reading = questions.filter(({ topic }) => topic === 'reading');

  // The passages are the project's own; what follows from them cannot be computed and was worked out by hand.
  test.each([
    ['berth-time', '09:15', '09:10'],
    ['berth-free', 'the trawler Brisa', 'the Dag'],
    ['will-mill', 'Signe', 'Thora'],
    ['will-law', 'Thora', 'the village school'],
    ['blight', '58', '69'],
    ['reading-room', 'B) because', 'D'],
  ])('%s: %s, and not %s', async (id, right, wrong) => {
    const question = byId.get(id) as Question;
    expect(await judged(question, `Answer: ${right}`)).toBe(true);
    expect(await judged(question, `Answer: ${wrong}`)).toBe(false);
  });

  test('all of them', () => {
    expect(reading.map(({ id }) => id)).toEqual([
      'berth-time',
      'berth-free',
      'will-mill',
      'will-law',
      'blight',
      'reading-room',
    ]);
  });
});

test('who only repeats what is asked, or says nothing, is never right', async () => {
  for (const question of questions) {
    for (const text of [promptOf(question), `You said: ${promptOf(question)}`, '', 'Answer:', fenced('')])
      expect([question.id, await judged(question, text)]).toEqual([question.id, false]);
  }
});
