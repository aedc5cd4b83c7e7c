import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, counters, hold, modelCalls, settled, startLimited, until } from '../support/limited.ts';
import { quickClock } from '../support/quick-clock.ts';
import type { Stack } from '../support/stack.ts';

const clock = quickClock();
/** Nothing rolls while a test runs: the clock stands a second after the beginning of a day. */
clock.forward(86_400_000 - (clock.now() % 86_400_000) + 1000);

let stack: Stack;
beforeAll(async () => {
  stack = await startLimited({
    keys: {
      thirty: { limits: { dollarsPerDay: 4.5 } },
      member: { limits: { dollarsPerDay: 100 }, team: 'thirty' },
      sixty: { limits: { requestsPerMinute: 60 } },
      two: { limits: { concurrent: 2 } },
    },
    teams: { thirty: { dollarsPerMonth: 4.5 } },
    gateway: { clock },
  });
});
afterAll(() => stack.close());

/** Its answer has as many tokens as it may have, so that what is reserved is what is spent. */
const whole = { messages: [{ role: 'user', content: '[[events:2000]] Hello' }] };
const count = (answers: { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

describe('200 requests at once against a budget for exactly 30', () => {
  test.each([
    ['a key’s', 'thirty', 'KEY#thirty', 'dayPico'],
    ['a team’s', 'member', 'TEAM#thirty', 'monthPico'],
  ])(
    '%s: 30 reach Bedrock, and the counter says so',
    async (_, key, pk, counter) => {
      stack.simulator.calls.length = 0;
      const answers = await Promise.all(Array.from({ length: 200 }, () => ask(stack, key, whole)));
      expect([count(answers, 200), count(answers, 429)]).toEqual([30, 170]);
      expect(modelCalls(stack)).toHaveLength(30);
      await settled(stack);
      expect(counters(stack, pk)[counter]).toBe('4500000000000');
    },
    120_000,
  );
});

test('O09 of 100 at once at 60 a minute, 60 are admitted, and one more in the next minute', async () => {
  stack.simulator.calls.length = 0;
  clock.forward(60_000 - (clock.now() % 60_000) + 100);
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(stack, 'sixty')));
  expect([count(answers, 200), count(answers, 429)]).toEqual([60, 40]);
  expect(modelCalls(stack)).toHaveLength(60);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body.error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
  expect(Object.fromEntries(refused?.headers ?? [])).toMatchObject({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': expect.stringMatching(/^[3-5]\d(?:\.\d+)?s$/),
    'retry-after': expect.stringMatching(/^(?:[3-5]\d|60)$/),
  });
  expect(new Set(answers.map(({ headers }) => headers.get('x-ratelimit-remaining-requests'))).size).toBe(60);
  clock.forward(60_000);
  expect((await ask(stack, 'sixty')).headers.get('x-ratelimit-remaining-requests')).toBe('59');
}, 120_000);

test('two at a time of many: never more, and all places are free in the end', async () => {
  stack.simulator.calls.length = 0;
  const release = hold(stack);
  const answers = Array.from({ length: 6 }, () => ask(stack, 'two'));
  let over = 0;
  for (const answer of answers) void answer.then(() => (over += 1));
  await until(() => over === 4);
  expect(modelCalls(stack)).toHaveLength(2);
  release();
  const told = await Promise.all(answers);
  expect([count(told, 200), count(told, 429)]).toEqual([2, 4]);
  await settled(stack);
  expect(counters(stack, 'KEY#two').openSlots).toBeUndefined();
}, 60_000);
