import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded, shuffled } from '../../../local/evaluate/chance.ts';
import { bootstrap, mcnemar, quantile, signFlips, wilson } from '../../../local/evaluate/statistics.ts';

describe('Wilson’s interval', () => {
  // https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm has the formula; these are worked from it.
  test.each([
    [0, 10, 0, 0.2775],
    [0.5, 10, 0.2366, 0.7634],
    [1, 40, 0.9124, 1],
    [0.775, 40, 0.625, 0.8768],
    [0, 0, 0, 1],
  ])('of %f of %i is %f to %f', (share, n, low, high) => {
    const interval = wilson(share, n);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  test('holds its share, within 0 and 1, and is narrower the more there are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const { low, high } = wilson(share, n);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low - 1e-9).toBeLessThanOrEqual(share);
          expect(high + 1e-9).toBeGreaterThanOrEqual(share);
          const more = wilson(share, 4 * n);
          expect(more.high - more.low).toBeLessThan(high - low);
        },
      ),
    );
  });
});

describe('McNemar’s exact test', () => {
  test.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 0.0625],
    [6, 0, 0.03125],
    [0, 6, 0.03125],
    [8, 2, 0.109375],
    [3, 3, 1],
    [20, 5, 0.00408],
  ])('of %i and %i is %f', (gained, lost, p) => {
    expect(mcnemar(gained, lost)).toBeCloseTo(p, 5);
  });

  test('stays a probability for thousands', () => {
    expect(mcnemar(5000, 5000)).toBe(1);
    expect(mcnemar(5000, 4000)).toBeGreaterThanOrEqual(0);
    expect(mcnemar(5000, 4000)).toBeLessThan(1e-20);
  });

  test('is what sign flips come to where each was tried once', () => {
    const differences = [...Array(8).fill(1), ...Array(2).fill(-1), ...Array(30).fill(0)];
    expect(signFlips(differences, seeded(1))).toBeCloseTo(mcnemar(8, 2), 1);
    expect(signFlips(Array(10).fill(0), seeded(1))).toBe(1);
  });
});

describe('the bootstrap', () => {
  const differences = [...Array(8).fill(1), ...Array(2).fill(-1), ...Array(30).fill(0)];

  test('is the same for the same seed, and holds the mean', () => {
    const one = bootstrap(differences, seeded(7));
    expect(bootstrap(differences, seeded(7))).toEqual(one);
    expect(one.low).toBeLessThan(0.15);
    expect(one.high).toBeGreaterThan(0.15);
    // 0.15 ± 1.96 standard errors of these differences.
    expect(one.low).toBeCloseTo(0, 1);
    expect(one.high).toBeCloseTo(0.3, 1);
  });

  test('of nothing says nothing', () => {
    expect(bootstrap([], seeded(1))).toEqual({ low: -1, high: 1 });
  });

  test('covers what is true about as often as it says', () => {
    const random = seeded(3);
    let held = 0;
    const evaluations = 30;
    for (let i = 0; i < evaluations; i += 1) {
      // Each arm is right with the same chance: the difference is 0.
      const drawn = Array.from({ length: 40 }, () => Number(random() < 0.6) - Number(random() < 0.6));
      const { low, high } = bootstrap(drawn, random);
      if (low <= 0 && high >= 0) held += 1;
    }
    expect(held / evaluations).toBeGreaterThan(0.87);
  });
});

describe('chance', () => {
  test('is even, within 0 and 1, and of the seed alone', () => {
    const random = seeded(42);
    const drawn = Array.from({ length: 10_000 }, random);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const within = drawn.filter((x) => Math.floor(10 * x) === tenth).length;
      expect(within).toBeGreaterThan(850);
      expect(within).toBeLessThan(1150);
    }
    const again = seeded(42);
    expect(drawn.slice(0, 5)).toEqual(Array.from({ length: 5 }, again));
  });

  test('another order has the same items', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1 }), (items, seed) => {
        expect(shuffled(items, seeded(seed)).sort()).toEqual([...items].sort());
      }),
    );
  });

  test.each([
    [[3, 1, 2], 0.5, 2],
    [[5], 0.9, 5],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 10],
    [[], 0.5, undefined],
  ])('of %j the %f quantile is %j', (values, share, expected) => {
    expect(quantile(values, share)).toBe(expected);
  });
});
