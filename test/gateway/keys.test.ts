import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runKeys } from '../../local/keys/run-keys.ts';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { keysFile, type TestKey, writeKeys } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

const guardrail = { guardrailIdentifier: 'v9kpg6yrwhs2', guardrailVersion: '3' };
const keys: TestKey[] = [
  { name: 'all', key: 'sk-canary-all' },
  { name: 'expired', key: 'sk-canary-expired', expires: '2026-01-01' },
  { name: 'revoked', key: 'sk-canary-revoked', revoked: true },
  { name: 'nova only', key: 'sk-canary-nova', models: ['*nova*', 'quick', 'amazon.titan-embed-*'] },
  { name: 'guarded', key: 'sk-canary-guarded', guardrail, metadata: { team: 'red', Cost: '7' } },
];
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

let stack: Stack;
let file: string;
beforeAll(async () => {
  file = await keysFile(keys);
  stack = await startStack({
    env: {
      AWS_MAX_ATTEMPTS: '1',
      API_KEY_FILE: file,
      API_KEY_TTL_SECONDS: '1',
      MODEL_ALIASES: JSON.stringify({ quick: haiku, slow: haiku }),
    },
  });
});
afterAll(() => stack.close());

const routes: [string, (headers: Record<string, string>) => Promise<Response>][] = [
  ['a chat', (headers) => post('/chat/completions', { model: haiku, messages: [] }, headers)],
  ['a stream', (headers) => post('/chat/completions', { model: haiku, messages: [], stream: true }, headers)],
  [
    'embeddings',
    (headers) => post('/embeddings', { model: 'amazon.titan-embed-text-v2:0', input: 'x' }, headers),
  ],
  ['the models', (headers) => fetch(`${stack.baseUrl}/models`, { headers })],
  ['a model', (headers) => fetch(`${stack.baseUrl}/models/${haiku}`, { headers })],
  ['no route', (headers) => fetch(`${stack.baseUrl}/nothing`, { headers })],
];
const post = (path: string, body: unknown, headers: Record<string, string>) =>
  fetch(`${stack.baseUrl}${path}`, { method: 'POST', body: JSON.stringify(body), headers });

describe('a key that is not valid', () => {
  const bad: [string, Record<string, string>][] = [
    ['none', {}],
    ['an empty one', { authorization: 'Bearer ' }],
    ['a wrong one', bearer('sk-canary-wrong')],
    ['the beginning of a right one', bearer('sk-canary-al')],
    ['a right one and more', bearer('sk-canary-allx')],
    ['a right one in other letters', bearer('SK-CANARY-ALL')],
    ['an expired one', bearer('sk-canary-expired')],
    ['a revoked one', { 'x-api-key': 'sk-canary-revoked' }],
    ['a digest instead of a key', { 'api-key': '0'.repeat(64) }],
    ['a right one the wrong way', { authorization: 'Basic sk-canary-all' }],
  ];
  for (const [route, ask] of routes) {
    test(`gets the same 401 whatever is wrong with it, and calls nothing: ${route}`, async () => {
      stack.simulator.reset();
      const answers = await Promise.all(
        bad.map(async ([, headers]) => {
          const response = await ask(headers);
          return { status: response.status, body: await response.text() };
        }),
      );
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
      expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ error: { code: 'invalid_api_key' } });
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
      expect(stack.simulator.calls).toEqual([]);
    });
  }
});

describe('a key’s scope', () => {
  const scoped = bearer('sk-canary-nova');

  test.each([
    ['by its id', haiku],
    ['by the id of its foundation model', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
    ['by its ARN', 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0'],
    ['with a region', `custom:us-east-1:${haiku}`],
    ['by an alias', 'slow'],
    ['under a label that is in scope', 'nova-id:custom.a1b2c3d4e5f6'],
    ['under such a label with a region', 'custom:us-east-1:nova-id:custom.a1b2c3d4e5f6'],
    ['encoded', encodeURIComponent(haiku)],
  ])('a model outside it is a 403 and is not called: %s', async (_, model) => {
    stack.simulator.reset();
    for (const stream of [false, true]) {
      const told = await chat(stack, 'Hello there', { model, stream }, scoped);
      expect(told).toMatchObject({ status: 403, error: { code: 'model_not_allowed' } });
    }
    expect(runtimeCalls(stack)).toEqual([]);
  });

  test('holds for embeddings', async () => {
    stack.simulator.reset();
    const ask = (model: string) => stack.post('/embeddings', { model, input: 'some words' }, scoped);
    expect((await ask('cohere.embed-english-v3')).status).toBe(403);
    expect(runtimeCalls(stack)).toEqual([]);
    expect((await ask('amazon.titan-embed-text-v2:0')).status).toBe(200);
  });

  test.each([nova, 'amazon.nova-lite-v1:0', 'quick'])('%s is within it', async (model) => {
    expect((await chat(stack, 'Hello there', { model }, scoped)).status).toBe(200);
  });

  test('bounds the list of models', async () => {
    const list = async (headers: Record<string, string>) => {
      const { data } = (await (await stack.get('/models', headers)).json()) as { data: { id: string }[] };
      return data.map(({ id }) => id);
    };
    const all = await list(bearer('sk-canary-all'));
    expect(all).toContain(haiku);
    const own = await list(scoped);
    // The two of the team are application profiles of such models: what may be called is shown. A router is not.
    const within = /nova(?!-router)|^quick$|^amazon\.titan-embed-|^team-(support|vectors)$/;
    expect(own).toEqual(all.filter((id) => within.test(id)));
    expect((await stack.get(`/models/${haiku}`, scoped)).status).toBe(404);
    expect((await stack.get(`/models/${nova}`, scoped)).status).toBe(200);
  });
});

describe('what a key enforces', () => {
  const guarded = bearer('sk-canary-guarded');
  const sent = async (more: object, headers: Record<string, string> = {}) => {
    stack.simulator.reset();
    const told = await chat(stack, 'Hello there', { ...more }, { ...guarded, ...headers });
    expect(told.status).toBe(200);
    return runtimeCalls(stack)[0]?.body as { guardrailConfig?: object; requestMetadata?: object };
  };

  test('its guardrail, whatever the client says', async () => {
    const other = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
    for (const stream of [false, true]) {
      const bodies = [
        await sent({ stream }),
        await sent({ stream, guardrailConfig: other }),
        await sent({ stream, extra_body: { guardrailConfig: other } }),
        await sent({ stream }, { 'x-amzn-bedrock-guardrailidentifier': 'abc123' }),
      ];
      for (const body of bodies) expect(body.guardrailConfig).toMatchObject(guardrail);
    }
  });

  test('its metadata, whatever the client says, in any case of its names', async () => {
    const { requestMetadata } = await sent({ metadata: { TEAM: 'blue', cost: '0', ticket: '42' } });
    expect(requestMetadata).toEqual({
      team: 'red',
      Cost: '7',
      ticket: '42',
      'gateway-key': 'guarded',
      'gateway-request-id': expect.any(String),
    });
    const many = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`n${i}`, 'x']));
    const full = await sent({ metadata: many });
    expect(Object.keys(full.requestMetadata ?? {})).toHaveLength(16);
    expect(full.requestMetadata).toMatchObject({ team: 'red', Cost: '7' });
  });
});

describe('a file of keys, while the gateway runs', () => {
  test('a key made by `gateway keys` opens it, and one that is revoked does no longer', async () => {
    const shown: string[] = [];
    const gatewayKeys = (...args: string[]) =>
      runKeys([...args, '--file', file], {
        stdout: { write: (text) => shown.push(text) },
        stderr: { write: () => true },
        env: {},
      });
    expect(await gatewayKeys('create', '--name', 'new one')).toBe(0);
    const headers = bearer(shown.join('').trim());
    const status = async () => (await stack.get('/models', headers)).status;
    await expect.poll(status, { timeout: 15_000, interval: 200 }).toBe(200);
    expect(stack.logs.at(-1)).toMatchObject({ key: 'new one' });
    expect(await gatewayKeys('revoke', '--name', 'new one')).toBe(0);
    await expect.poll(status, { timeout: 15_000, interval: 200 }).toBe(401);
  });

  test('a file that has become unreadable lets in whom it let in before, and is reported', async () => {
    await writeKeys(file, keys);
    await expect.poll(async () => (await stack.get('/models', bearer('sk-canary-all'))).status).toBe(200);
    await writeFile(file, '{"keys": sk-canary-all');
    const reported = () => stack.logs.some(({ message }) => message === 'The API keys cannot be read.');
    await expect
      .poll(async () => [(await stack.get('/models', bearer('sk-canary-all'))).status, reported()], {
        timeout: 15_000,
        interval: 200,
      })
      .toEqual([200, true]);
  });
});
