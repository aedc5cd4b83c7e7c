import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noTokens } from '../../../lambda/accounting/tokens.ts';
import { createPricing } from '../../../lambda/prices/load.ts';
import { usdText } from '../../../lambda/prices/money.ts';
import { priceTable } from '../../../lambda/prices/table.ts';
import type { Bound, CalledModel } from '../../../lambda/prices/types.ts';

const pricing = createPricing({ prices: {} });
const at = Date.UTC(2026, 10, 28);

/** Every id by which a priced model can be called, in the regions where its rows differ. */
const callable = Object.entries(priceTable.models).flatMap(([id, { prices, regions = {} }]) =>
  Object.entries(prices).flatMap(([scope, rows]) => {
    const inRegions = ['us-east-1', ...Object.keys(regions)];
    if (scope === 'region' || scope === 'mantle')
      return inRegions.map((region): CalledModel => ({ modelId: id, region, at }));
    const profiles = scope === 'geo' ? (rows[0]?.profiles ?? []) : [scope];
    return profiles.map((profile): CalledModel => ({ modelId: `${profile}.${id}`, region: 'us-east-1', at }));
  }),
);

/** A bound, and tokens within it: parts of its input, at the lifetimes that it has. */
const boundAndUse = fc
  .record({
    input: fc.oneof(fc.nat(1000), fc.nat(400_000)),
    output: fc.oneof(fc.nat(1000), fc.nat(200_000)),
    cacheWrite: fc.constantFrom<Bound['cacheWrite'][]>(undefined, '5m', '1h'),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  })
  .map(({ cuts: [all = 0, fresh = 0, read = 0, short = 0, written = 0, answered = 0], ...bound }) => {
    const shares = [fresh, read, bound.cacheWrite ? short : 0, bound.cacheWrite === '1h' ? written : 0];
    const sum = shares.reduce((one, other) => one + other, 0) || 1;
    const part = (share = 0) => Math.floor((bound.input * all * share) / sum);
    const [input, cacheRead, cacheWrite, cacheWriteLong] = shares;
    return {
      bound,
      tokens: {
        input: part(input),
        cacheRead: part(cacheRead),
        cacheWrite: part(cacheWrite),
        cacheWriteLong: part(cacheWriteLong),
        output: Math.floor(bound.output * answered),
      },
    };
  });

describe('the bound of a request', () => {
  test('is never below what anything within it costs, for any model, tier and lifetime', () => {
    expect(callable.length).toBeGreaterThan(300);
    const tiers = fc.constantFrom(undefined, 'default', 'flex', 'priority', 'batch', 'ultrafast', 'reserved');
    fc.assert(
      fc.property(fc.constantFrom(...callable), boundAndUse, tiers, (model, { bound, tokens }, tier) => {
        const { pico: most } = pricing.bound(model, bound, tier);
        const { pico } = pricing.cost(model, tokens, tier);
        if (most === null || pico === null) return;
        expect(pico <= most, `${model.modelId} ${pico} > ${most}`).toBe(true);
        // Another tier than the one asked for may serve.
        const standard = pricing.cost(model, tokens);
        if (standard.pico !== null) expect(standard.pico <= most).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('is known wherever a cost of input and output is', () => {
    for (const model of callable) {
      const cost = pricing.cost(model, { ...noTokens, input: 1, output: 1 });
      if (cost.pico !== null) expect(pricing.bound(model, { input: 1, output: 1 }).pico).not.toBeNull();
    }
  });

  test('counts a long input at the row for long ones', () => {
    const model = { modelId: 'global.openai.gpt-6-sol', region: 'us-east-1', at };
    const short = pricing.bound(model, { input: 272_000, output: 1000 });
    const long = pricing.bound(model, { input: 272_001, output: 1000 });
    // The model writes its cache by itself, at 1.25 of the input's price.
    expect(short.pico && usdText(short.pico)).toBe('0.69');
    expect(long.pico && usdText(long.pico)).toBe('1.375005');
  });

  test('counts cache writes only at the lifetime that is asked for', () => {
    const model = { modelId: 'global.anthropic.claude-sonnet-5-5', region: 'us-east-1', at };
    const of = (cacheWrite?: '5m' | '1h') =>
      pricing.bound(model, { input: 1000, output: 0, cacheWrite }).pico;
    expect([of(), of('5m'), of('1h')]).toEqual([2_000_000_000n, 2_500_000_000n, 4_000_000_000n]);
  });

  test('of a bare id covers the profiles that may stand in for it', () => {
    const bare = { modelId: 'anthropic.claude-sonnet-5-5', region: 'eu-west-1', at };
    const profile = { ...bare, modelId: 'eu.anthropic.claude-sonnet-5-5' };
    const of = { input: 1000, output: 1000 };
    expect(pricing.bound(bare, of)).toEqual(pricing.bound(profile, of));
    expect(pricing.cost(bare, { ...noTokens, input: 1 }).pico).toBeNull();
  });

  test('is null where a price is missing, with the reason', () => {
    const none = { modelId: 'zai.glm-4.6', region: 'us-east-1', at };
    expect(pricing.bound(none, { input: 1, output: 1 })).toEqual({ pico: null, reason: 'not_priced' });
    const embeds = { ...none, modelId: 'amazon.titan-embed-text-v2:0' };
    expect(pricing.bound(embeds, { input: 1, output: 1 })).toMatchObject({ missing: 'output' });
    expect(pricing.bound(embeds, { input: 1, output: 0 }).pico).toBe(20_000n);
  });
});
