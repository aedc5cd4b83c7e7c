import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costOf, type Prices } from '../../../local/chat/prices.ts';
import { showMoney, totalsOf, toUsd } from '../../../local/conversations/money.ts';

const tokens = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
const call = { modelId: 'us.amazon.nova-lite-v1:0', region: 'us-east-1', startedAt: 0, tokens };
/** A pico-dollar for each token of one model. */
const prices: Prices = {
  cost: ({ modelId }, { input, output }) =>
    modelId === call.modelId ? { pico: BigInt(input + output) } : { pico: null, reason: 'not_priced' },
};

describe('the cost of an answer', () => {
  test('has all its calls, and those that ran no model cost nothing', () => {
    expect(costOf([call, { ...call, tokens: undefined as never }, call], prices)).toEqual({
      usd: '0.00000000003',
    });
  });

  test('is unknown where one of them has no price, where nothing was counted, and without prices', () => {
    const other = { ...call, modelId: 'custom' };
    expect(costOf([call, other], prices)).toEqual({ unknown: 'no price of the model is known' });
    expect(costOf([], prices)).toEqual({ unknown: 'nothing was counted' });
    expect(costOf([call], undefined)).toEqual({ unknown: 'no prices are known' });
  });
});

test('money is exact: what is written and added up is what it was', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 18n }), { minLength: 1 }), (picos) => {
      const turns = picos.map((pico) => ({
        role: 'assistant' as const,
        at: '2026-11-01T00:00:00.000Z',
        content: [],
        model: { asked: 'x' },
        stopReason: 'end_turn',
        cost: { usd: toUsd(pico) },
      }));
      expect(totalsOf({ turns }).usd).toBe(toUsd(picos.reduce((sum, each) => sum + each, 0n)));
    }),
  );
});

test.each([
  ['0', '$0.00'],
  ['12.5', '$12.5000'],
  ['0.0000018', '$0.0000018'],
  ['0.00000000003', '$0.00000000003'],
])('%s is shown as %s', (usd, shown) => {
  expect(showMoney({ usd })).toBe(shown);
});
