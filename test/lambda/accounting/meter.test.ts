import { describe, expect, test } from 'vitest';
import { type MeteredCall, metered } from '../../../lambda/accounting/meter.ts';
import { noTokens } from '../../../lambda/accounting/tokens.ts';
import { Trace } from '../../../lambda/accounting/trace.ts';
import type { Backend } from '../../../lambda/backends/backend.ts';
import type { ConverseAnswer, ConverseEvent } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import type { Target } from '../../../lambda/models/target.ts';
import { itemsOf, sourceOf } from '../../support/sources.ts';

const usage = { inputTokens: 10, outputTokens: 20, totalTokens: 30 };
const counted = { ...noTokens, input: 10, output: 20 };
const answer: ConverseAnswer = {
  output: { message: { role: 'assistant', content: [{ text: 'hi' }] } },
  stopReason: 'end_turn',
  usage,
  serviceTier: { type: 'flex' },
};
const text = (part: string): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: 0, delta: { text: part } },
});
const stop: ConverseEvent = { messageStop: { stopReason: 'end_turn' } };

/** Ten bytes of prompt: three tokens by estimate. */
function call(more: Partial<MeteredCall> = {}): MeteredCall {
  const target = { id: 'us.model', underlying: 'model', region: 'us-east-1' } as Target;
  const messages = [{ role: 'user' as const, content: [{ text: '0123456789' }] }];
  return { target, request: { messages }, signal: new AbortController().signal, trace: new Trace(), ...more };
}

/** A clock that goes on by one with each look at it. */
function clock() {
  let now = 0;
  return () => ++now;
}

const error = (reason: 'throttled' | 'connection' | 'aborted', mayHaveRun = false) =>
  new GatewayError({
    status: 500,
    reason,
    message: 'm',
    mayHaveRun,
    upstream: { name: 'E', message: 'e', requestId: 'up-failed' },
  });

function backend(more: Partial<Backend>): Backend {
  return { send: () => expect.fail(), stream: () => expect.fail(), ...more };
}

describe('an answer in one piece', () => {
  test('leaves target, tier served, tokens, times and Bedrock’s id', async () => {
    const own = call({ request: { messages: [], serviceTier: { type: 'priority' } }, repeated: true });
    const meter = metered(backend({ send: async () => ({ answer, requestId: 'up-1' }) }), clock());
    expect(await meter.send(own)).toEqual({ answer, requestId: 'up-1' });
    expect(own.trace.calls).toEqual([
      {
        modelId: 'us.model',
        underlying: 'model',
        region: 'us-east-1',
        tier: 'flex',
        tierAsked: 'priority',
        tierServed: 'flex',
        stopReason: 'end_turn',
        repeated: true,
        startedAt: 1,
        firstEventAt: 2,
        endedAt: 3,
        result: 'ok',
        tokens: counted,
        upstreamRequestId: 'up-1',
      },
    ]);
  });

  test.each<[what: string, failure: GatewayError, entry: object]>([
    ['that was refused has cost nothing', error('throttled'), { result: 'throttled' }],
    [
      'that may have run is estimated',
      error('connection', true),
      { result: 'connection', tokens: { ...noTokens, input: 3 }, estimated: 'failed' },
    ],
    [
      'that nobody waited for has cost its prompt',
      error('aborted'),
      { result: 'left', tokens: { ...noTokens, input: 3 }, estimated: 'left' },
    ],
  ])('%s', async (_, failure, entry) => {
    const own = call();
    const meter = metered(backend({ send: () => Promise.reject(failure) }), clock());
    await expect(meter.send(own)).rejects.toBe(failure);
    expect(own.trace.calls).toHaveLength(1);
    const { modelId, underlying, region, repeated, startedAt, endedAt, upstreamRequestId, ...rest } =
      own.trace.calls[0]!;
    expect(rest).toEqual(entry);
    expect([endedAt, upstreamRequestId]).toEqual([2, 'up-failed']);
  });
});

describe('a stream', () => {
  /** Reads a stream until it ends, fails, or `until` items have come and it is cancelled. */
  async function read(batches: AsyncIterable<ConverseEvent[]> | ConverseEvent[][], until = Infinity) {
    const own = call();
    const source = backend({ stream: async () => ({ events: sourceOf(batches), requestId: 'up-2' }) });
    const { events } = await metered(source, clock()).stream(own);
    const seen: ConverseEvent[][] = [];
    try {
      for await (const batch of itemsOf(events)) {
        seen.push(batch);
        if (seen.length >= until) break;
      }
    } catch {
      // The entry has it.
    }
    return { seen, entry: own.trace.calls[0]! };
  }

  test('is what it was, and counted as Bedrock says', async () => {
    const batches = [[text('hi')], [stop, { metadata: { usage } }]];
    const { seen, entry } = await read(batches);
    expect(seen).toEqual(batches);
    expect(entry).toMatchObject({ result: 'ok', tokens: counted, upstreamRequestId: 'up-2' });
    expect(entry.estimated).toBeUndefined();
  });

  test('without a count is estimated by what it has written, in every form', async () => {
    const delta = (own: object) =>
      ({ contentBlockDelta: { contentBlockIndex: 0, delta: own } }) as ConverseEvent;
    const { entry } = await read([
      [text('12345678')],
      [delta({ reasoningContent: { text: '1234' } }), delta({ toolUse: { input: '{}' } })],
      [delta({ reasoningContent: { signature: 'long' } }), stop],
    ]);
    expect(entry).toMatchObject({
      result: 'ok',
      tokens: { ...noTokens, input: 3, output: 4 },
      estimated: 'not_reported',
    });
  });

  test('that is cancelled has cost the prompt and what was written', async () => {
    const { entry } = await read([[text('12345678')], [text('more')]], 1);
    expect(entry).toMatchObject({
      result: 'left',
      tokens: { ...noTokens, input: 3, output: 2 },
      estimated: 'left',
    });
  });

  test('that breaks has cost the prompt and what was written', async () => {
    async function* breaking() {
      yield [text('12345678')];
      throw error('connection');
    }
    const { entry } = await read(breaking());
    expect(entry).toMatchObject({
      result: 'connection',
      tokens: { ...noTokens, input: 3, output: 2 },
      estimated: 'failed',
    });
  });

  test('that was refused has cost nothing', async () => {
    const own = call();
    const refusing = backend({ stream: () => Promise.reject(error('throttled')) });
    await expect(metered(refusing, clock()).stream(own)).rejects.toMatchObject({ reason: 'throttled' });
    expect(own.trace.calls[0]).toMatchObject({ result: 'throttled', endedAt: 2 });
    expect(own.trace.calls[0]!.tokens).toBeUndefined();
  });
});

test('a trace has the calls of its children, in the order in which they were made', async () => {
  const trace = new Trace();
  const meter = metered(backend({ send: async () => ({ answer, requestId: undefined }) }), clock());
  await meter.send(call({ trace: trace.child() }));
  await meter.send(call({ trace: trace.child() }));
  await meter.send(call({ trace }));
  expect(trace.allCalls().map(({ startedAt }) => startedAt)).toEqual([1, 4, 7]);
});
