import { describe, expect, test } from 'vitest';
import { renderRecord } from '../../../lambda/accounting/record.ts';
import { noTokens, type TokenCounts } from '../../../lambda/accounting/tokens.ts';
import { Trace, type UpstreamCall } from '../../../lambda/accounting/trace.ts';

const known = { requestId: 'req', status: 200, firstByteMs: 1, totalMs: 2 };
const http = { ...known, arrivedAt: 0 };

function called(trace: Trace, tokens: Partial<TokenCounts> | undefined, more: Partial<UpstreamCall> = {}) {
  const call = trace.begin({
    modelId: 'm',
    region: 'us-east-1',
    repeated: false,
    startedAt: trace.calls.length,
    ...(tokens && { tokens: { ...noTokens, ...tokens } }),
    ...more,
  });
  trace.end(call, 'ok', 9);
}

describe('the record of a request', () => {
  test('that has called nobody is what HTTP knows', () => {
    expect(renderRecord(new Trace(), http)).toEqual({ ...known, ended: 'complete' });
  });

  test('sums up the calls of all answers, and names the last that Bedrock named', () => {
    const trace = new Trace();
    trace.note({ api: 'chat', modelAsked: 'm' });
    const [one, two] = [trace.child(), trace.child()];
    called(one, undefined, { upstreamRequestId: 'up-1' });
    called(one, { input: 10, output: 1, cacheRead: 100 }, { repeated: true, upstreamRequestId: 'up-2' });
    called(two, { input: 10, output: 2, cacheWrite: 3, cacheWriteLong: 4 }, { estimated: 'left' });
    one.steps.push(
      { model: 'a', region: 'r', result: 'throttled' },
      { model: 'b', region: 'r', result: 'ok' },
    );
    two.steps.push({ model: 'a', region: 'r', result: 'ok' });
    one.note({ modelUsed: 'b' });
    two.note({ modelUsed: 'a' });
    expect(renderRecord(trace, http)).toEqual({
      ...known,
      api: 'chat',
      ended: 'complete',
      scope: 'region',
      path: 'a@r=throttled; b@r=ok',
      modelAsked: 'm',
      modelUsed: 'b',
      upstreamRequestId: 'up-2',
      retries: 1,
      attempts: 2,
      calls: 3,
      inputTokens: 20,
      outputTokens: 3,
      cacheReadTokens: 100,
      cacheWriteTokens: 7,
      cacheWrite1hTokens: 4,
      tokensEstimated: 'left',
    });
  });

  test('has the first failure, not what followed from it', () => {
    const trace = new Trace();
    trace.fail({ reason: 'throttled', code: 'rate_limit_exceeded' });
    trace.fail({ reason: 'aborted', code: null });
    expect(renderRecord(trace, http)).toMatchObject({
      errorReason: 'throttled',
      errorCode: 'rate_limit_exceeded',
    });
  });
});

describe('a trace', () => {
  test('is settled when the last call of it and of its children has ended', async () => {
    const trace = new Trace();
    const child = trace.child();
    const begin = (of: Trace) => of.begin({ modelId: 'm', region: 'r', repeated: false, startedAt: 0 });
    const own = begin(trace);
    const inner = begin(child);
    let settled = false;
    const waiting = trace.settled().then(() => {
      settled = true;
    });
    trace.end(own, 'ok', 1);
    await new Promise(setImmediate);
    expect([settled, trace.isSettled]).toEqual([false, false]);
    child.end(inner, 'left', 2);
    await waiting;
    expect([settled, trace.isSettled]).toEqual([true, true]);
  });
});
