import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealToolCallId } from '../../lambda/apis/reasoning/sealed-id.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { runtimeCalls } from '../support/chat.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/**
 * Nothing is fetched, opened, looked up or called for somebody before it is known that he may ask for it. What a
 * request would cause is seen in its answer: an image at an address inside this machine is refused once the
 * gateway has gone so far as to fetch it, and sealed states that unpack to too much once it has opened them.
 */

const sonnet = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const nova = 'amazon.nova-lite-v1:0';
let stack: Stack;

beforeAll(async () => {
  const file = await keysFile([
    { name: 'all', key: 'key-of-all' },
    { name: 'nova', key: 'key-of-nova', models: ['*nova*'] },
    { name: 'gone', key: 'key-that-is-gone', revoked: true },
  ]);
  stack = await startStack({
    env: {
      API_KEY: '',
      API_KEY_FILE: file,
      CALLER_CREDENTIALS: 'without-key',
      MODEL_ALIASES: JSON.stringify({ clever: sonnet }),
    },
  });
});
afterAll(() => stack.close());

type Headers = Record<string, string>;
const key = (value: string): Headers => ({ authorization: `Bearer ${value}` });
const credentials = (id: string, secret: string): Headers => ({
  authorization: '',
  'x-aws-access-key-id': id,
  'x-aws-secret-access-key': secret,
});
const plausible = credentials('AKIAMADEUPCANARY0001', 'made/up/secret/of/a/stranger');

const image = {
  role: 'user',
  content: [{ type: 'image_url', image_url: { url: 'https://127.0.0.1/x.png' } }],
};

/** Sealed with the key of whoever sends it, so that only he can make the gateway unpack it. */
function sealedStates(secret: string) {
  const reasoningText = { text: 'A'.repeat(250_000), signature: 's' };
  const id = sealToolCallId('t', [{ reasoningContent: { reasoningText } }], deriveStateKey(secret));
  const call = { id, type: 'function', function: { name: 'f', arguments: '{}' } };
  return Array.from({ length: 120 }, () => [
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: id, content: 'r' },
  ]).flat();
}

interface Caller {
  who: string;
  headers: Headers;
  secret: string;
  /** What he is told, by the model that he asks for, whatever else is in the request. */
  refused: (model: string) => { status: number; code: string } | undefined;
}

const unauthenticated = () => ({ status: 401, code: 'invalid_api_key' });
const invalid = () => ({ status: 400, code: 'invalid_credentials' });
const callers: Caller[] = [
  { who: 'nobody', headers: { authorization: '' }, secret: '', refused: unauthenticated },
  { who: 'a wrong key', headers: key('a-guess'), secret: 'a-guess', refused: unauthenticated },
  {
    who: 'a revoked key',
    headers: key('key-that-is-gone'),
    secret: 'key-that-is-gone',
    refused: unauthenticated,
  },
  ...[
    credentials('garbage', 'garbage'),
    credentials('AKIAMADEUPCANARY0001', 'short'),
    credentials('AKIAMADEUPCANARY0001', 'a secret with spaces in it'),
    credentials('AKIA-NOT-AN-ID-CANARY', 'made/up/secret/of/a/stranger'),
    { ...plausible, 'x-aws-session-token': 'a token with spaces' },
    { ...plausible, 'x-aws-region': 'nowhere' },
  ].map((headers, i) => ({ who: `implausible credentials ${i}`, headers, secret: '', refused: invalid })),
  {
    who: 'a key for another model',
    headers: key('key-of-nova'),
    secret: 'key-of-nova',
    refused: (model) => (model === nova ? undefined : { status: 403, code: 'model_not_allowed' }),
  },
];

const works = [
  { work: 'fetch', messages: () => [image] },
  { work: 'open', messages: sealedStates },
  { work: 'read', messages: () => [{ role: 'nobody', content: 5 }] },
];
const models = [sonnet, 'clever', nova];
const table = callers.flatMap((caller) =>
  works.flatMap((work) => models.map((model) => ({ ...caller, ...work, model }))),
);

async function ask(headers: Headers, body: unknown) {
  const before = runtimeCalls(stack).length;
  const response = await stack.post('/chat/completions', body, headers);
  const { error } = (await response.json()) as { error?: { message: string; code: string | null } };
  return { status: response.status, error, calls: runtimeCalls(stack).length - before };
}

describe('who may not ask gets no work done', () => {
  test.each(table.filter(({ refused, model }) => refused(model)))(
    '$who: no $work for $model',
    async ({ headers, secret, messages, model, refused }) => {
      const { status, error, calls } = await ask(headers, { model, messages: messages(secret) });
      expect({ status, code: error?.code }).toEqual(refused(model));
      expect(calls).toBe(0);
    },
  );

  test.each([
    ['as a fallback', { model: nova, models: [sonnet] }],
    ['in extra_body', { model: nova, extra_body: { models: [sonnet] } }],
  ])('a model outside the scope %s is not called', async (_, asked) => {
    const messages = [{ role: 'user', content: '[[throttle@nova]] Hello' }];
    const { calls } = await ask(key('key-of-nova'), { ...asked, messages });
    expect(calls).toBeGreaterThan(0);
    const called = runtimeCalls(stack).slice(-calls);
    expect(called.every(({ path }) => path.includes('nova'))).toBe(true);
  });

  test.each(callers)('$who: no tokens decoded for embeddings', async ({ headers, refused }) => {
    const body = { model: 'cohere.embed-english-v3', input: [-1, 'not a token'] };
    const response = await stack.post('/embeddings', body, headers);
    const { error } = (await response.json()) as { error: { code: string } };
    expect({ status: response.status, code: error.code }).toEqual(refused(body.model));
  });

  test('implausible credentials are refused before the body is read', async () => {
    const { status, error } = await ask(credentials('garbage', 'garbage'), '{"model": ');
    expect({ status, code: error?.code }).toEqual(invalid());
  });
});

describe('who may ask gets it done', () => {
  test.each([
    { who: 'a key for everything', headers: key('key-of-all'), secret: 'key-of-all', model: sonnet },
    { who: 'a key for the model', headers: key('key-of-nova'), secret: 'key-of-nova', model: nova },
    {
      who: 'a key with credentials of its own',
      headers: { ...plausible, ...key('key-of-all') },
      secret: 'key-of-all',
      model: sonnet,
    },
  ])('$who', async ({ headers, secret, model }) => {
    const fetched = await ask(headers, { model, messages: [image] });
    expect(fetched.error?.message).toMatch(/not on the public Internet/);
    const opened = await ask(headers, { model, messages: sealedStates(secret) });
    expect(opened).toMatchObject({ status: 413, error: { code: 'request_too_large' } });
    const answered = await ask(headers, { model, messages: [{ role: 'user', content: 'Hello' }] });
    expect(answered).toMatchObject({ status: 200, calls: 1 });
  });
});

describe('AWS credentials alone, which anybody can make up', () => {
  test.each([
    ['without a key', plausible],
    ['beside a key that is made up, too', { ...plausible, ...key('a-guess') }],
  ])('%s: call models, and do not make the gateway fetch URLs', async (_, headers) => {
    const messages = [{ role: 'user', content: 'Hello' }];
    expect(await ask(headers, { model: nova, messages })).toMatchObject({ status: 200, calls: 1 });
    const { status, error, calls } = await ask(headers, { model: sonnet, messages: [image] });
    expect(status).toBe(400);
    expect(error?.message).toMatch(/only for callers with an API key of its own.*data: URLs/);
    expect(calls).toBe(0);
  });
});
