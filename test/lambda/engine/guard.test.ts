import { expect, test } from 'vitest';
import { type Guard, type Guarding, passedBy } from '../../../lambda/engine/guard.ts';

const guard = (guardrailIdentifier: string, guardrailVersion = '1'): Guard => ({
  guardrail: { guardrailIdentifier, guardrailVersion },
  isAsked: false,
});

interface Passed {
  guard: Guard | undefined;
}

/** The guards that looked at a request, and what each step was sent as it had passed. */
async function steps(...guards: (Guard | undefined)[]) {
  const running: Guarding<Passed> = {};
  const looked: (string | undefined)[] = [];
  const sent: (string | undefined)[] = [];
  for (const each of guards) {
    const passed = await passedBy(running, each, async () => {
      looked.push(each?.guardrail.guardrailIdentifier);
      return { guard: each };
    });
    expect(running.passed).toBe(passed);
    sent.push(passed.guard?.guardrail.guardrailIdentifier);
  }
  return { looked, sent };
}

test('steps that take turns between two guardrails have each look once', async () => {
  const turns = Array.from({ length: 50 }, (_, i) => guard(i % 2 ? 'one' : 'other'));
  expect((await steps(...turns)).looked).toEqual(['other', 'one']);
});

test('another version is another guardrail', async () => {
  expect((await steps(guard('one'), guard('one', '2'), guard('one'))).looked).toEqual(['one', 'one']);
});

test('what has passed one goes where there is none, and what has passed none goes nowhere else', async () => {
  expect(await steps(guard('one'), undefined)).toEqual({ looked: ['one'], sent: ['one', 'one'] });
  expect(await steps(undefined, guard('one'))).toEqual({
    looked: [undefined, 'one'],
    sent: [undefined, 'one'],
  });
});

test('what a guardrail blocks has passed nothing', async () => {
  const running: Guarding<Passed> = {};
  const blocked = () => Promise.reject(new Error('blocked'));
  await expect(passedBy(running, guard('one'), blocked)).rejects.toThrow('blocked');
  await expect(passedBy(running, guard('one'), blocked)).rejects.toThrow('blocked');
  expect(running.passed).toBeUndefined();
});
