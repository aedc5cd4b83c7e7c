import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Share } from '../../../lambda/techniques/budget.ts';

const shares = fc.array(fc.record({ certain: fc.integer({ min: 0, max: 5 }), answer: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});
/** Whose turn it is, and whether it is its answer. */
const turns = fc.array(fc.record({ who: fc.nat(3), isAnswer: fc.boolean() }), { maxLength: 60 });

test('no more calls begin than there are, and what a stage is certain to need is there whatever the others do', () => {
  fc.assert(
    fc.property(shares, fc.nat(10), turns, (wanted, spare, asked) => {
      const certain = wanted.map((each) => Math.max(each.certain, each.answer ? 1 : 0));
      const max = certain.reduce((sum, each) => sum + each, 0) + spare;
      const budget = new Budget(max);
      const all = wanted.map(({ certain, answer }) => new Share(certain, answer));
      for (const share of all) budget.open(share);
      const made = all.map(() => 0);
      for (const { who, isAnswer } of asked) {
        const i = who % all.length;
        const share = all[i] as Share;
        if (budget.take(share, isAnswer && share.answer) === undefined) made[i] = (made[i] ?? 0) + 1;
      }
      // Each still gets what it was certain to need.
      all.forEach((share, i) => {
        for (let left = share.certain - (share.answer ? 1 : 0); left > 0; left -= 1)
          if (budget.take(share, false) === undefined) made[i] = (made[i] ?? 0) + 1;
        if (share.answer && budget.take(share, true) === undefined) made[i] = (made[i] ?? 0) + 1;
        expect(made[i]).toBeGreaterThanOrEqual(certain[i] ?? 0);
      });
      expect(made.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(max);
    }),
  );
});

test('when the tokens are written nothing but an answer begins', () => {
  const budget = new Budget(10, 100);
  const share = new Share(3, true);
  budget.open(share);
  budget.wrote(100);
  expect(budget.take(share, false)).toBe('tokens');
  expect(budget.take(share, true)).toBeUndefined();
});

test('what a stage that has ended had kept is there for the others', () => {
  const budget = new Budget(3);
  const [one, other] = [new Share(2, false), new Share(1, false)];
  for (const share of [one, other]) budget.open(share);
  expect(budget.left(other)).toBe(1);
  budget.close(one);
  expect(budget.left(other)).toBe(3);
});
