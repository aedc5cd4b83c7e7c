import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { ask, cachePoint, text, thinking, tools, user } from './blocks.ts';
import { type Frame, readFrames } from './frames.ts';
import { claude, post, signed } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function frames(body: object, model: string = claude): Promise<Frame[]> {
  const { response, bytes } = await post(
    simulator,
    `/model/${encodeURIComponent(model)}/converse-stream`,
    body,
  );
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  return readFrames(bytes);
}

const kinds = (list: Frame[]) =>
  list.map(({ headers }) => headers[':event-type'] ?? headers[':exception-type']);

/** Keys in alphabetical order at every level, without a space anywhere. */
function expectAlphabetical({ raw, payload }: Frame): void {
  expect(raw).toBe(JSON.stringify(payload));
  JSON.stringify(payload, (_key, value) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      expect(Object.keys(value)).toEqual(Object.keys(value).sort());
    }
    return value;
  });
}

describe('an event stream', () => {
  test('has the recorded headers, padding and order of keys in every frame', async () => {
    for (const frame of await frames({ messages: ask() })) {
      expect(frame.order).toEqual([':event-type', ':content-type', ':message-type']);
      expect(frame.headers).toMatchObject({ ':content-type': 'application/json', ':message-type': 'event' });
      expect('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789').toContain(frame.payload.p);
      expect(String(frame.payload.p).length).toBeGreaterThanOrEqual(2);
      expect(String(frame.payload.p).length).toBeLessThanOrEqual(61);
      expectAlphabetical(frame);
    }
  });

  test('announces tools, and neither text nor reasoning', async () => {
    const list = await frames({
      messages: ask('Look up the weather in Paris and in Rome, both'),
      toolConfig: tools(),
      ...thinking('enabled'),
    });
    const shape = kinds(list).filter((kind, i, all) => kind !== all[i - 1] || kind !== 'contentBlockDelta');
    expect(shape).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockStop',
      'contentBlockStart',
      'contentBlockDelta',
      'contentBlockStop',
      'contentBlockStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    const inputs = [1, 2].map((index) =>
      list
        .filter(({ payload }) => payload.contentBlockIndex === index)
        .map(({ payload }) => (payload.delta as { toolUse?: { input: string } } | undefined)?.toolUse?.input),
    );
    expect(inputs.map((pieces) => pieces.filter((piece) => piece !== undefined)[0])).toEqual(['', '']);
    expect(inputs.map((pieces) => JSON.parse(pieces.join('')))).toEqual([
      { city: 'Paris' },
      { city: 'Rome' },
    ]);
  });

  test('an exception has no padding, its own headers, and ends the stream with HTTP 200', async () => {
    const last = (await frames({ messages: ask('[[stream-error:validationException:2]]') })).at(-1)!;
    expect(last.order).toEqual([':exception-type', ':content-type', ':message-type']);
    expect(last.headers[':message-type']).toBe('exception');
    expect(last.payload).toEqual({ message: 'Input is too long for requested model.' });
  });

  test('the tool use ids are Bedrock’s, and Kimi’s its own', async () => {
    const idOf = async (model: string) => {
      const start = (
        await frames({ messages: ask('What is the weather?'), toolConfig: tools() }, model)
      ).find(({ headers }) => headers[':event-type'] === 'contentBlockStart');
      return (start!.payload.start as { toolUse: { toolUseId: string } }).toolUse.toolUseId;
    };
    expect(await idOf(claude)).toMatch(/^tooluse_[A-Za-z0-9_-]{22}$/);
    expect(await idOf('moonshot.kimi-k2-thinking')).toBe('functions.get_weather:0');
  });
});

describe('a plain answer', () => {
  test('is compact JSON in alphabetical order', async () => {
    const { response, bytes } = await post(simulator, `/model/${claude}/converse`, { messages: ask() });
    expect(response.headers.get('content-type')).toBe('application/json');
    const raw = bytes.toString();
    expectAlphabetical({ raw, payload: JSON.parse(raw), headers: {}, order: [] });
    expect(Object.keys(JSON.parse(raw))).toEqual(['metrics', 'output', 'stopReason', 'usage']);
  });

  test('adds up: all tokens are in totalTokens, cached ones not in inputTokens', async () => {
    const body = { system: [text('Be brief. '.repeat(2000)), cachePoint()], messages: ask() };
    const usage = async () =>
      JSON.parse((await post(simulator, `/model/${claude}/converse`, body)).bytes.toString()).usage;
    const first = await usage();
    const second = await usage();
    expect(first).toMatchObject({
      inputTokens: 7,
      cacheWriteInputTokens: 5000,
      cacheReadInputTokens: 0,
      cacheDetails: [{ inputTokens: 5000, ttl: '5m' }],
    });
    expect(second).toMatchObject({
      inputTokens: 7,
      cacheWriteInputTokens: 0,
      cacheReadInputTokens: 5000,
      cacheReadInputTokenCount: 5000,
    });
    expect(second.cacheDetails).toBeUndefined();
    for (const { totalTokens, inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } of [
      first,
      second,
    ]) {
      expect(totalTokens).toBe(inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens);
    }
    // The same prefix with another end is read too; another prefix is not.
    const other = { ...body, messages: ask('Something else') };
    const { usage: third } = JSON.parse(
      (await post(simulator, `/model/${claude}/converse`, other)).bytes.toString(),
    );
    expect(third).toMatchObject({ cacheReadInputTokens: 5000 });
  });

  test('a short prefix is not cached, and costs nothing extra', async () => {
    const body = { messages: [user(text('Hi'), cachePoint())] };
    const { usage } = JSON.parse((await post(simulator, `/model/${claude}/converse`, body)).bytes.toString());
    expect(usage).toMatchObject({ cacheReadInputTokens: 0, cacheWriteInputTokens: 0 });
  });
});

describe('an error', () => {
  test('is a message, a type and a request id', async () => {
    const { response, bytes } = await post(simulator, '/model/does-not-exist/converse', { messages: ask() });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe(
      'ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/',
    );
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(bytes.toString()).toBe('{"message":"The provided model identifier is invalid."}');
  });

  test('a path nobody knows is answered with 200, as AWS does', async () => {
    const { response, bytes } = await post(simulator, '/v1/chat/completions', {});
    expect(response.status).toBe(200);
    expect(bytes.toString()).toBe(
      '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
    );
  });

  test('a body that is no JSON', async () => {
    const response = await fetch(`${simulator.url}/model/${claude}/converse`, {
      method: 'POST',
      headers: signed(),
      body: '{',
    });
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^SerializationException:/);
  });
});
