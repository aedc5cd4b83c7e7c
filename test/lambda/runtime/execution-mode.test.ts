import middy from '@middy/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorFormatFor } from '../../../lambda/apis/error-formats.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { streamWebResponse, untilStopped } from '../../../lambda/runtime/execution-mode.ts';
import type { Invocation, InvocationContext } from '../../../lambda/runtime/invocation.ts';
import { invocationLimits } from '../../../lambda/runtime/invocation-limits.ts';
import { lastResort } from '../../../lambda/runtime/last-resort.ts';
import { pendingWork } from '../../../lambda/runtime/pending-work.ts';
import { FakeStream, fakeContext, fakeRuntime, handFed } from './fake-runtime.ts';

const sse = { headers: { 'content-type': 'text/event-stream' } };

type Invoke = (event: unknown, stream: FakeStream, context: unknown) => Promise<void>;

type WebHandler = (event: unknown, context: InvocationContext) => Promise<Response>;

/** A handler with all the middlewares of the function around it. */
function wrap(handler: WebHandler, plugin: object = {}) {
  const reported: unknown[] = [];
  const report = (error: unknown) => void reported.push(error);
  const wrapped = middy({ executionMode: streamWebResponse(fakeRuntime, report), ...plugin })
    .use(invocationLimits())
    .use(pendingWork({ report }))
    .use(lastResort({ report, formatFor: errorFormatFor }))
    .handler(((event: unknown, context: InvocationContext) =>
      untilStopped(handler(event, context), context.invocation.signal)) as never);
  return { wrapped, invoke: wrapped as unknown as Invoke, reported };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a response that goes well', () => {
  it('is written head first, then chunk by chunk as the source gives it', async () => {
    const source = handFed();
    const { invoke, reported } = wrap(async () => new Response(source.body, sse));
    const stream = new FakeStream();
    const done = invoke({}, stream, fakeContext());
    await stream.written(1);
    expect(stream.head).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/event-stream' },
      cookies: [],
    });
    source.push('one');
    await stream.written(2);
    expect(stream.chunks).toEqual(['', 'one']);
    source.push('two');
    source.close();
    await done;
    expect(stream.chunks).toEqual(['', 'one', 'two']);
    expect(stream.ended).toBe(true);
    expect(reported).toEqual([]);
  });

  it('without a body still writes once, so that the head goes out', async () => {
    const { invoke } = wrap(async () => new Response(null, { status: 204 }));
    const stream = new FakeStream();
    await invoke({}, stream, fakeContext());
    expect(stream.chunks).toEqual(['']);
    expect(stream.head).toMatchObject({ statusCode: 204 });
    expect(stream.ended).toBe(true);
  });

  it('runs middlewares and hooks, and returns nothing that the runtime would warn about', async () => {
    const order: string[] = [];
    const { wrapped, invoke } = wrap(async () => new Response('x'), {
      requestStart: () => order.push('start'),
      requestEnd: () => order.push('end'),
    });
    wrapped.before(() => {
      order.push('before');
    });
    wrapped.after(({ response }) => {
      order.push(`after ${response.status}`);
    });
    expect(await invoke({}, new FakeStream(), fakeContext())).toBeUndefined();
    expect(order).toEqual(['start', 'before', 'after 200', 'end']);
  });

  it('takes a handler that is set later', async () => {
    const { wrapped, invoke } = wrap(async () => new Response('first'));
    wrapped.handler((async () => new Response('second')) as never);
    const stream = new FakeStream();
    await invoke({}, stream, fakeContext());
    expect(stream.text).toBe('second');
  });
});

describe('back-pressure', () => {
  it('stops reading until the stream drains', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode(String(pulled)));
          if (pulled === 3) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const { invoke } = wrap(async () => new Response(body));
    const stream = new FakeStream();
    stream.roomy = false;
    const done = invoke({}, stream, fakeContext());
    await stream.written(2);
    await new Promise(setImmediate);
    expect(pulled).toBe(1);
    stream.roomy = true;
    stream.emit('drain');
    await done;
    expect(stream.text).toBe('123');
    expect(stream.listenerCount('drain')).toBe(0);
  });

  it('does not wait for a drain that never comes because the socket is gone', async () => {
    const source = handFed();
    const { invoke } = wrap(async () => new Response(source.body));
    const stream = new FakeStream();
    stream.roomy = false;
    stream.stuck = true;
    const done = invoke({}, stream, fakeContext());
    source.push('x');
    await stream.written(2);
    stream.emit('close');
    await done;
    expect(source.cancelled).toHaveLength(1);
  });
});

describe('failures', () => {
  it('turn into one error event and an orderly end when a stream of events breaks', async () => {
    const source = handFed();
    const { invoke, reported } = wrap(async () => new Response(source.body, sse));
    const stream = new FakeStream();
    const done = invoke({}, stream, fakeContext());
    source.push('data: {"half');
    await stream.written(2);
    source.fail(new Error('detail of ours'));
    await done;
    const [, data] = stream.text.split('\n\n');
    expect(JSON.parse(data?.replace(/^data: /, '') ?? '')).toMatchObject({
      error: { code: 'internal_error' },
    });
    expect(stream.text).not.toContain('detail of ours');
    expect(stream.ended).toBe(true);
    expect(reported).toEqual([expect.objectContaining({ message: 'detail of ours' })]);
  });

  it('cut a body of another kind short, with nothing foreign in it', async () => {
    const source = handFed();
    const { invoke, reported } = wrap(async () => Object.assign(new Response(source.body)));
    const stream = new FakeStream();
    const done = invoke({}, stream, fakeContext());
    source.push('{"half');
    await stream.written(2);
    source.fail(new Error('x'));
    await done;
    expect(stream.text).toBe('{"half');
    expect(reported).toHaveLength(1);
  });

  it.each([
    ['a handler that rejects', new Error('secret detail'), 500, 'internal_error'],
    ['a handler that rejects with nothing', undefined, 500, 'internal_error'],
    [
      'an error that clients may see',
      new GatewayError({ status: 503, reason: 'internal', code: 'timeout', message: 'm' }),
      503,
      'timeout',
    ],
  ])('before the headers are an envelope: %s', async (_, error, status, code) => {
    const { invoke, reported } = wrap(async () => {
      throw error;
    });
    const stream = new FakeStream();
    await invoke({}, stream, fakeContext());
    expect(stream.head).toMatchObject({
      statusCode: status,
      headers: { 'content-type': 'application/json', 'x-request-id': 'req-1' },
    });
    expect(JSON.parse(stream.text)).toMatchObject({ error: { code, param: null } });
    expect(stream.text).not.toContain('secret detail');
    expect(reported).toEqual([error]);
  });

  it('of hooks are reported, and the response goes out', async () => {
    const { invoke, reported } = wrap(async () => new Response('x'), {
      requestStart: () => {
        throw new Error('start');
      },
      requestEnd: async () => {
        throw new Error('end');
      },
    });
    const stream = new FakeStream();
    await invoke({}, stream, fakeContext());
    expect(stream.head).toMatchObject({ statusCode: 200 });
    expect(stream.text).toBe('x');
    expect(stream.ended).toBe(true);
    expect(reported).toMatchObject([{ message: 'start' }, { message: 'end' }]);
  });
});

describe('a runtime socket that drops', () => {
  it('cancels the source and tells the handler', async () => {
    const source = handFed();
    let scope: Invocation | undefined;
    const { invoke, reported } = wrap(async (_event, { invocation }) => {
      scope = invocation;
      return new Response(source.body, sse);
    });
    const stream = new FakeStream();
    stream.stuck = true;
    const done = invoke({}, stream, fakeContext());
    source.push('x');
    await stream.written(2);
    const reset = new Error('ECONNRESET');
    stream.emit('error', reset);
    stream.emit('close');
    await done;
    expect(source.cancelled).toEqual([reset]);
    expect(scope?.signal.aborted).toBe(true);
    expect(reported).toEqual([reset]);
    expect(() => stream.emit('error', new Error('late'))).not.toThrow();
  });

  it('before the headers cancels the answer that comes too late', async () => {
    const late = handFed();
    let answer: (response: Response) => void = () => {};
    const { invoke } = wrap(() => new Promise((resolve) => (answer = resolve)));
    const stream = new FakeStream();
    stream.stuck = true;
    const done = invoke({}, stream, fakeContext());
    await new Promise(setImmediate);
    stream.emit('close');
    await done;
    answer(new Response(late.body));
    await vi.waitFor(() => expect(late.cancelled).toHaveLength(1));
  });
});

describe('time', () => {
  it('is told to the handler less a reserve', async () => {
    let scope: Invocation | undefined;
    const { invoke } = wrap(async (_event, { invocation }) => {
      scope = invocation;
      return new Response('x');
    });
    vi.useFakeTimers({ now: 1_000_000 });
    await invoke({}, new FakeStream(), fakeContext(60_000));
    expect(scope?.deadline).toBe(1_058_000);
    expect(scope?.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
    await invoke({}, new FakeStream(), fakeContext(1000));
    expect(scope?.deadline).toBe(1_000_750);
  });

  it('that is up ends a source that does not end by itself, with an error event', async () => {
    vi.useFakeTimers();
    const source = handFed();
    const { invoke, reported } = wrap(async () => new Response(source.body, sse));
    const stream = new FakeStream();
    const done = invoke({}, stream, fakeContext(10_000));
    source.push('data: 1\n\n');
    await vi.advanceTimersByTimeAsync(8999);
    expect(stream.ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(stream.text).toContain('"deadline_exceeded"');
    expect(stream.ended).toBe(true);
    expect(source.cancelled).toHaveLength(1);
    expect(reported).toHaveLength(1);
  });

  it('that is up before the headers is a 504', async () => {
    vi.useFakeTimers();
    const { invoke } = wrap(() => new Promise(() => {}));
    const stream = new FakeStream();
    const done = invoke({}, stream, fakeContext(10_000));
    await vi.advanceTimersByTimeAsync(9000);
    await done;
    expect(stream.head).toMatchObject({ statusCode: 504 });
    expect(JSON.parse(stream.text)).toMatchObject({ error: { code: 'deadline_exceeded' } });
  });
});
