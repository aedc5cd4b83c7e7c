import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costsOf } from '../../../lambda/accounting/costs.ts';
import type { RequestRecord } from '../../../lambda/accounting/record.ts';
import type { UpstreamCall } from '../../../lambda/accounting/trace.ts';
import { dayUpdates } from '../../../lambda/limits/day.ts';
import { createPricing } from '../../../lambda/prices/load.ts';
import { usdText } from '../../../lambda/prices/money.ts';

const at = Date.parse('2026-11-28T12:00:00Z');
const pricing = createPricing({ prices: {} });
const record: RequestRecord = { requestId: 'req_1', status: 200 };
const call = (modelId: string, more: Partial<UpstreamCall> = {}): UpstreamCall => ({
  modelId,
  region: 'us-west-2',
  repeated: false,
  startedAt: at,
  endedAt: at + 5,
  result: 'ok',
  ...more,
});
const tokens = { input: 100, output: 50, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
const draws = (more: Partial<UpstreamCall> = {}) =>
  call('stability.sd3-5-large-v1:0', { units: { unit: 'perImage', count: 1 }, ...more });
const guardrail = call('abcdefghijkl', { isGuardrail: true });

/** What each model's item of the day gets, by the name of the model. */
function added(...calls: UpstreamCall[]) {
  const updates = dayUpdates({ key: 'ann', record, calls, at, pricing });
  return Object.fromEntries(
    updates.map(({ key, values = {} }) => [
      key.sk && 'S' in key.sk ? key.sk.S.replace('ann#', '') : '',
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name.slice(1),
          'N' in value ? Number(value.N) : undefined,
        ]),
      ),
    ]),
  );
}

describe('what a day counts of a request', () => {
  test('images, and what they cost', () => {
    const { 'stability.sd3-5-large-v1:0': drawn } = added(draws(), draws());
    expect(drawn).toMatchObject({ requests: 1, bedrockCalls: 2, images: 2, costPico: 160_000_000_000 });
    expect(drawn).not.toHaveProperty('unpriced');
  });

  test('what ranks, by its queries', () => {
    const { 'cohere.rerank-v3-5:0': ranked } = added(
      call('cohere.rerank-v3-5:0', { units: { unit: 'perQuery', count: 3 } }),
    );
    expect(ranked).toMatchObject({ requests: 1, costPico: 6_000_000_000 });
  });

  test('the request is the model’s, not that of the guardrail which looked at the answer', () => {
    const { 'stability.sd3-5-large-v1:0': drawn, abcdefghijkl: looked } = added(draws(), guardrail);
    expect(drawn).toMatchObject({ requests: 1, images: 1 });
    expect(looked).toMatchObject({ bedrockCalls: 1, unpriced: 1 });
    expect(looked).not.toHaveProperty('requests');
    expect(added(guardrail).abcdefghijkl).toMatchObject({ requests: 1 });
  });

  test.each<[string, Partial<UpstreamCall>]>([
    ['Bedrock has refused it', { result: 'model_not_found', tokens: undefined }],
    ['the client has left before any answer', { result: 'left', estimated: 'left' }],
    ['the connection broke before any answer', { result: 'connection', estimated: 'failed' }],
  ])('a name that may be made up has no item of its own: %s', (_, more) => {
    const made = call('anthropic.claude-made-up-1', { tokens, ...more });
    expect(Object.keys(added(made))).toEqual(['-']);
    expect(Object.keys(added({ ...made, firstEventAt: at + 1 }))).toEqual(['anthropic.claude-made-up-1']);
    const real = call('amazon.nova-lite-v1:0', { ...more, tokens, estimated: 'left' });
    expect(added(real)['amazon.nova-lite-v1:0']).toMatchObject({ inputTokens: 100, costPico: 18_000_000 });
  });

  test('money as the record of the request has it, whatever was called', () => {
    const calls = fc.record(
      {
        modelId: fc.constantFrom(
          'amazon.nova-lite-v1:0',
          'us.anthropic.claude-haiku-4-5-20251001-v1:0',
          'stability.sd3-5-large-v1:0',
          'cohere.rerank-v3-5:0',
          'vendor.unknown',
        ),
        tokens: fc.record({
          input: fc.nat(300_000),
          output: fc.nat(5000),
          cacheRead: fc.nat(300_000),
          cacheWrite: fc.nat(100),
          cacheWriteLong: fc.nat(100),
        }),
        units: fc.record({
          unit: fc.constantFrom('perImage' as const, 'perQuery' as const, 'inputPerImage' as const),
          count: fc.integer({ min: 1, max: 5 }),
        }),
        estimated: fc.constantFrom('left' as const, 'failed' as const, 'not_reported' as const),
        tierAsked: fc.constantFrom('default', 'flex', 'priority'),
        tierServed: fc.constantFrom('default', 'flex', 'priority'),
        isGuardrail: fc.constant(true as const),
        result: fc.constantFrom('ok', 'left', 'throttled', 'bad_request'),
      },
      { requiredKeys: ['modelId'] },
    );
    fc.assert(
      fc.property(fc.array(calls, { minLength: 1, maxLength: 6 }), (some) => {
        const made = some.map(({ modelId, ...more }) => call(modelId, more));
        const items = Object.values(added(...made));
        const sum = (name: string) => items.reduce((total, item) => total + (item[name] ?? 0), 0);
        const { costUsd, costAtLeastUsd = '0', unpricedCalls = 0 } = costsOf(made, pricing);
        expect(usdText(BigInt(sum('costPico')))).toBe(costUsd ?? costAtLeastUsd);
        expect(sum('unpriced')).toBe(unpricedCalls);
        expect(sum('requests')).toBe(1);
      }),
    );
  });

  test('tokens are those that were reported', () => {
    expect(added(call('amazon.nova-lite-v1:0', { tokens }))['amazon.nova-lite-v1:0']).toMatchObject({
      inputTokens: 100,
      outputTokens: 50,
      writingMs: 5,
    });
  });
});
