import { describe, expect, test } from 'vitest';
import { noTokens } from '../../../lambda/accounting/tokens.ts';
import { ConfigError } from '../../../lambda/config.ts';
import { createPricing } from '../../../lambda/prices/load.ts';
import { readOverrides } from '../../../lambda/prices/read-overrides.ts';
import { priceTable } from '../../../lambda/prices/table.ts';
import { refusedByFunction } from '../../../lib/settings/environment.ts';

const at = Date.UTC(2026, 10, 28);
const input = { ...noTokens, input: 1_000_000 };
const usdOf = (prices: Record<string, unknown>, modelId: string, underlying?: string) => {
  const { pico } = createPricing({ prices }).cost({ modelId, underlying, region: 'us-east-1', at }, input);
  return pico === null ? null : Number(pico / 1_000_000n) / 1e6;
};

describe('prices of the settings', () => {
  const imported = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abc123';
  const sonnet = 'us.anthropic.claude-sonnet-5-5';

  test('reach a model by every name that it has, and make one priced that was not', () => {
    expect(usdOf({ [imported]: { input: 3 } }, imported)).toBe(3);
    expect(usdOf({ 'imported-model/abc123': { input: 3 } }, imported)).toBe(3);
    expect(usdOf({ abc123: { input: 3 } }, imported)).toBe(3);
    expect(usdOf({ 'anthropic.claude-sonnet-5-5': { input: 3 } }, sonnet)).toBe(3);
    expect(usdOf({ 'zai.*': { input: 3 } }, 'zai.glm-4.6')).toBe(3);
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x1';
    expect(usdOf({ 'anthropic.claude-*': { input: 3 } }, profile, 'anthropic.claude-sonnet-5-5')).toBe(3);
    expect(usdOf({ 'openai.*': { input: 3 } }, sonnet)).toBe(2.2);
  });
  test('a whole name comes before a pattern, a longer pattern before a shorter', () => {
    const prices = { '*': { input: 1 }, 'us.anthropic.*': { input: 3 }, 'us.*': { input: 2 } };
    expect(usdOf(prices, sonnet)).toBe(3);
    expect(usdOf({ ...prices, [sonnet]: { input: 4 } }, sonnet)).toBe(4);
    expect(usdOf(prices, 'zai.glm-4.6')).toBe(1);
  });
  test('a factor reaches every tier of every model, whether it has prices of its own or a share of others', () => {
    const cost = (prices: object, modelId: string, tier: string) =>
      createPricing({ prices: { ...prices } }).cost({ modelId, region: 'us-east-1', at }, input, tier).pico;
    const wrong = Object.keys(priceTable.models).flatMap((modelId) =>
      ['flex', 'priority', 'batch'].filter((tier) => {
        const plain = cost({}, modelId, tier);
        return plain !== null && cost({ '*': { factor: 2 } }, modelId, tier) !== 2n * plain;
      }),
    );
    expect(wrong).toEqual([]);
  });
  test('an entry may be a factor on every price, rounded up to whole pico-dollars', () => {
    expect(usdOf({ 'us.*': { factor: 0.8 } }, sonnet)).toBe(1.76);
    const { listed } = createPricing({ prices: { '*': { factor: 0.3333 } } });
    const nova = { modelId: 'us.amazon.nova-micro-v1:0', region: 'us-east-1', at };
    expect(listed(nova)?.input).toBe('0.000000011666');
  });
  test('what an entry leaves out stays, long inputs too; null takes their row away', () => {
    const haiku = { modelId: 'global.anthropic.claude-haiku-5-5', region: 'us-east-1', at };
    const long = (entry: object) =>
      createPricing({ prices: { 'global.*': entry } }).cost(haiku, input).pico ?? 0n;
    expect(long({ input: 0.08 })).toBe(500_000_000_000n);
    expect(long({ input: 0.08, longContext: null })).toBe(80_000_000_000n);
    expect(long({ longContext: { inputTokensAbove: 5, input: 9, output: 1 } })).toBe(9_000_000_000_000n);
  });
});

describe('what cannot be used', () => {
  const of = (prices: Record<string, unknown>) => {
    try {
      readOverrides(prices);
      return '';
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as ConfigError).message;
    }
  };
  test.each([
    [{ a: { input: -1 } }, 'PRICES "a" "input" is -1: must be an amount of USD'],
    [{ a: { input: 'cheap' } }, 'PRICES "a" "input" is "cheap": must be an amount of USD'],
    [{ a: { input: 0.0000001 } }, 'PRICES "a" "input" is 1e-7: has more than 6 decimals'],
    [{ a: { prompt: 1 } }, 'PRICES "a" "prompt" is unknown: the members are input, output'],
    [{ a: 1 }, 'PRICES "a" is 1: must be an object with input'],
    [{ 'a*b': {} }, 'PRICES "a*b" has a * before its end'],
    [{ a: [] }, 'PRICES "a" must be an object with input'],
    [{ a: { tiers: 3 } }, 'PRICES "a" "tiers" is 3: must be an object with factors by tier'],
    [{ a: { tiers: { flex: 'x' } } }, 'PRICES "a" "tiers" "flex" is "x": must be a factor up to 100'],
    [{ a: { longContext: { inputTokensAbove: 1.5 } } }, 'is 1.5: must be a whole number of tokens'],
    [{ a: { input: '1e3' } }, 'PRICES "a" "input" is "1e3": must be an amount of USD'],
    [{ ' ': {} }, 'PRICES " " must not be empty'],
    [{ a: { factor: 0 } }, 'PRICES "a" "factor" is 0: must be more'],
    [{ a: { factor: '0' } }, 'PRICES "a" "factor" is 0: must be more'],
    [{ a: { tiers: { flex: '0.0' } } }, 'PRICES "a" "tiers" "flex" is 0: must be more'],
    [{ a: { longContext: { input: 1 } } }, 'PRICES "a" "longContext" "inputTokensAbove" is missing'],
  ])('%j is named', (prices, message) => expect(of(prices)).toContain(message));

  test('each wrong value has a line of its own', () => {
    expect(of({ a: { input: -1, output: 'x' }, b: 2 }).split('\n')).toHaveLength(3);
  });
  test('the stack refuses it in the words of its settings', () => {
    expect(refusedByFunction({ PRICES: '{"a":{"input":-1}}' }, { prices: { a: { input: -1 } } })).toEqual([
      expect.stringMatching(/^gateway\.prices "a" "input" is -1: must be an amount of USD/),
    ]);
  });
});
