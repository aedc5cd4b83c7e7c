import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createConverseBackend } from '../../../lambda/backends/converse.ts';
import type { BedrockClients, ClientOptions } from '../../../lambda/bedrock/clients.ts';
import type { ConverseEvent, EventBatches } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { encodeError, encodeEvent, encodeException } from '../../../local/simulator/event-stream.ts';
import { itemsOf } from '../../support/sources.ts';
import {
  answer,
  call,
  fakeBedrock,
  frames,
  readBody,
  sendJson,
  streamHeaders,
  testClients,
  until,
  wholeStream,
} from './fake-bedrock.ts';

let server: Awaited<ReturnType<typeof fakeBedrock>> | undefined;
let clients: BedrockClients | undefined;

afterEach(async () => {
  clients?.close();
  await server?.close();
});

async function backend(
  handler: RequestListener,
  options: Partial<ClientOptions> = {},
  streamStallMs = 10_000,
) {
  server = await fakeBedrock(handler);
  clients = testClients(server.url, options);
  return createConverseBackend(clients, { streamStallMs });
}

async function collect(events: EventBatches): Promise<ConverseEvent[]> {
  const all: ConverseEvent[] = [];
  for await (const batch of itemsOf(events)) all.push(...batch);
  return all;
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => new Error('no failure'),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error;
}

const chunked =
  (...parts: Buffer[]): RequestListener =>
  (_, response) => {
    response.writeHead(200, streamHeaders);
    for (const part of parts) response.write(part);
    response.end();
  };

describe('send', () => {
  test('the canonical request goes out as it is, signed, and the answer comes back as it is', async () => {
    const seen: { url?: string; headers: Record<string, unknown>; body: unknown }[] = [];
    const { send } = await backend(async (request, response) => {
      seen.push({ url: request.url, headers: request.headers, body: JSON.parse(await readBody(request)) });
      sendJson(response, 200, answer);
    });
    const request = { messages: [{ role: 'user' as const, content: [{ text: 'Grüße 🙂' }] }] };
    expect(await send(call({ request }))).toEqual({ answer, requestId: 'request-1' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      url: '/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse',
      body: request,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(JSON.stringify(request))),
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIA\S+\/us-east-1\/bedrock\//),
        'user-agent': expect.stringContaining('bedrock-gateway'),
      },
    });
  });

  test('an ARN is one segment of the path', async () => {
    let url: string | undefined;
    const { send } = await backend((request, response) => {
      url = request.url;
      sendJson(response, 200, answer);
    });
    const id = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    await send(call({ target: { ...call().target, id } }));
    expect(url).toBe(`/model/${encodeURIComponent(id)}/converse`);
  });

  test('an exception is an error of the table, once, and nothing is retried', async () => {
    let calls = 0;
    const { send } = await backend((_, response) => {
      calls += 1;
      const headers = {
        'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/',
        'retry-after': '7',
      };
      sendJson(response, 429, { message: 'Too many tokens, please wait before trying again.' }, headers);
    });
    expect(await failure(send(call()))).toMatchObject({
      status: 429,
      reason: 'throttled',
      message: 'Rate limit reached for model `claude`. Please try again later.',
      retryAfterMs: 7000,
      mayHaveRun: false,
      upstream: {
        name: 'ThrottlingException',
        message: 'Too many tokens, please wait before trying again.',
        status: 429,
        requestId: 'request-1',
        retryAfterMs: 7000,
      },
    });
    expect(calls).toBe(1);
  });

  test('the members of ModelErrorException are read', async () => {
    const { send } = await backend((_, response) =>
      sendJson(
        response,
        424,
        { message: 'The model failed.', originalStatusCode: 400, resourceName: 'x' },
        { 'x-amzn-errortype': 'ModelErrorException' },
      ),
    );
    expect(await failure(send(call()))).toMatchObject({ status: 400, message: 'The model failed.' });
  });

  test('an error page of a proxy', async () => {
    const { send } = await backend((_, response) => {
      response.writeHead(503, { 'content-type': 'text/html' });
      response.end('<html>');
    });
    expect(await failure(send(call()))).toMatchObject({ status: 503, reason: 'overloaded' });
  });

  test.each([
    [
      'an error of the service framework',
      '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
      'UnknownOperationException',
    ],
    ['a message', '{"message":"no"}', 'IncompleteAnswer'],
    ['no JSON', '<html>', 'IncompleteAnswer'],
    ['null', 'null', 'IncompleteAnswer'],
    ['nothing', '', 'IncompleteAnswer'],
  ])('status 200 with %s', async (_, body, name) => {
    const { send } = await backend((__, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    const error = await failure(send(call()));
    expect(error).toMatchObject({ status: 502, reason: 'connection', mayHaveRun: true, upstream: { name } });
  });

  const { output, stopReason, usage } = answer;
  test.each<[string, unknown]>([
    ['content', { output: { message: { role: 'assistant' } }, stopReason, usage }],
    ['a list of content', { output: { message: { role: 'assistant', content: null } }, stopReason, usage }],
    ['a reason to stop', { output, usage }],
    ['counts', { output, stopReason }],
  ])('an answer without %s is none', async (_, body) => {
    const { send } = await backend((__, response) => sendJson(response, 200, body));
    expect(await failure(send(call()))).toMatchObject({ status: 502, code: 'bad_gateway', mayHaveRun: true });
  });

  test('connection refused', async () => {
    const { send } = await backend(() => {});
    await server?.close();
    expect(await failure(send(call()))).toMatchObject({
      status: 502,
      reason: 'connection',
      mayHaveRun: false,
    });
  });

  test('connection reset before the answer', async () => {
    const { send } = await backend((request) => request.socket.destroy());
    expect(await failure(send(call()))).toMatchObject({ status: 502, reason: 'connection' });
  });

  test('connection reset within the answer', async () => {
    const { send } = await backend((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"output":', () => response.destroy());
    });
    expect(await failure(send(call()))).toMatchObject({
      status: 502,
      reason: 'connection',
      mayHaveRun: true,
    });
  });

  test('silence', async () => {
    const { send } = await backend(() => {}, { socketTimeoutMs: 50 });
    expect(await failure(send(call()))).toMatchObject({ status: 504, reason: 'timeout', mayHaveRun: true });
    await until(() => server?.open() === 0);
  });

  test('an abort closes the connection', async () => {
    const controller = new AbortController();
    const { send } = await backend(() => controller.abort());
    expect(await failure(send(call({ signal: controller.signal })))).toMatchObject({ reason: 'aborted' });
    await until(() => server?.open() === 0);
  });

  test('20 calls use one connection', async () => {
    const { send } = await backend((request, response) => {
      request.resume();
      sendJson(response, 200, answer);
    });
    for (let i = 0; i < 20; i += 1) await send(call());
    expect(server?.connections()).toBe(1);
  });
});

describe('stream', () => {
  const events = [
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hello' } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: 'end_turn' } },
    { metadata: { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } } },
  ];

  test('the events as they come, and one connection for 20 streams', async () => {
    const { stream } = await backend(chunked(...wholeStream));
    for (let i = 0; i < 20; i += 1) {
      const { events: batches, requestId } = await stream(call());
      expect(await collect(batches)).toEqual(events);
      expect(requestId).toBe('request-1');
    }
    expect(server?.connections()).toBe(1);
  });

  test('what comes in one read of the socket is one batch', async () => {
    const { stream } = await backend((_, response) => {
      response.writeHead(200, streamHeaders);
      response.flushHeaders();
      response.socket?.cork();
      for (const frame of wholeStream) response.write(frame);
      response.socket?.uncork();
      response.end();
    });
    const sizes: number[] = [];
    for await (const batch of itemsOf((await stream(call())).events)) sizes.push(batch.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(5);
    expect(sizes.length).toBeLessThanOrEqual(2);
  });

  test('each event is there before the next is sent', async () => {
    let sendNext = () => {};
    const { stream } = await backend((_, response) => {
      response.writeHead(200, streamHeaders);
      const parts = [...wholeStream];
      sendNext = () => (parts.length > 0 ? response.write(parts.shift()) : response.end());
      sendNext();
    });
    const seen: ConverseEvent[] = [];
    for await (const batch of itemsOf((await stream(call())).events)) {
      seen.push(...batch);
      sendNext();
    }
    expect(seen).toEqual(events);
  });

  /** An event of another shape than Bedrock's. */
  const odd = (type: string, payload: unknown) => encodeEvent(type, payload as Record<string, unknown>);

  test('unknown events are passed over', async () => {
    const { stream } = await backend(chunked(encodeEvent('somethingNew', { a: 1 }), ...wholeStream));
    expect(await collect((await stream(call())).events)).toEqual(events);
  });

  test.each([[null], [[]], ['x'], [{}], [{ contentBlockIndex: 0 }], [{ usage: null }]])(
    'so are the beginning of a block and counts that say nothing: %j',
    async (said) => {
      const saying = ['contentBlockStart', 'metadata'].map((type) => odd(type, said));
      const { stream } = await backend(chunked(...wholeStream, ...saying));
      expect(await collect((await stream(call())).events)).toEqual(events);
    },
  );

  test('a refusal is an error before the stream', async () => {
    const { stream } = await backend((_, response) =>
      sendJson(
        response,
        400,
        { message: 'Input is too long for requested model.' },
        { 'x-amzn-errortype': 'ValidationException' },
      ),
    );
    expect(await failure(stream(call()))).toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  test('status 200 with JSON is an error before the stream', async () => {
    const { stream } = await backend((_, response) => sendJson(response, 200, { message: 'no' }));
    expect(await failure(stream(call()))).toMatchObject({ status: 502, upstream: { message: 'no' } });
  });

  const before = [frames.start, frames.delta('Hello')];
  const damaged = Buffer.from(frames.delta('damaged'));
  damaged[damaged.length - 20]! ^= 1;

  test.each<[string, Buffer[], Record<string, unknown>]>([
    [
      'an exception',
      [encodeException('throttlingException', { message: 'x' })],
      { status: 429, reason: 'throttled' },
    ],
    ['an error frame', [encodeError('internalServerException', 'x')], { status: 500, reason: 'overloaded' }],
    ['a damaged frame', [damaged], { status: 502, reason: 'connection' }],
    ['a truncated frame', [frames.delta('cut').subarray(0, 30)], { status: 502, reason: 'connection' }],
    ['an end without messageStop', [], { status: 502, reason: 'connection' }],
    ...[null, {}, { stopReason: 1 }].map((event): [string, Buffer[], Record<string, unknown>] => [
      `messageStop with ${JSON.stringify(event)}`,
      [odd('messageStop', event)],
      { status: 502, reason: 'connection' },
    ]),
    ...[null, [], 3, {}, { contentBlockIndex: 0, delta: null }].map(
      (event): [string, Buffer[], Record<string, unknown>] => [
        `contentBlockDelta with ${JSON.stringify(event)}`,
        [odd('contentBlockDelta', event)],
        { status: 502, reason: 'connection' },
      ],
    ),
  ])(
    '%s after events: they come, then the error, and the connection is closed',
    async (_, rest, expected) => {
      const { stream } = await backend((__, response) => {
        response.writeHead(200, streamHeaders);
        for (const part of [...before, ...rest]) response.write(part);
        if (rest.length === 0 || expected.reason === 'connection') response.end();
      });
      const seen: ConverseEvent[] = [];
      const reading = (async () => {
        for await (const batch of itemsOf((await stream(call())).events)) seen.push(...batch);
      })();
      expect(await failure(reading)).toMatchObject(expected);
      expect(seen).toEqual(events.slice(0, 2));
      if (expected.reason !== 'connection') await until(() => server?.open() === 0);
    },
  );

  test('connection lost in the middle', async () => {
    const { stream } = await backend((_, response) => {
      response.writeHead(200, streamHeaders);
      response.write(frames.start, () => response.destroy());
    });
    const error = await failure(stream(call()).then(({ events: batches }) => collect(batches)));
    expect(error).toMatchObject({ status: 502, reason: 'connection', mayHaveRun: true });
  });

  test.each<[string, Buffer[]]>([
    ['nothing', []],
    ['half a frame', [frames.metadata.subarray(0, 40)]],
  ])('after messageStop %s and a lost connection is an end', async (_, rest) => {
    const { stream } = await backend((__, response) => {
      response.writeHead(200, streamHeaders);
      for (const part of [...wholeStream.slice(0, 4), ...rest]) response.write(part);
      setImmediate(() => response.destroy());
    });
    expect(await collect((await stream(call())).events)).toEqual(events.slice(0, 4));
  });

  test('an end without metadata is an end', async () => {
    const { stream } = await backend(chunked(...wholeStream.slice(0, 4)));
    expect(await collect((await stream(call())).events)).toEqual(events.slice(0, 4));
  });

  test('a stall ends the stream and closes the connection', async () => {
    const handler: RequestListener = (_, response) => {
      response.writeHead(200, streamHeaders);
      response.write(frames.start);
    };
    const { stream } = await backend(handler, {}, 50);
    const error = await failure(stream(call()).then(({ events: batches }) => collect(batches)));
    expect(error).toMatchObject({ status: 504, reason: 'timeout', mayHaveRun: true });
    await until(() => server?.open() === 0);
  });

  const endless: RequestListener = (_, response) => {
    response.writeHead(200, streamHeaders);
    response.write(frames.start);
  };

  test('an abort in the middle closes the connection and says why', async () => {
    const controller = new AbortController();
    const reason = new GatewayError({ status: 504, reason: 'deadline', message: 'late' });
    const { stream } = await backend(endless);
    const { events: batches } = await stream(call({ signal: controller.signal }));
    const reading = (async () => {
      for await (const _ of itemsOf(batches)) controller.abort(reason);
    })();
    expect(await failure(reading)).toBe(reason);
    await until(() => server?.open() === 0);
  });

  test('leaving the loop closes the connection', async () => {
    const { stream } = await backend(endless);
    for await (const batch of itemsOf((await stream(call())).events)) {
      expect(batch).toHaveLength(1);
      break;
    }
    await until(() => server?.open() === 0);
  });

  test('an error of the consumer closes the connection', async () => {
    const { stream } = await backend(endless);
    const reading = (async () => {
      for await (const _ of itemsOf((await stream(call())).events)) throw new Error('consumer');
    })();
    await expect(reading).rejects.toThrow('consumer');
    await until(() => server?.open() === 0);
  });

  test('a slow consumer slows the socket down, and loses nothing', async () => {
    const count = 2000;
    let sent = 0;
    const text = 'x'.repeat(16_000);
    const { stream } = await backend(async (_, response) => {
      response.writeHead(200, streamHeaders);
      for (; sent < count; sent += 1) {
        if (!response.write(frames.delta(text)))
          await new Promise((resolve) => response.once('drain', resolve));
      }
      response.end(frames.stop);
    });
    const { events: batches } = await stream(call());
    const iterator = itemsOf(batches);
    let deltas = 0;
    const take = async () => {
      const next = await iterator.next();
      deltas += next.value?.filter((event: ConverseEvent) => 'contentBlockDelta' in event).length ?? 0;
      return next.done;
    };
    await take();
    await settled(() => sent);
    expect(sent).toBeLessThan(count);
    while (!(await take()));
    expect(deltas).toBe(count);
  });

  test('60 streams at once do not wait for each other', async () => {
    let open = 0;
    const waiting: (() => void)[] = [];
    const { stream } = await backend((_, response) => {
      response.writeHead(200, streamHeaders);
      response.write(frames.start);
      waiting.push(() => response.end(Buffer.concat(wholeStream.slice(1))));
      open += 1;
      if (open === 60) for (const finish of waiting) finish();
    });
    const all = await Promise.all(
      Array.from({ length: 60 }, async () => collect((await stream(call())).events)),
    );
    expect(all.every((each) => each.length === 5)).toBe(true);
  });
});

/** Resolves when a number has stopped changing. */
async function settled(number: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 10; same += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (number() !== last) same = 0;
    last = number();
  }
}
