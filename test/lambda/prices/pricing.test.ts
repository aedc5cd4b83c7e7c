import { describe, expect, test } from 'vitest';
import { noTokens, type TokenCounts } from '../../../lambda/accounting/tokens.ts';
import { searchUnits } from '../../../lambda/aws/search-units.ts';
import { profileOf, scopeOf } from '../../../lambda/prices/find-row.ts';
import { createPricing } from '../../../lambda/prices/load.ts';
import { usdText } from '../../../lambda/prices/money.ts';
import type { Cost } from '../../../lambda/prices/types.ts';

const day = Date.UTC(2026, 10, 28);
const { cost, units } = createPricing({ prices: {} });
const called = (modelId: string, more: { underlying?: string; region?: string } = {}) => ({
  modelId,
  region: 'us-east-1',
  at: day,
  ...more,
});
const used = (tokens: Partial<TokenCounts>): TokenCounts => ({ ...noTokens, ...tokens });
const usd = ({ pico }: Cost) => pico !== null && usdText(pico);

/** The fixed inputs and results that the project is accepted by, under their numbers (test/lambda/prices/README.md). */
describe('what a request cost', () => {
  const cached = used({ input: 1000, cacheRead: 9000, output: 500 });

  test('P01 by a global profile, most of the input read from the cache', () => {
    expect(usd(cost(called('global.anthropic.claude-sonnet-5-5'), cached))).toBe('0.0079');
  });
  test('P02 the same by a geographic profile is a tenth dearer', () => {
    expect(usd(cost(called('us.anthropic.claude-sonnet-5-5'), cached))).toBe('0.00869');
  });
  test('P03 an input of exactly the bound for long ones is priced as a short one', () => {
    const tokens = used({ input: 100_000, output: 10 });
    expect(usd(cost(called('global.anthropic.claude-haiku-5-5'), tokens))).toBe('0.010005');
  });
  test('P04 one token above it is priced as a long one, whole', () => {
    const tokens = used({ input: 100_001, output: 10 });
    expect(usd(cost(called('global.anthropic.claude-haiku-5-5'), tokens))).toBe('0.0500255');
  });
  test('P05 what was read from the cache counts towards the bound', () => {
    const tokens = used({ input: 200_000, cacheRead: 80_000, output: 1000 });
    expect(usd(cost(called('global.openai.gpt-6-sol'), tokens))).toBe('0.847');
  });
  test('P06 a cache write of an hour has the price of an hour', () => {
    const model = called('global.anthropic.claude-opus-5-5');
    expect(usd(cost(model, used({ cacheWriteLong: 10_000 })))).toBe('0.08');
    expect(usd(cost(model, used({ cacheWrite: 10_000 })))).toBe('0.05');
  });
  test('P07 a cache write of a model that publishes no price of them is billed as input', () => {
    const model = called('us.amazon.nova-lite-v1:0');
    expect(cost(model, used({ cacheWrite: 1000 }))).toEqual(cost(model, used({ input: 1000 })));
    expect(usd(cost(model, used({ cacheWrite: 1000 })))).toBe('0.00006');
  });
  test('P08 the tier that served decides: flex is half', () => {
    const model = called('global.moonshotai.kimi-k3.1');
    const tokens = used({ input: 1000, cacheRead: 1000, cacheWrite: 1000, output: 1000 });
    expect(usd(cost(model, tokens))).toBe('0.0292');
    expect(usd(cost(model, tokens, 'flex'))).toBe('0.0146');
    expect(usd(cost(model, tokens, 'priority'))).toBe('0.0511');
  });
  test('P09 a model without a row is not priced, and not free', () => {
    expect(cost(called('zai.glm-4.6'), used({ input: 1 }))).toEqual({ pico: null, reason: 'not_priced' });
  });
  test.each([
    'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:custom-model-deployment/abcdef123456',
    'arn:aws:sagemaker:us-east-1:123456789012:endpoint/jumpstart',
  ])('P10 what is billed by the time that it runs is not priced by the token: %s', (modelId) => {
    const model = called(modelId, { underlying: 'amazon.nova-lite-v1:0' });
    expect(cost(model, used({ input: 1 }))).toEqual({ pico: null, reason: 'not_priced_per_token' });
  });
  test('P11 a price in the settings comes before the table, and is marked', () => {
    const own = createPricing({ prices: { 'global.anthropic.claude-sonnet-5-5': { input: '1.5' } } });
    expect(own.cost(called('global.anthropic.claude-sonnet-5-5'), cached)).toEqual({
      pico: 7_400_000_000n,
      priced: 'override',
    });
    expect(own.cost(called('us.anthropic.claude-sonnet-5-5'), cached)).toEqual({
      pico: 8_690_000_000n,
      priced: '2026-11-20',
    });
  });
  test('P12 to rank 101 documents is two search units', () => {
    expect([0, 1, 100, 101, 200, 201].map(searchUnits)).toEqual([0, 1, 1, 2, 2, 3]);
    expect(usd(units(called('cohere.rerank-v3-5:0'), { unit: 'perQuery', count: searchUnits(101) }))).toBe(
      '0.004',
    );
    expect(usd(units(called('amazon.rerank-v1:0'), { unit: 'perQuery', count: searchUnits(101) }))).toBe(
      '0.002',
    );
  });
  test('P13 a batch is half, and has no cache', () => {
    const model = called('us.amazon.nova-lite-v1:0');
    expect(usd(cost(model, used({ input: 1000, output: 1000 }), 'batch'))).toBe('0.00015');
    expect(cost(model, used({ cacheRead: 1 }), 'batch')).toMatchObject({ pico: null, missing: 'cacheRead' });
  });
  test('P15 a million requests of $0.000000123 add up exactly', () => {
    const own = createPricing({ prices: { 'amazon.titan-embed-text-v2:0': { input: '0.123' } } });
    const { pico } = own.cost(called('amazon.titan-embed-text-v2:0'), used({ input: 1 }));
    let sum = 0n;
    for (let request = 0; request < 1_000_000; request++) sum += pico ?? 0n;
    expect(usdText(sum)).toBe('0.123');
    expect(usdText(pico ?? 0n)).toBe('0.000000123');
  });
});

describe('which row holds', () => {
  const input = used({ input: 1_000_000 });
  const priced = (modelId: string, more = {}) => usd(cost(called(modelId, more), input));

  test('a profile with a row of its own has it, the others share one, and one that neither names is not priced', () => {
    expect(priced('eu.amazon.nova-lite-v1:0')).toBe('0.078');
    expect(priced('us.amazon.nova-lite-v1:0')).toBe('0.06');
    expect(priced('sa.amazon.nova-lite-v1:0')).toBe(false);
    expect(priced('global.amazon.nova-lite-v1:0')).toBe(false);
  });
  test('a bare id has the price of its region, where that has one', () => {
    expect(priced('meta.llama3-70b-instruct-v1:0')).toBe('2.65');
    expect(priced('meta.llama3-70b-instruct-v1:0', { region: 'ap-south-1' })).toBe('3.18');
  });
  test('GovCloud has prices of its own or none', () => {
    expect(priced('anthropic.claude-opus-5-5', { region: 'us-gov-west-1' })).toBe('4.8');
    expect(priced('us-gov.anthropic.claude-sonnet-5-5', { region: 'us-gov-west-1' })).toBe('2.4');
    expect(priced('deepseek.v3.2', { region: 'us-gov-west-1' })).toBe(false);
  });
  test('ARNs of AWS’s own name the model and the region', () => {
    expect(
      priced('arn:aws:bedrock:ap-south-1::foundation-model/meta.llama3-70b-instruct-v1:0', {
        region: 'us-east-1',
      }),
    ).toBe('3.18');
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-sonnet-5-5';
    expect(priced(arn)).toBe('2');
  });
  test('an application profile is priced by the dearest of what it may have been made of', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
    expect(priced(arn, { underlying: 'anthropic.claude-sonnet-5-5' })).toBe('2.2');
    expect(cost(called(arn), input)).toEqual({ pico: null, reason: 'not_priced' });
  });
  test.each([
    'arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1',
    'arn:aws:bedrock:us-east-1:123456789012:prompt/ABC:1',
    'constructor.prototype',
    '',
  ])('%j is not priced', (modelId) => {
    expect(cost(called(modelId), input)).toEqual({ pico: null, reason: 'not_priced' });
  });
  test('a tier that the row does not name, or a kind of token, is not priced, and is named', () => {
    const model = called('us.anthropic.claude-sonnet-5-5');
    expect(cost(model, input, 'reserved')).toEqual({
      pico: null,
      reason: 'tier_not_priced',
      missing: 'reserved',
    });
    expect(cost(called('meta.llama3-70b-instruct-v1:0'), used({ cacheRead: 1 }))).toEqual({
      pico: null,
      reason: 'unit_not_priced',
      missing: 'cacheRead',
    });
  });
  test.each([undefined, 'default', 'standard', 'auto'])('%j is the standard tier', (tier) =>
    expect(usd(cost(called('us.anthropic.claude-sonnet-5-5'), input, tier))).toBe('2.2'),
  );
});

describe('what an id says', () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012';
  test.each([
    ['amazon.nova-lite-v1:0', 'region', undefined],
    ['us.amazon.nova-lite-v1:0', 'us', 'us.amazon.nova-lite-v1:0'],
    [
      `${arn}:inference-profile/global.anthropic.claude-sonnet-5-5`,
      'global',
      'global.anthropic.claude-sonnet-5-5',
    ],
    [`${arn}:application-inference-profile/abc123`, undefined, 'abc123'],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', 'region', undefined],
    [`${arn}:imported-model/abc123`, undefined, undefined],
  ])('%s: its scope and its profile, without the account', (modelId, scope, profile) => {
    expect([scopeOf(modelId), profileOf(modelId)]).toEqual([scope, profile]);
  });
});

describe('a price holds from a day on', () => {
  const table = {
    since: '2026-08-01',
    asOf: '2026-08-21',
    models: {
      'openai.gpt-5.6-sol': {
        prices: { global: [{ from: '2026-08-21', tokens: [4, 20] }, { tokens: [5, 30] }] },
      },
    },
  };
  const { cost } = createPricing({ prices: {} }, table);
  test.each([
    ['2026-08-22', 4, '2026-08-21'],
    ['2026-08-21', 4, '2026-08-21'],
    ['2026-08-20', 5, '2026-08-01'],
    ['2026-07-01', 5, '2026-08-01'],
  ])('on %s it is %i', (on, price, priced) => {
    const model = { modelId: 'global.openai.gpt-5.6-sol', region: 'us-east-1', at: Date.parse(on) };
    const pico = BigInt(price) * 1_000_000n;
    expect(cost(model, used({ input: 1 }))).toEqual({ pico, priced });
  });
});
