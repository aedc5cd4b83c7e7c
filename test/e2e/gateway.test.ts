import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { encodeEvent, encodeException } from '../../local/simulator/event-stream.ts';
import { type Simulator, startSimulator } from '../../local/simulator/index.ts';
import { startSecretsManager } from '../support/secrets-manager.ts';
import type { Answer } from './answer.ts';
import { type Lambda, startLambda } from './lambda.ts';
import { startUpstream } from './upstream.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf';
const key = 'sk-e2e-canary-0123456789';
const prompt = 'a prompt that nobody should find in the log';
const headers = { authorization: `Bearer ${key}` };

let folder: string;
let upstream: Awaited<ReturnType<typeof startUpstream>>;
let secrets: Awaited<ReturnType<typeof startSecretsManager>>;
let simulator: Simulator;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-e2e-'));
  bundle({ outdir: folder });
  [upstream, secrets, simulator] = await Promise.all([
    startUpstream(),
    startSecretsManager(arn),
    startSimulator(),
  ]);
  secrets.state.current = key;
  environment = {
    API_KEY_SECRET_ARN: arn,
    API_KEY_TTL_SECONDS: '1',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_BEDROCK: simulator.url,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: upstream.url,
    AWS_MAX_ATTEMPTS: '1',
  };
});
afterAll(async () => {
  await Promise.all([upstream.close(), secrets.close(), simulator.close()]);
  await rm(folder, { recursive: true });
});

const chat = (more: object = {}) => ({
  path: '/v1/chat/completions',
  headers,
  body: {
    model: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    ...more,
  },
});

/** Bedrock's side of a stream, event by event. */
function bedrockStream(response: ServerResponse) {
  response.writeHead(200, {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amzn-requestid': 'b-1',
  });
  return {
    start: () => response.write(encodeEvent('messageStart', { role: 'assistant' })),
    text: (text: string) =>
      response.write(encodeEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text } })),
    exception: () => response.end(encodeException('modelStreamErrorException', { message: 'model text' })),
    stop() {
      response.write(encodeEvent('contentBlockStop', { contentBlockIndex: 0 }));
      response.write(encodeEvent('messageStop', { stopReason: 'end_turn' }));
      const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
      response.end(encodeEvent('metadata', { usage, metrics: { latencyMs: 1 } }));
    },
  };
}

/** The JSON of each event, `[DONE]` as it is. */
function eventsOf(body: string): unknown[] {
  const lines = body.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => (line === 'data: [DONE]' ? '[DONE]' : JSON.parse(line.slice('data: '.length))));
}

/** One error, at the end, and nothing that claims success. */
async function expectBroken(answer: Answer): Promise<void> {
  const body = await answer.end();
  const errors = eventsOf(body).filter(
    (event) => typeof event === 'object' && event !== null && 'error' in event,
  );
  expect(errors).toHaveLength(1);
  expect(eventsOf(body).at(-1)).toEqual(errors[0]);
  expect(body).not.toContain('[DONE]');
  expect(body).not.toMatch(/"finish_reason":"/);
  expect(answer.trailers).toEqual({});
}

/** What the last request left in the log. */
function lastRecord(output: string): unknown {
  const line = output.split('\n').findLast((text) => text.includes('"message":"request"'));
  return line && JSON.parse(line.slice(line.indexOf('{')));
}

describe('the gateway in Lambda', () => {
  let lambda: Lambda;
  beforeAll(async () => {
    lambda = await startLambda(folder, environment);
  });
  afterAll(() => lambda.stop());
  afterEach(async () => {
    const answer = lambda.request({ path: '/health' });
    expect(await answer.head()).toMatchObject({ statusCode: 200 });
    await answer.end();
    expect(lambda.exitCode()).toBeUndefined();
    expect(lambda.output()).not.toMatch(/canary|0123456789"|nobody should find/);
  });

  it('streams chunk by chunk, while Bedrock still has more to say', async () => {
    const answer = lambda.request(chat({ stream_options: { include_usage: true } }));
    const { request, response } = await upstream.call();
    expect(request.url).toMatch(/^\/model\/.*nova-lite.*\/converse-stream$/);
    const stream = bedrockStream(response);
    stream.start();
    stream.text('first');
    await answer.bodyWith('first');
    expect(answer.ended).toBe(false);
    expect(await answer.head()).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': expect.stringContaining('text/event-stream'),
        'x-request-id': expect.stringMatching(/^[\w-]+$/),
      },
    });
    stream.text(' second');
    await answer.bodyWith('second');
    stream.stop();
    const events = eventsOf(await answer.end());
    expect(events.at(-1)).toBe('[DONE]');
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 5 } });
    const record = { stream: true, modelUsed: 'amazon.nova-lite-v1:0', inputTokens: 3, outputTokens: 2 };
    await expect.poll(() => lastRecord(lambda.output())).toMatchObject(record);
  });

  it('answers in one piece, to a body in base64', async () => {
    const answer = lambda.request({ ...chat({ stream: false }), base64: true });
    const { response } = await upstream.call();
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = { role: 'assistant', content: [{ text: 'hello' }] };
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    response.end(
      JSON.stringify({ output: { message }, stopReason: 'end_turn', usage, metrics: { latencyMs: 1 } }),
    );
    expect(JSON.parse(await answer.end())).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { 'x-api-key': `${key}x` }],
  ])('with %s is a 401 that holds no part of one', async (_, given) => {
    const answer = lambda.request({ ...chat(), headers: given as Record<string, string> });
    const body = await answer.end();
    expect(await answer.head()).toMatchObject({ statusCode: 401 });
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'invalid_api_key' } });
    expect(body).not.toContain('canary');
  });

  it('answers HEAD, whose body is empty', async () => {
    const answer = lambda.request({ method: 'HEAD', path: '/health' });
    expect(await answer.head()).toMatchObject({ statusCode: 200 });
    expect(await answer.end()).toBe('');
  });

  it('shows a page at the bare address, and the routes there are at one that is none', async () => {
    const page = lambda.request({ path: '/', headers: { accept: 'text/html' } });
    expect(await page.head()).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(await page.end()).toContain('POST /v1/chat/completions');
    const nowhere = lambda.request({ path: '/nowhere' });
    expect(await nowhere.head()).toMatchObject({ statusCode: 404 });
    expect(await nowhere.end()).toContain('POST /v1/chat/completions');
  });

  it('gives a refusal before the first event its own status', async () => {
    const answer = lambda.request(chat());
    const { response } = await upstream.call();
    response.writeHead(429, {
      'content-type': 'application/json',
      'x-amzn-errortype': 'ThrottlingException',
    });
    response.end('{"message":"Too many requests"}');
    expect(await answer.head()).toMatchObject({
      statusCode: 429,
      headers: { 'retry-after': expect.anything() },
    });
    await answer.end();
  });

  it('tells of an exception in mid-stream', async () => {
    const answer = lambda.request(chat());
    const stream = bedrockStream((await upstream.call()).response);
    stream.start();
    stream.text('half');
    await answer.bodyWith('half');
    stream.exception();
    await expectBroken(answer);
  });

  it('tells of Bedrock’s connection breaking in mid-stream', async () => {
    const answer = lambda.request(chat());
    const { response } = await upstream.call();
    const stream = bedrockStream(response);
    stream.start();
    stream.text('half');
    await answer.bodyWith('half');
    response.destroy();
    await expectBroken(answer);
  });

  it('hangs up on Bedrock when the runtime’s socket drops', async () => {
    const answer = lambda.request(chat());
    const { response, closed } = await upstream.call();
    const stream = bedrockStream(response);
    stream.start();
    stream.text('half');
    await answer.bodyWith('half');
    answer.drop();
    await closed;
  });

  it('ends a stream that has gone silent before the function’s time is up', async () => {
    const answer = lambda.request(chat(), 1000);
    const { response, closed } = await upstream.call();
    const stream = bedrockStream(response);
    stream.start();
    stream.text('half');
    await expectBroken(answer);
    await closed;
  });

  it('answers for a Bedrock that does not, before the function’s time is up', async () => {
    const answer = lambda.request(chat(), 1000);
    const { closed } = await upstream.call();
    expect(await answer.head()).toMatchObject({ statusCode: 504 });
    await answer.end();
    await closed;
  });

  it('takes a rotated key without a restart, and the old one beside it', async () => {
    secrets.state.previous = key;
    secrets.state.current = 'sk-e2e-canary-rotated';
    const status = async (apiKey: string) => {
      const answer = lambda.request({ path: '/v1/models', headers: { 'api-key': apiKey } });
      await answer.end();
      return (await answer.head()).statusCode;
    };
    await expect.poll(() => status('sk-e2e-canary-rotated'), { timeout: 10_000 }).toBe(200);
    expect(await status(key)).toBe(200);
  });
});

describe('the start', () => {
  it.each([
    ['without a key', { API_KEY_SECRET_ARN: '' }, 'API_KEY_SECRET_ARN, API_KEY or API_KEY_FILE'],
    ['with a setting that cannot be used', { HEARTBEAT_SECONDS: 'often' }, 'HEARTBEAT_SECONDS'],
  ])('%s fails, and names the variable', async (_, more, message) => {
    const lambda = await startLambda(folder, { ...environment, ...more });
    expect(await lambda.exited).not.toBe(0);
    expect(lambda.api.initErrors).toEqual([expect.objectContaining({ errorType: 'ConfigError' })]);
    expect(lambda.api.initErrors[0]?.errorMessage).toContain(message);
    await lambda.stop();
  });

  it('with a secret that cannot be read lets nobody in', async () => {
    const lambda = await startLambda(folder, { ...environment, API_KEY_SECRET_ARN: `${arn}-other` });
    const answer = lambda.request(chat());
    expect(await answer.head()).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(JSON.parse(await answer.end())).toMatchObject({ error: { code: 'api_keys_unavailable' } });
    await expect.poll(() => lambda.output()).toContain('API_KEY_SECRET_ARN');
    await lambda.stop();
  });
});
