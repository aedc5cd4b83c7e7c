import { describe, expect, test } from 'vitest';
import { clientProgram } from '../../../lambda/accounting/client-program.ts';
import { costsOf } from '../../../lambda/accounting/costs.ts';
import { noTokens } from '../../../lambda/accounting/tokens.ts';
import type { UpstreamCall } from '../../../lambda/accounting/trace.ts';
import { createPricing } from '../../../lambda/prices/load.ts';

const sonnet = 'global.anthropic.claude-sonnet-5-5';
const call = (more: Partial<UpstreamCall> = {}): UpstreamCall => ({
  modelId: sonnet,
  region: 'us-east-1',
  repeated: false,
  startedAt: Date.UTC(2026, 10, 28),
  result: 'ok',
  tokens: { ...noTokens, input: 1000, output: 100 },
  ...more,
});
const imported = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abc123';
const costs = (...calls: UpstreamCall[]) => costsOf(calls, createPricing({ prices: {} }));

describe('what the calls of a request cost', () => {
  test('is the exact sum of all of them, by the day of the oldest row', () => {
    expect(costs(call(), call())).toEqual({ costUsd: '0.006', pricedFrom: '2026-11-20' });
  });
  test('is nothing for what Bedrock refused, or counted only', () => {
    expect(costs(call({ tokens: undefined, result: 'throttled' }))).toEqual({ costUsd: '0' });
    expect(costs()).toEqual({});
  });
  test('P09 is at least the sum of the rest where a model has no price', () => {
    expect(costs(call({ modelId: 'zai.glm-4.6' }))).toEqual({ unpriced: 'not_priced', unpricedCalls: 1 });
    expect(costs(call(), call({ modelId: 'zai.glm-4.6' }), call({ modelId: imported }))).toEqual({
      costAtLeastUsd: '0.003',
      unpriced: 'not_priced',
      unpricedCalls: 2,
      pricedFrom: '2026-11-20',
    });
  });
  test.each(['failed', 'not_reported'] as const)(
    'P14 is not known where Bedrock has not counted: %s',
    (estimated) => {
      expect(costs(call({ estimated }))).toEqual({ unpriced: 'not_metered', unpricedCalls: 1 });
    },
  );
  test('of a call that its client left is that of the estimate', () => {
    expect(costs(call({ estimated: 'left', result: 'left' })).costUsd).toBe('0.003');
  });
  test('P08 is by the tier that served, and not known for one without a price', () => {
    const kimi = { modelId: 'global.moonshotai.kimi-k3.1' };
    expect(costs(call({ ...kimi, tierAsked: 'priority', tierServed: 'flex' })).costUsd).toBe('0.003');
    expect(costs(call({ ...kimi, tierServed: 'optimized' }))).toEqual({
      unpriced: 'tier_not_priced:optimized',
      unpricedCalls: 1,
    });
  });
  test('is the dearer of two where the answer does not say which tier served, and says so', () => {
    const kimi = { modelId: 'global.moonshotai.kimi-k3.1' };
    const at = (tierAsked: string) => costs(call({ ...kimi, tierAsked, tier: tierAsked }));
    expect(at('flex')).toMatchObject({ costUsd: '0.006', costAssumed: 'tier' });
    expect(at('priority')).toMatchObject({ costUsd: '0.0105', costAssumed: 'tier' });
    expect(at('default')).toEqual({ costUsd: '0.006', pricedFrom: '2026-11-20' });
    expect(costs(call({ tierAsked: 'flex' })).unpriced).toBe('tier_not_priced:flex');
  });
  test('names the kind of token that has no price', () => {
    const llama = { modelId: 'meta.llama3-70b-instruct-v1:0', tokens: { ...noTokens, cacheRead: 1 } };
    expect(costs(call(llama)).unpriced).toBe('unit_not_priced:cacheRead');
  });
  test('of a guardrail that is applied by itself is not known', () => {
    const guardrail = { modelId: 'gr-1', isGuardrail: true, tokens: undefined } as const;
    expect(costs(call(guardrail)).unpriced).toBe('not_priced:guardrail');
  });
  test('says where the scope was not known, and matters', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x';
    expect(costs(call({ modelId: arn, underlying: 'anthropic.claude-sonnet-5-5' }))).toMatchObject({
      costUsd: '0.0033',
      costAssumed: 'scope',
    });
    const nova = costs(call({ modelId: arn, underlying: 'amazon.nova-lite-v1:0' }));
    expect(nova).toEqual({ costUsd: '0.000084', pricedFrom: '2026-11-20' });
  });
  test('says that a price of the settings was used', () => {
    const pricing = createPricing({ prices: { [imported]: { input: 1, output: 1 } } });
    expect(costsOf([call(), call({ modelId: imported })], pricing)).toEqual({
      costUsd: '0.0041',
      pricedFrom: 'override',
    });
  });
});

describe('the program that asked', () => {
  test.each([
    ['OpenAI/JS 7.55.0', 'OpenAI JS/7.55.0'],
    ['AsyncOpenAI/Python 1.109.1', 'AsyncOpenAI Python/1.109.1'],
    ['Anthropic/JS 0.68.0', 'Anthropic JS/0.68.0'],
    ['claude-cli/2.0.76 (external, cli)', 'claude-cli/2.0.76'],
    ['python-requests/2.32.3', 'python-requests/2.32.3'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0'],
    ['node', 'node'],
    ['litellm/1.110.2', 'litellm/1.110.2'],
    ['opencode/v1.18.33', 'opencode/1.18.33'],
  ])('%s is %s', (userAgent, program) => expect(clientProgram(userAgent)).toBe(program));

  test.each([
    undefined,
    '',
    'sk-proj-AbC123dEf456GhI789',
    'AKIAIOSFODNN7EXAMPLE',
    'Tell me about/the weather',
    '{"prompt":"hi"}',
    'x\u0000/1.0',
    `${'a'.repeat(5000)}/1.0`,
  ])('%j is nobody', (userAgent) => expect(clientProgram(userAgent)).toBeUndefined());
});
