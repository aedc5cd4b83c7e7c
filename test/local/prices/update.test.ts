import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { priceTable } from '../../../lambda/prices/table.ts';
import { readSnapshot, type Snapshot, type SnapshotModel } from '../../../local/prices/snapshot.ts';
import { asText, toTable } from '../../../local/prices/to-table.ts';
import { update } from '../../../local/prices/update.ts';

const file = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const projects = readSnapshot(file('local/prices/snapshot.json'));

const price = (input: number, sources = 'GL', more: object = {}): SnapshotModel => ({
  kind: 'text',
  prices: { global: { input, output: 4 * input, sources, ...more } },
});
const snapshot = (asOf: string, models: Snapshot['models']): Snapshot => ({
  asOf,
  sources: Object.fromEntries([...'ACGLMP'].map((letter) => [letter, { name: letter, date: asOf }])),
  models,
});
const before = snapshot('2026-08-01', { 'openai.gpt-x': price(5) });
const start = { snapshot: before, table: toTable(before) };
const next = (model: SnapshotModel | undefined, accepted: string[] = [], asOf = '2026-08-21') =>
  update(JSON.stringify(snapshot(asOf, model ? { 'openai.gpt-x': model } : {})), start, accepted);
const refusals = ({ changes }: ReturnType<typeof next>) => changes.flatMap(({ refused }) => refused ?? []);

describe('the table of the project', () => {
  test('is that of its snapshot', () => {
    expect(asText(toTable(projects, priceTable))).toBe(file('lambda/prices/table.json'));
    expect(priceTable.asOf).toBe(projects.asOf);
  });
  test('has every price that the snapshot has, as a whole number of pico-dollars', () => {
    for (const { prices, regions = {} } of Object.values(priceTable.models))
      for (const { tokens = [], long } of [...Object.values(prices), ...Object.values(regions)].flat())
        for (const usd of [...tokens, ...(long?.tokens ?? [])])
          if (usd !== null) expect(usd * 1e6).toBeCloseTo(Math.round(usd * 1e6), 5);
  });
});

describe('a newer snapshot', () => {
  test('that two sources agree on is taken, and the old price stays for the days before', () => {
    const { changes, result } = next(price(4));
    expect(changes.map(({ what }) => what)).toEqual([
      'global input 5 → 4 (-20 %)',
      'global output 20 → 16 (-20 %)',
    ]);
    expect(result?.table.models['openai.gpt-x']?.prices).toEqual({
      global: [{ from: '2026-08-21', tokens: [4, 16] }, { tokens: [5, 20] }],
    });
    const again = update(JSON.stringify(result?.snapshot), result ?? start, []);
    expect(again).toEqual({ changes: [], result });
  });
  test('of which one source alone says so is refused, unless it was looked at', () => {
    expect(refusals(next(price(4, 'L')))).toEqual(Array(2).fill('one source says so, 2 are needed'));
    expect(next(price(4, 'L')).result).toBeUndefined();
    expect(next(price(4, 'L'), ['openai.gpt-x']).result).toBeDefined();
    expect(next(price(4, 'L'), ['*']).result).toBeDefined();
    expect(() => next(price(4), ['openai.gpt-y'])).toThrow('Neither snapshot has openai.gpt-y.');
  });
  test('a source that says something else does not count, nor does one of limits', () => {
    const disagreeing = {
      ...price(4, 'GL'),
      disagreements: { global: { input: { L: 4, G: 5 }, output: { L: 16, G: 20 } } },
    };
    expect(refusals(next(disagreeing))).toHaveLength(2);
    expect(refusals(next(price(4, 'AL')))).toHaveLength(2);
    expect(refusals(next(price(4, 'GLM')))).toEqual([]);
  });
  test('a change of two per cent needs no second source', () => {
    expect(refusals(next(price(5.1, 'L')))).toEqual([]);
    expect(refusals(next(price(5.11, 'L')))).toHaveLength(2);
  });
  test('a slip of the point is refused whoever says it, and so is a price of 0', () => {
    expect(refusals(next(price(50, 'GLM')))).toHaveLength(2);
    expect(refusals(next(price(0, 'GLM')))).toHaveLength(2);
  });
  test('a price that would be lost is refused: the model, its scope, one kind of token', () => {
    expect(refusals(next(undefined))).toHaveLength(1);
    expect(refusals(next({ kind: 'text', prices: null }))).toHaveLength(1);
    const known = snapshot('2026-08-01', { 'openai.gpt-x': price(5, 'GL', { cacheRead: 0.5 }) });
    const lost = update(
      JSON.stringify(snapshot('2026-08-02', { 'openai.gpt-x': price(5) })),
      { snapshot: known, table: toTable(known) },
      [],
    );
    expect(refusals(lost)).toEqual(['a known price would be lost']);
  });
  test('a price that is lost with leave is not known from that day on', () => {
    const { result } = next({ kind: 'text', prices: null }, ['*']);
    expect(result?.table.models['openai.gpt-x']?.prices.global).toEqual([
      { from: '2026-08-21' },
      { tokens: [5, 20] },
    ]);
  });
  test('new models and new scopes are taken, and what a new model costs holds for all days', () => {
    const more = snapshot('2026-08-21', { ...before.models, 'openai.gpt-y': price(1, 'L') });
    const { changes, result } = update(JSON.stringify(more), start, []);
    expect(changes).toEqual([{ model: 'openai.gpt-y', what: 'new' }]);
    expect(result?.table.models['openai.gpt-y']?.prices.global).toEqual([{ tokens: [1, 4] }]);
  });
  test('that is older is refused', () => {
    expect(() => next(price(5), [], '2026-07-31')).toThrow('already of 2026-08-01');
  });
});

describe('a file that is none', () => {
  test.each([
    ['nonsense', 'the file'],
    ['{"asOf":"yesterday","sources":{},"models":{}}', 'asOf must be a day'],
    [JSON.stringify(snapshot('2026-08-01', { a: price(1) })), 'models'],
    [
      JSON.stringify(snapshot('2026-08-01', { 'a.b': price(-1) })),
      'models.a.b.prices.global.input must be at least',
    ],
    [JSON.stringify(snapshot('2026-08-01', { 'a.b': price(1, 'Z') })), 'names the source Z'],
    [
      JSON.stringify(snapshot('2026-08-01', { 'a.b': price(1, 'G', { prompt: 1 }) })),
      'models.a.b.prices.global.prompt',
    ],
  ])('%s: every fault is named', (text, message) => expect(() => readSnapshot(text)).toThrow(message));
});
