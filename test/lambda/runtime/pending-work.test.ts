import middy from '@middy/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { errorFormatFor } from '../../../lambda/apis/error-formats.ts';
import { streamWebResponse, untilStopped } from '../../../lambda/runtime/execution-mode.ts';
import type { InvocationContext } from '../../../lambda/runtime/invocation.ts';
import { invocationLimits } from '../../../lambda/runtime/invocation-limits.ts';
import { lastResort } from '../../../lambda/runtime/last-resort.ts';
import { pendingWork } from '../../../lambda/runtime/pending-work.ts';
import { FakeStream, fakeContext, fakeRuntime, handFed } from './fake-runtime.ts';

/** An invocation whose handler leaves a settlement behind; `settle` lets it succeed. */
function invoke(answer: () => Promise<Response>, remainingMs = 60_000) {
  const reported: unknown[] = [];
  const report = (error: unknown) => void reported.push(error);
  const settlement = Promise.withResolvers<void>();
  const state = { settled: false, over: false };
  const handler = middy({ executionMode: streamWebResponse(fakeRuntime, report) })
    .use(invocationLimits())
    .use(pendingWork({ report }))
    .use(lastResort({ report, formatFor: errorFormatFor }))
    .handler((async (_event: unknown, { invocation }: InvocationContext) => {
      invocation.waitUntil(settlement.promise.then(() => Object.assign(state, { settled: true })));
      return untilStopped(answer(), invocation.signal);
    }) as never) as unknown as (event: unknown, stream: FakeStream, context: unknown) => Promise<void>;
  const stream = new FakeStream();
  const done = handler({}, stream, fakeContext(remainingMs)).then(() => Object.assign(state, { over: true }));
  return { stream, state, reported, settle: settlement.resolve, fail: settlement.reject, done };
}

const turn = () => new Promise(setImmediate);
const sse = { headers: { 'content-type': 'text/event-stream' } };

afterEach(() => {
  vi.useRealTimers();
});

describe('work that outlasts the answer', () => {
  test('is waited for after the last byte, and the answer does not wait for it', async () => {
    const { stream, state, settle, done } = invoke(async () => new Response('x'));
    while (!stream.ended) await turn();
    await turn();
    expect(stream.text).toBe('x');
    expect(state).toEqual({ settled: false, over: false });
    settle();
    await done;
    expect(state).toEqual({ settled: true, over: true });
  });

  test('is waited for when the client has gone', async () => {
    const source = handFed();
    const { stream, state, settle, done } = invoke(async () => new Response(source.body, sse));
    stream.stuck = true;
    source.push('data: 1\n\n');
    await stream.written(2);
    stream.emit('close');
    while (source.cancelled.length === 0) await turn();
    expect(state.over).toBe(false);
    settle();
    await done;
    expect(state.settled).toBe(true);
  });

  test('is waited for when the handler fails, and when the stream breaks', async () => {
    const failing = invoke(async () => {
      throw new Error('broken');
    });
    while (!failing.stream.ended) await turn();
    await turn();
    expect(failing.stream.head).toMatchObject({ statusCode: 500 });
    expect(failing.state.over).toBe(false);
    failing.settle();
    await failing.done;

    const source = handFed();
    const breaking = invoke(async () => new Response(source.body, sse));
    source.push('data: 1\n\n');
    await breaking.stream.written(2);
    source.fail(new Error('cut'));
    while (!breaking.stream.ended) await turn();
    await turn();
    expect(breaking.state.over).toBe(false);
    breaking.settle();
    await breaking.done;
    expect(breaking.state.settled).toBe(true);
  });

  test('is waited for until the deadline of the invocation, and then named', async () => {
    vi.useFakeTimers();
    const { state, reported, done } = invoke(async () => new Response('x'), 10_000);
    await vi.advanceTimersByTimeAsync(9000);
    expect(state.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    await done;
    expect(state).toEqual({ settled: false, over: true });
    expect(reported).toMatchObject([{ name: 'TimeoutError', message: expect.stringContaining('1 pending') }]);
  });

  test('that fails is reported and changes nothing', async () => {
    const { stream, reported, fail, done } = invoke(async () => new Response('x'));
    fail(new Error('table is away'));
    await done;
    expect(stream.text).toBe('x');
    expect(reported).toMatchObject([{ message: 'table is away' }]);
  });
});
