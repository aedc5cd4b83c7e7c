import { expect, test } from 'vitest';
import { createLookUp } from '../../../../lambda/models/profiles/lookup.ts';
import { AwsError } from '../account.ts';

function lookUpWith(answers: (() => string)[]) {
  const clock = { now: 0 };
  let asked = 0;
  const lookUp = createLookUp({
    ttlMs: 900_000,
    now: () => clock.now,
    describe: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)]!;
      await Promise.resolve();
      return { underlying: answer() };
    },
  });
  const ask = (arn = 'a') => lookUp(arn, 'application-inference-profile', 'us-east-1');
  return { clock, ask, asked: () => asked };
}
const model = (id: string) => () => id;
const denied = () => {
  throw new AwsError('AccessDeniedException');
};

test('many who ask at once cost one question, remembered for the time to live', async () => {
  const { clock, ask, asked } = lookUpWith([model('m')]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
  expect(answers).toEqual(Array.from({ length: 20 }, () => ({ description: { underlying: 'm' } })));
  clock.now = 899_999;
  await ask();
  expect(asked()).toBe(1);
  clock.now = 900_000;
  await ask();
  expect(asked()).toBe(2);
});

test('a failure is an answer, remembered for a minute', async () => {
  const { clock, ask, asked } = lookUpWith([denied, model('m')]);
  expect(await ask()).toEqual({ failure: 'AccessDeniedException' });
  clock.now = 59_999;
  expect(await ask()).toEqual({ failure: 'AccessDeniedException' });
  expect(asked()).toBe(1);
  clock.now = 60_000;
  expect(await ask()).toEqual({ description: { underlying: 'm' } });
});

test('what was known outlives a failure', async () => {
  const { clock, ask } = lookUpWith([model('m'), denied]);
  await ask();
  clock.now = 900_000;
  expect(await ask()).toEqual({ description: { underlying: 'm' } });
});

test('a renewal that is late holds nobody up, and counts when it comes', async () => {
  const clock = { now: 0 };
  let answer: (description: { underlying: string }) => void = () => {};
  let inTime = true;
  const lookUp = createLookUp({
    ttlMs: 900_000,
    now: () => clock.now,
    settles: async (_, work) => {
      if (inTime) await work;
      return inTime;
    },
    describe: () =>
      clock.now === 0
        ? Promise.resolve({ underlying: 'old' })
        : new Promise((resolve) => {
            answer = resolve;
          }),
  });
  const ask = () => lookUp('a', 'application-inference-profile', 'us-east-1');
  expect(await ask()).toEqual({ description: { underlying: 'old' } });
  clock.now = 900_000;
  inTime = false;
  expect(await ask()).toEqual({ description: { underlying: 'old' } });
  expect(await ask()).toEqual({ description: { underlying: 'old' } });
  answer({ underlying: 'new' });
  await new Promise(setImmediate);
  expect(await ask()).toEqual({ description: { underlying: 'new' } });
});

test('no more than 1000 ARNs are remembered', async () => {
  const { ask, asked } = lookUpWith([model('m')]);
  for (let i = 0; i <= 1000; i++) await ask(`arn${i}`);
  expect(asked()).toBe(1001);
  await ask('arn1000');
  expect(asked()).toBe(1001);
  await ask('arn0');
  expect(asked()).toBe(1002);
});
