import { describe, expect, test } from 'vitest';
import type { TokenCounts } from '../../../lambda/accounting/tokens.ts';
import { Trace, type UpstreamCall } from '../../../lambda/accounting/trace.ts';
import { Account, restOf } from '../../../lambda/techniques/account.ts';

const tokens: TokenCounts = { input: 10, output: 5, cacheRead: 100, cacheWrite: 20, cacheWriteLong: 3 };
const upstream = (more: Partial<UpstreamCall>): UpstreamCall => ({
  modelId: 'm',
  region: 'us-east-1',
  repeated: false,
  startedAt: 0,
  ...more,
});

function accountOf(...calls: Partial<UpstreamCall>[]): Account {
  const account = new Account('bon', new Trace());
  for (const call of calls) account.begin('bon/sample').trace.begin(upstream(call));
  return account;
}

describe('what the calls have used', () => {
  test('is the sum, with what the cache has read and written among the input of a step', () => {
    const account = accountOf({ tokens }, { tokens });
    expect(account.usage).toEqual({
      inputTokens: 20,
      outputTokens: 10,
      totalTokens: 30,
      cacheReadInputTokens: 200,
      cacheWriteInputTokens: 46,
    });
    expect(account.render().steps).toEqual({
      'bon/sample': { calls: 2, failed: 0, input_tokens: 266, output_tokens: 10 },
    });
  });

  test.each([
    [
      'a call that never said what it used and was not left is in it, as an estimate',
      'not_reported',
      5,
      true,
    ],
    ['a guess at what a call would have used that was left is not', 'left', 0, undefined],
    ['nor one at what a failed call would have', 'failed', 0, undefined],
  ] as const)('%s', (_, estimated, output, isEstimate) => {
    const { outputTokens, estimated: said } = accountOf({ tokens, estimated }).usage;
    expect([outputTokens, said]).toEqual([output, isEstimate]);
  });
});

test('at most twenty warnings are kept, each once', () => {
  const account = accountOf();
  for (let i = 0; i < 30; i += 1) account.warn(`warning ${Math.floor(i / 1.2)}`);
  expect(account.warnings).toHaveLength(20);
  expect(new Set(account.warnings).size).toBe(20);
});

test('the first thing that runs out is the one that is told', () => {
  const account = accountOf();
  account.stop('tokens');
  account.stop('time');
  expect(account.render().stopped).toBe('tokens');
});

describe('the usage of the answer that closes the account', () => {
  const usage = (inputTokens: number, outputTokens: number) => ({
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
  });

  test('has what the others have not told, and what was written and not shown as hidden', () => {
    expect(restOf(usage(100, 50), [usage(10, 5), usage(20, 5)], usage(10, 7))).toEqual({
      ...usage(70, 40),
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 0,
      hiddenOutputTokens: 33,
    });
  });

  test('is an estimate where the sum or its own is', () => {
    const guessed = { ...usage(5, 5), estimated: true as const };
    expect(restOf(guessed, [], usage(5, 5)).estimated).toBe(true);
    expect(restOf(usage(5, 5), [], guessed).estimated).toBe(true);
  });

  test('is never less than nothing', () => {
    expect(restOf(usage(1, 1), [usage(9, 9)], usage(0, 0))).toMatchObject({
      ...usage(0, 0),
      hiddenOutputTokens: 0,
    });
  });
});
