import { describe, expect, test } from 'vitest';
import { csvOf } from '../../../lambda/admin/export.ts';
import { costSeries, figuresOf, type Gathered, type Standing } from '../../../lambda/admin/figures.ts';
import { dollars, milliseconds, tokens } from '../../../lambda/admin/text.ts';
import { daysUntil } from '../../../lambda/limits/days.ts';
import { noUse, type Row, type Use, within } from '../../../lambda/limits/use.ts';
import { createPricing } from '../../../lambda/prices/load.ts';

const at = Date.parse('2026-11-28T12:00:00Z');
const pico = 10n ** 12n;
const row = (day: string, key: string, model: string, use: Partial<Use>): Row => ({
  day,
  key,
  model,
  use: { ...noUse, ...use },
});
const prices = createPricing({ prices: { '*': { input: 4, output: 8, cacheRead: 1, cacheWrite: 5 } } });
const gathered = (rows: Row[], more: Partial<Gathered> = {}) =>
  figuresOf({
    days: daysUntil(at, 30),
    rows,
    keys: [],
    standings: new Map(),
    prices,
    called: (modelId) => ({ modelId, region: 'us-east-1', at }),
    ...more,
  });

describe('the figures', () => {
  test('of this month leave out the days of the month before', () => {
    const rows = [
      row('2026-10-31', 'ann', 'm', { costPico: 5n * pico, requests: 1 }),
      row('2026-11-01', 'ann', 'm', { costPico: 2n * pico, requests: 1 }),
    ];
    const { month, keys } = gathered(rows);
    expect(month.costPico).toBe(2n * pico);
    expect(keys[0]?.use.costPico).toBe(7n * pico);
  });

  test('what the cache has saved is what reading would have cost, less what it cost, writing included', () => {
    const use = { cacheReadTokens: 1_000_000, cacheWriteTokens: 100_000 };
    expect(gathered([row('2026-11-02', 'ann', 'm', use)]).savedPico).toBe((4400n - 1500n) * (pico / 1000n));
    expect(gathered([row('2026-11-02', 'ann', 'm', { inputTokens: 5 })]).savedPico).toBeUndefined();
  });

  test('what is reserved is what a budget’s counter has beyond what was spent', () => {
    const standing = (used: bigint): Standing => ({
      view: {},
      day: undefined,
      month: { usedPico: used, limitPico: 100n * pico },
    });
    const rows = [row('2026-11-02', 'ann', 'm', { costPico: 2n * pico })];
    const reserved = (used: bigint) =>
      gathered(rows, { standings: new Map([['ann', standing(used)]]) }).reservedPico;
    expect(reserved(5n * pico)).toBe(3n * pico);
    expect(reserved(1n * pico)).toBe(0n);
  });

  test('the chart has the six largest and the rest together, and nothing is lost', () => {
    const rows = Array.from({ length: 9 }, (_, which) =>
      row('2026-11-28', 'ann', `m${which}`, { costPico: BigInt(which + 1) * pico }),
    );
    const series = costSeries(gathered(rows), 'model');
    expect(series.map(({ name }) => name)).toEqual(['m8', 'm7', 'm6', 'm5', 'm4', 'm3', 'all others']);
    expect(series.flatMap((each) => each.pico).reduce((sum, each) => sum + each, 0n)).toBe(45n * pico);
  });
});

test('a share of a histogram is within the bound of its bucket', () => {
  const histogram = [0, 9, 0, 0, 1, ...Array(7).fill(0)];
  expect(within(histogram, 0.5)).toBe(250);
  expect(within(histogram, 0.95)).toBe(2000);
  expect(within([...Array(11).fill(0), 3], 0.5)).toBe(Number.POSITIVE_INFINITY);
  expect(within(Array(12).fill(0), 0.5)).toBeUndefined();
});

test('figures as people read them', () => {
  expect(dollars(1_234_567_000_000_000n)).toBe('$1,234.57');
  expect(dollars(0n, 3)).toBe('≥ $0.00');
  expect(dollars(1_234_000_000n)).toBe('$0.0012');
  expect(tokens(1_234_567)).toBe('1.23 M');
  expect(milliseconds(Number.POSITIVE_INFINITY)).toBe('> 180 s');
});

test('CSV keeps what has commas, quotes and lines, and defuses formulas', () => {
  const lines = [{ a: 'x,"y"\n', b: '@SUM(A1)', c: '-5', d: null, e: 1.5, f: '-x' }];
  expect(csvOf(lines)).toBe(`a,b,c,d,e,f\r\n"x,""y""\n",'@SUM(A1),-5,,1.5,'-x\r\n`);
});
