import { describe, expect, test } from 'vitest';
import { metered } from '../../../lambda/accounting/meter.ts';
import type { Backend, BackendCall } from '../../../lambda/backends/backend.ts';
import type { ConverseAnswer, ConverseEvent, EventBatches } from '../../../lambda/canonical/types.ts';
import { readConfig } from '../../../lambda/config.ts';
import { createEngine } from '../../../lambda/engine/engine.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { createLearned } from '../../../lambda/models/learned.ts';
import type { Resolver } from '../../../lambda/models/resolve/resolve.ts';
import type { Target } from '../../../lambda/models/target.ts';
import { createCooldown } from '../../../lambda/policy/cooldown.ts';
import { asking, noNativeBackend } from '../../support/asking.ts';
import { able } from '../../support/capabilities.ts';
import { type ContextParts, requestContext } from '../../support/context.ts';
import { itemsOf, sourceOf } from '../../support/sources.ts';
import { failed } from '../policy/failures.ts';
import { fakeClock } from '../policy/fake-clock.ts';

const answer: ConverseAnswer = {
  output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};
const start: ConverseEvent = { messageStart: { role: 'assistant' } };
const text: ConverseEvent = { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'x' } } };

const refused = (message: string, more: { mayHaveRun?: boolean } = {}) =>
  new GatewayError({
    status: 400,
    reason: 'unsupported',
    message,
    upstream: { name: 'ValidationException', message, status: 400 },
    ...more,
  });

interface Setup {
  send?: (call: BackendCall) => Promise<ConverseAnswer>;
  stream?: (call: BackendCall) => EventBatches;
  resolve?: (name: string) => Promise<Target>;
  env?: Record<string, string>;
  capabilities?: Target['capabilities'];
  afterRefusal?: Resolver['afterRefusal'];
}

function setUp({ send, stream, env = {}, capabilities = able({}), afterRefusal, ...more }: Setup) {
  const config = readConfig(env);
  const clock = fakeClock();
  const calls: BackendCall[] = [];
  const backend: Backend = {
    async send(call) {
      calls.push(call);
      return { answer: send ? await send(call) : answer, requestId: 'r' };
    },
    async stream(call) {
      calls.push(call);
      return { events: stream ? stream(call) : batches([start]), requestId: undefined };
    },
  };
  const known = async (name: string, { region = 'us-east-1' } = {}): Promise<Target> => ({
    asked: name,
    id: name,
    region,
    backend: 'converse',
    capabilities,
    reportAs: name,
    warnings: [],
  });
  const resolve = more.resolve ?? known;
  const client = new AbortController();
  const context = requestContext({ signal: client.signal });
  const engine = createEngine({
    config,
    resolver: {
      resolve,
      explain: async (name) => ({ target: await resolve(name), reasons: [] }),
      afterRefusal: afterRefusal ?? (async () => undefined),
    },
    nativeBackend: noNativeBackend,
    backend: async () => metered(backend, clock.now),
    learned: createLearned({ now: clock.now }),
    cooldown: createCooldown({ now: clock.now }),
    clock,
  });
  return { engine: asking(engine), calls, clock, client, context };
}

const batches = (...items: ConverseEvent[][]) => sourceOf(items);

/** Never gives more than this, until the call is aborted. */
function silentAfter(items: ConverseEvent[][], signal: AbortSignal): EventBatches {
  async function* until() {
    yield* items;
    signal.throwIfAborted();
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
  }
  return sourceOf(until());
}

const request = (model = 'm') => ({
  model,
  converse: {
    messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
    system: [{ text: 'Be brief.' }],
    inferenceConfig: { temperature: 0.5, topP: 0.5 },
  },
  intent: {},
});

describe('what a model refuses', () => {
  const noSystem = "This model doesn't support system messages.";
  const refuseSystem = async ({ request: { system } }: BackendCall) => {
    if (system) throw refused(noSystem);
    return answer;
  };

  test('is mended, sent again, told to the client, and known the next time', async () => {
    const { engine, calls, context } = setUp({ send: refuseSystem });
    const first = await engine.answer(request(), context);
    expect(calls).toHaveLength(2);
    expect(first.warnings.join()).toContain('instructions became part of the first user message');
    expect(context.trace.calls.map(({ repeated }) => repeated)).toEqual([false, true]);
    await engine.answer(request(), context);
    expect(calls).toHaveLength(3);
  });

  test('is refused where only one call is allowed', async () => {
    const { engine, calls, context } = setUp({ send: refuseSystem, env: { AWS_MAX_ATTEMPTS: '1' } });
    await expect(engine.answer(request(), context)).rejects.toThrow(noSystem);
    expect(calls).toHaveLength(1);
  });

  test('is not sent again once the model may have run', async () => {
    const { engine, calls, context } = setUp({
      send: async () => {
        throw refused(noSystem, { mayHaveRun: true });
      },
    });
    await expect(engine.answer(request(), context)).rejects.toThrow(noSystem);
    expect(calls).toHaveLength(1);
  });

  test('a third time is refused', async () => {
    const texts = [
      noSystem,
      '`temperature` and `top_p` cannot both be specified',
      'support the stopSequences field',
    ];
    const { engine, calls, context } = setUp({
      send: async () => {
        throw refused(texts[calls.length - 1] ?? '');
      },
    });
    await expect(engine.answer(request(), context)).rejects.toThrow('stopSequences');
    expect(calls).toHaveLength(3);
  });

  test('without a profile is called through one', async () => {
    const { engine, calls, context } = setUp({
      send: async ({ target }) => {
        if (target.id === 'm') throw refused('on-demand throughput isn’t supported');
        return answer;
      },
      afterRefusal: async (target) => ({ ...target, id: 'us.m' }),
    });
    expect((await engine.answer(request(), context)).modelId).toBe('us.m');
    expect(calls.map(({ target }) => target.id)).toEqual(['m', 'us.m']);
    expect(context.trace.allFacts()).toMatchObject({ modelUsed: 'us.m' });
    expect(context.trace.steps).toEqual([{ model: 'm', region: 'us-east-1', result: 'ok' }]);
  });
});

const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's' };
const role = { arn: 'arn:aws:iam::123456789012:role/a', session: 'aa', tags: {} };
test.each<[string, ContextParts, boolean]>([
  ['the gateway’s own', {}, true],
  ['a caller’s credentials', { credentials }, false],
  ['a key’s role', { principal: { name: 'a', billing: { role } } }, false],
  ['a key’s project', { principal: { name: 'a', billing: { project: 'proj_a' } } }, false],
  ['a key’s profile', { principal: { name: 'a', billing: { profiles: { m: 'arn' } } } }, false],
])('a profile that was refused to %s is remembered for others: %s', async (_, parts, remembered) => {
  const options: unknown[] = [];
  const { engine } = setUp({
    send: async ({ target }) => {
      if (target.id === 'm') throw refused('explicit deny');
      return answer;
    },
    afterRefusal: async (target, _error, given) => {
      options.push(given);
      return { ...target, id: 'us.m' };
    },
  });
  await engine.answer(request(), requestContext(parts));
  expect(options).toEqual([{ remember: remembered }]);
});

describe('a stream', () => {
  test('that is left takes the call with it, even in silence', async () => {
    const { engine, calls, context } = setUp({
      stream: ({ signal }) => silentAfter([[start], [text]], signal),
    });
    const { events } = await engine.stream(request(), context);
    const iterator = itemsOf(events);
    await iterator.next();
    await iterator.next();
    let told = false;
    const tell = () => {
      told = true;
    };
    events.pull({ onItem: tell, onEnd: tell, onError: tell });
    events.cancel();
    expect(calls[0]?.signal.aborted).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toBe(false);
  });

  test('that cannot be put into the client’s words takes the call with it', async () => {
    const broken = { contentBlockDelta: null } as unknown as ConverseEvent;
    const { engine, calls, context } = setUp({
      stream: ({ signal }) => silentAfter([[start], [broken]], signal),
      capabilities: able({ leaks: 'kimi-tool-tokens' }),
    });
    const { events } = await engine.stream(request(), context);
    const read = async () => {
      for await (const _ of itemsOf(events));
    };
    await expect(read()).rejects.toThrow(TypeError);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('that is complete leaves the signal alone', async () => {
    const { engine, calls, context } = setUp({ stream: () => batches([], [start], [text]) });
    const { events } = await engine.stream(request(), context);
    const seen: ConverseEvent[] = [];
    for await (const batch of itemsOf(events)) seen.push(...batch);
    expect(seen).toEqual([start, text]);
    expect(calls[0]?.signal.aborted).toBe(false);
  });

  test('of a model that does not stream tools is made of an answer', async () => {
    const { engine, calls, context } = setUp({ capabilities: able({ toolsInStream: false }) });
    const tools = [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }];
    const { converse, ...rest } = request();
    const { events } = await engine.stream(
      { ...rest, converse: { ...converse, toolConfig: { tools } } },
      context,
    );
    const seen: ConverseEvent[] = [];
    for await (const batch of itemsOf(events)) seen.push(...batch);
    expect(seen.at(-2)).toEqual({ messageStop: { stopReason: 'end_turn' } });
    expect(calls).toHaveLength(1);
  });

  test('before its first event ends with the client', async () => {
    const { engine, calls, client, context } = setUp({ stream: ({ signal }) => silentAfter([], signal) });
    const opening = engine.stream(request(), context);
    await expect.poll(() => calls.length).toBe(1);
    const gone = failed('aborted', { status: 499 });
    client.abort(gone);
    await expect(opening).rejects.toBe(gone);
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});

describe('a name that takes long to look up', () => {
  const hanging = { resolve: () => new Promise<Target>(() => {}) };

  test.each(['answer', 'stream'] as const)('%s: not longer than there is time', async (how) => {
    const { engine, context } = setUp(hanging);
    const opening = engine[how](request(), {
      ...context,
      lifetime: { ...context.lifetime, deadline: 5 },
    });
    await expect(opening).rejects.toMatchObject({ status: 504, reason: 'deadline' });
  });

  test('not longer than the client waits', async () => {
    const { engine, context, client } = setUp(hanging);
    const opening = engine.answer(request(), context);
    const gone = failed('aborted', { status: 499 });
    client.abort(gone);
    await expect(opening).rejects.toBe(gone);
  });
});

describe('the trace', () => {
  test('has every call and every step, whatever comes of them', async () => {
    const { engine, context } = setUp({
      send: async ({ target }) => {
        throw failed(target.id === 'm' ? 'overloaded' : 'timeout');
      },
      env: { FALLBACKS: '{"default":["n"]}' },
    });
    await expect(engine.answer(request(), context)).rejects.toMatchObject({ reason: 'overloaded' });
    expect(context.trace.calls.map(({ modelId, result, repeated }) => [modelId, result, repeated])).toEqual([
      ['m', 'overloaded', false],
      ['m', 'overloaded', true],
      ['m', 'overloaded', true],
      ['n', 'timeout', false],
      ['n', 'timeout', true],
    ]);
    expect(context.trace.steps.map(({ model, result }) => [model, result])).toEqual([
      ['m', 'overloaded'],
      ['n', 'timeout'],
    ]);
    expect(context.trace.allFacts().modelUsed).toBeUndefined();
  });
});
