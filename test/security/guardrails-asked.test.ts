import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { png } from '../support/images.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** A guardrail that a client or an alias asks for holds for models that write nothing as it does for chats. */

const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
const other = { guardrailIdentifier: 'v9kpg6yrwhs2', guardrailVersion: '2' };
const word = 'the forbidden word';
const titan = 'amazon.titan-embed-text-v2:0';
const cohere = 'cohere.rerank-v3-5:0';
const core = 'stability.stable-image-core-v1:1';

const routes = [
  { path: '/embeddings', model: titan, said: (text: string) => ({ input: ['one', text] }) },
  { path: '/rerank', model: cohere, said: (text: string) => ({ query: 'one', documents: ['two', text] }) },
  { path: '/images/generations', model: core, said: (text: string) => ({ prompt: text }) },
];

const headers = {
  'x-amzn-bedrock-guardrailidentifier': 'abc123',
  'x-amzn-bedrock-guardrailversion': '1',
};
const unset = { guardrailConfig: null, guardrail_config: null };
/** Every way to ask for it. */
const ways: Record<string, { body?: object; headers?: Record<string, string>; alias?: true }> = {
  'by headers': { headers },
  'by headers, where a serializer has written null for what it does not set': { headers, body: unset },
  'in the body': { body: { guardrailConfig: guardrail } },
  'in the body, in snake case': { body: { guardrail_config: guardrail } },
  'by its alias': { alias: true },
  'in the body, where an alias says another': { alias: true, body: { guardrailConfig: other } },
};

let stack: Stack;
beforeAll(async () => {
  const file = await keysFile([
    { name: 'free', key: 'sk-canary-free' },
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
  ]);
  const aliases = Object.fromEntries(
    routes.map(({ model }) => [`my-${model}`, { model, guardrailConfig: guardrail }]),
  );
  const models = { [titan]: ['my-guarded-embeddings'] };
  const env = {
    AWS_MAX_ATTEMPTS: '1',
    API_KEY_FILE: file,
    MODEL_ALIASES: JSON.stringify({
      ...aliases,
      'my-guarded-embeddings': { model: 'amazon.titan-embed-text-v1', guardrailConfig: guardrail },
    }),
    FALLBACKS: JSON.stringify({ models }),
  };
  stack = await startStack({ env });
});
afterEach(() => stack.simulator.reset());
afterAll(() => stack.close());

interface Answer {
  error?: { message: string; code: string | null; param: string | null };
}
async function ask(path: string, body: object, more: Record<string, string> = {}) {
  const response = await stack.post(path, body, { authorization: 'Bearer sk-canary-free', ...more });
  return { response, answer: (await response.json()) as Answer };
}
const called = () => stack.simulator.calls.map(({ operation }) => operation);
const applied = () =>
  stack.simulator.calls.flatMap(({ path }) => /^\/guardrail\/(.*)\/apply$/.exec(path)?.[1] ?? []);

describe.each(routes)('$path', ({ path, model, said }) => {
  test.each(Object.entries(ways))('asked for %s: what it blocks is not sent', async (_, way) => {
    const body = { model: way.alias ? `my-${model}` : model, ...way.body };
    const { response, answer } = await ask(path, { ...body, ...said(word) }, way.headers);
    expect([response.status, answer.error?.code]).toEqual([400, 'content_filter']);
    expect(called()).not.toContain('InvokeModel');
    expect(called()).toContain('ApplyGuardrail');
  });

  test('what it lets pass is sent, and nothing is called ignored', async () => {
    const { response } = await ask(path, { model, ...said('peace') }, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-ignored')).toBeNull();
    expect(applied()).toContain('abc123/version/1');
    expect(called()).toContain('InvokeModel');
  });

  test('that of an alias gives way to the client’s own', async () => {
    const body = { model: `my-${model}`, guardrailConfig: other, ...said('peace') };
    expect((await ask(path, body)).response.status).toBe(200);
    expect(new Set(applied())).toEqual(new Set(['v9kpg6yrwhs2/version/2']));
  });

  test.each(['guardrailConfig', 'guardrail_config'])('that of headers gives way to %s', async (name) => {
    const { response } = await ask(path, { model, [name]: other, ...said('peace') }, headers);
    expect(response.status).toBe(200);
    expect(new Set(applied())).toEqual(new Set(['v9kpg6yrwhs2/version/2']));
  });

  test('one that is enforced takes its place, and says so', async () => {
    const key = { authorization: 'Bearer sk-canary-guarded' };
    const { response } = await ask(path, { model, guardrailConfig: other, ...said('peace') }, key);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-ignored')).toBe('guardrailConfig');
    expect(new Set(applied())).toEqual(new Set(['abc123/version/1']));
  });

  test.each([
    ['no id', { guardrailIdentifier: 'NO ID', guardrailVersion: '1' }, []],
    ['no version', { guardrailIdentifier: 'abc123', guardrailVersion: 'new' }, []],
    ['one that there is not', { guardrailIdentifier: 'zzz999', guardrailVersion: '1' }, ['ApplyGuardrail']],
    ['no object', 'abc123', []],
  ])('%s is a 400 that names it, and nothing is sent', async (_, guardrailConfig, calls) => {
    const { response, answer } = await ask(path, { model, guardrailConfig, ...said('peace') });
    expect(response.status).toBe(400);
    expect(answer.error?.param).toMatch(/^guardrailConfig/);
    expect(answer.error?.message).not.toContain('operator');
    expect([...new Set(called())]).toEqual(calls);
  });
});

test('a fallback with a guardrail of its own is not sent what was meant for a model without', async () => {
  stack.simulator.failing.set('InvokeModel', 'ServiceUnavailableException');
  const { response, answer } = await ask('/embeddings', { model: titan, input: word });
  expect([response.status, answer.error?.code]).not.toEqual([200, undefined]);
  expect(called()).toEqual(['InvokeModel', 'ApplyGuardrail']);
});

test('what is drawn is looked at, too', async () => {
  const image = `data:image/png;base64,${png({ width: 8, height: 8, samples: 3 }).toString('base64')}`;
  const body = { model: 'stability.sd3-5-large-v1:0', prompt: 'peace', image };
  expect((await ask('/images/edits', body, headers)).response.status).toBe(200);
  expect(called()).toEqual(['ApplyGuardrail', 'ApplyGuardrail', 'InvokeModel', 'ApplyGuardrail']);
});

describe.each([
  ['/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] }],
  ['/completions', { prompt: 'Hi' }],
  ['/messages', { max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }],
  ['/responses', { input: 'Hi' }],
])('%s', (path, said) => {
  const model = 'amazon.nova-pro-v1:0';
  const sent = () => stack.simulator.calls.at(-1)?.body;

  test('takes that of headers where its members are null', async () => {
    const { response } = await ask(path, { model, ...unset, ...said }, headers);
    expect([response.status, sent()]).toMatchObject([200, { guardrailConfig: guardrail }]);
  });

  test.each(['guardrailConfig', 'guardrail_config'])('that of headers gives way to %s', async (name) => {
    const { response } = await ask(path, { model, [name]: other, ...said }, headers);
    expect([response.status, sent()]).toMatchObject([200, { guardrailConfig: other }]);
  });
});
