import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addTokens, noTokens, tokenCounts } from '../../../lambda/accounting/tokens.ts';

describe('tokens by what they cost', () => {
  test.each([
    [
      { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
      { ...noTokens, input: 3, output: 4 },
    ],
    [
      { inputTokens: 3, outputTokens: 4, totalTokens: 19, cacheReadInputTokens: 5, cacheWriteInputTokens: 7 },
      { input: 3, output: 4, cacheRead: 5, cacheWrite: 7, cacheWriteLong: 0 },
    ],
    [
      {
        inputTokens: 0,
        outputTokens: 1,
        totalTokens: 11,
        cacheWriteInputTokens: 10,
        cacheDetails: [
          { ttl: '5m', inputTokens: 4 },
          { ttl: '1h', inputTokens: 6 },
        ],
      },
      { ...noTokens, output: 1, cacheWrite: 4, cacheWriteLong: 6 },
    ],
    // A guardrail that stopped the input leaves counts out, or null.
    [{ cacheReadInputTokens: null }, noTokens],
  ])('%j', (usage, counts) => {
    expect(tokenCounts(usage)).toEqual(counts);
  });

  test('are whole numbers, whatever stands in a count: of what is none no cost could be worked out', () => {
    const names = ['inputTokens', 'outputTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens'];
    const usage = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.double()));
    fc.assert(
      fc.property(usage, (said) => {
        for (const count of Object.values(tokenCounts(said as object)))
          expect(BigInt(count)).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  test('add up kind by kind', () => {
    const one = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cacheWriteLong: 5 };
    expect(addTokens(one, addTokens(one, noTokens))).toEqual({
      input: 2,
      output: 4,
      cacheRead: 6,
      cacheWrite: 8,
      cacheWriteLong: 10,
    });
  });
});
