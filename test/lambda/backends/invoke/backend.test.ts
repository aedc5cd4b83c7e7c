import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { BackendCall } from '../../../../lambda/backends/backend.ts';
import { createInvokeBackend } from '../../../../lambda/backends/invoke/backend.ts';
import type { BedrockClients } from '../../../../lambda/bedrock/clients.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ConverseEvent, ConverseRequest, EventBatches } from '../../../../lambda/canonical/types.ts';
import type { GatewayError } from '../../../../lambda/errors.ts';
import { encodeEvent, encodeException } from '../../../../local/simulator/event-stream.ts';
import { itemsOf } from '../../../support/sources.ts';
import { call, fakeBedrock, readBody, sendJson, streamHeaders, testClients } from '../fake-bedrock.ts';

const arn = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/a1b2c3d4e5f6';

let server: Awaited<ReturnType<typeof fakeBedrock>> | undefined;
let clients: BedrockClients | undefined;
let seen: { url: string | undefined; headers: IncomingHttpHeaders; body: string };

afterEach(async () => {
  clients?.close();
  await server?.close();
});

async function backend(answer: RequestListener) {
  server = await fakeBedrock(async (request, response) => {
    seen = { url: request.url, headers: request.headers, body: await readBody(request) };
    answer(request, response);
  });
  clients = testClients(server.url);
  return createInvokeBackend(clients);
}

function invokeCall(request: Partial<ConverseRequest> = {}, format = 'openai-chat'): BackendCall {
  const base = call();
  return {
    ...base,
    target: { ...base.target, id: arn, backend: 'invoke', format },
    request: { ...base.request, ...request },
  };
}

const chunk = (native: unknown) =>
  encodeEvent('chunk', { bytes: Buffer.from(JSON.stringify(native)).toString('base64') });

const streamed =
  (...parts: Buffer[]): RequestListener =>
  (_, response) => {
    response.writeHead(200, streamHeaders);
    for (const part of parts) response.write(part);
    response.end();
  };

async function collect(events: EventBatches): Promise<ConverseEvent[]> {
  const all: ConverseEvent[] = [];
  for await (const batch of itemsOf(events)) all.push(...batch);
  return all;
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  return promise.then(
    () => expect.fail('no failure'),
    (error) => error,
  );
}

const completion = {
  choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
};

describe('InvokeModel', () => {
  test('sends the format’s body and gives Converse’s answer', async () => {
    const { send } = await backend((_, response) =>
      sendJson(response, 200, completion, { 'x-amzn-bedrock-invocation-latency': '12' }),
    );
    const { answer, requestId } = await send(invokeCall());
    expect(seen.url).toBe(`/model/${encodeURIComponent(arn)}/invoke`);
    expect(seen.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
    expect(JSON.parse(seen.body)).toEqual({ messages: [{ role: 'user', content: 'Hi' }] });
    expect(requestId).toBe('request-1');
    expect(answer).toEqual({
      output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 },
      metrics: { latencyMs: 12 },
    });
  });

  test('guardrail, tier, latency and metadata travel in headers', async () => {
    const { send } = await backend((_, response) =>
      sendJson(response, 200, { ...completion, 'amazon-bedrock-guardrailAction': 'INTERVENED' }),
    );
    const { answer } = await send(
      invokeCall({
        guardrailConfig: { guardrailIdentifier: 'g1', guardrailVersion: '2', trace: 'enabled' },
        performanceConfig: { latency: 'optimized' },
        serviceTier: { type: 'flex' },
        requestMetadata: { team: 'search' },
      }),
    );
    expect(seen.headers).toMatchObject({
      'x-amzn-bedrock-guardrailidentifier': 'g1',
      'x-amzn-bedrock-guardrailversion': '2',
      'x-amzn-bedrock-trace': 'ENABLED',
      'x-amzn-bedrock-performanceconfig-latency': 'optimized',
      'x-amzn-bedrock-service-tier': 'flex',
      'x-amzn-bedrock-request-metadata': '{"team":"search"}',
    });
    expect(Object.keys(JSON.parse(seen.body))).toEqual(['messages']);
    expect(answer.stopReason).toBe('guardrail_intervened');
  });

  test.each([
    ['not JSON', 'oops'],
    ['an object without an answer', JSON.stringify({ message: 'no' })],
  ])('a 200 with %s is a 502 that is not repeated', async (_, text) => {
    const { send } = await backend((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(text);
    });
    expect(await failure(send(invokeCall()))).toMatchObject({ status: 502, mayHaveRun: true });
  });

  test('ModelNotReadyException is not_ready, for the policy to wait', async () => {
    const { send } = await backend((_, response) =>
      sendJson(
        response,
        429,
        { message: 'Model is not ready for inference.' },
        { 'x-amzn-errortype': 'ModelNotReadyException' },
      ),
    );
    expect(await failure(send(invokeCall()))).toMatchObject({ status: 503, reason: 'not_ready' });
  });

  test('what the format cannot carry is refused before anything is sent', async () => {
    const { send } = await backend((_, response) => sendJson(response, 200, completion));
    const image = { image: { format: 'png', source: { bytes: 'iVBORw0=' } } };
    const request = { messages: [{ role: 'user' as const, content: [image] }] };
    expect(await failure(send(invokeCall(request, 'llama')))).toMatchObject({ status: 400 });
    expect(server?.connections()).toBe(0);
  });
});

describe('InvokeModelWithResponseStream', () => {
  test('chunks become events, without `stream` in the body', async () => {
    const metrics = { inputTokenCount: 3, outputTokenCount: 2, invocationLatency: 50 };
    const { stream } = await backend(
      streamed(
        chunk({ choices: [{ delta: { content: 'Hel' } }] }),
        encodeEvent('unknown', {}),
        chunk({ choices: [{ delta: { content: 'lo' }, finish_reason: 'length' }] }),
        chunk({ choices: [], 'amazon-bedrock-invocationMetrics': metrics }),
      ),
    );
    const extra = { additionalModelRequestFields: { stream: true } };
    const { events, requestId } = await stream(invokeCall(extra));
    expect(fold(await collect(events))).toEqual({
      output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
      stopReason: 'max_tokens',
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      metrics: { latencyMs: 50 },
    });
    expect(requestId).toBe('request-1');
    expect(seen.url).toContain('/invoke-with-response-stream');
    expect(JSON.parse(seen.body)).not.toHaveProperty('stream');
  });

  test('a stop that nobody counted ends with an estimate', async () => {
    const { stream } = await backend(streamed(chunk({ generation: 'Hello', stop_reason: 'stop' })));
    const { usage } = fold(await collect((await stream(invokeCall({}, 'llama'))).events));
    expect(usage).toMatchObject({ outputTokens: 2, estimated: true });
  });

  test('a stream that ends without a stop has failed', async () => {
    const { stream } = await backend(streamed(chunk({ generation: 'Hel' })));
    const { events } = await stream(invokeCall({}, 'llama'));
    expect(await failure(collect(events))).toMatchObject({ status: 502, mayHaveRun: true });
  });

  test('an exception in the stream is thrown after what came before it', async () => {
    const { stream } = await backend(
      streamed(
        Buffer.concat([
          chunk({ generation: 'Hel' }),
          encodeException('throttlingException', { message: 'Too many requests' }),
        ]),
      ),
    );
    const { events } = await stream(invokeCall({}, 'llama'));
    const got: ConverseEvent[] = [];
    const reading = (async () => {
      for await (const batch of itemsOf(events)) got.push(...batch);
    })();
    expect(await failure(reading)).toMatchObject({ reason: 'throttled' });
    expect(got).toContainEqual({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hel' } } });
  });
});

test('a raw prompt is sent as it is, control tokens too, and white space before its answer is part of it', async () => {
  const prompt = '<|fim_prefix|>def f():<|eot_id|>\n';
  const messages: ConverseRequest['messages'] = [{ role: 'user', content: [{ text: prompt }] }];
  const answer = { generation: '\n    return 1', stop_reason: 'stop' };
  for (const [format, text] of [
    ['llama/raw', '\n    return 1'],
    ['llama/plain', 'return 1'],
  ] as const) {
    const { send } = await backend((_, response) => sendJson(response, 200, answer));
    const told = await send(invokeCall({ messages }, format));
    expect(told.answer.output.message.content).toEqual([{ text }]);
    expect(JSON.parse(seen.body).prompt).toBe(prompt);
    clients?.close();
    await server?.close();
  }
});
