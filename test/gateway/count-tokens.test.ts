import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { haiku, nova, runtimeCalls } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** POST /v1/messages/count_tokens: always a number, and it is said where it is an estimate. */

const sonnet = 'us.anthropic.claude-sonnet-5-5';
const opus = 'us.anthropic.claude-opus-4-5-20251101-v1:0';
const base = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const hello = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello, how are you?' }],
  ...more,
});

async function count(stack: Stack, body: object, headers: Record<string, string> = {}) {
  const response = await stack.post('/messages/count_tokens', body, headers);
  const json = (await response.json()) as { input_tokens: number; error?: { type: string; message: string } };
  return { status: response.status, json, warnings: response.headers.get('x-gateway-warnings') };
}

/** What was to be counted, as Bedrock reads it. */
function countedBodies(stack: Stack): Record<string, unknown>[] {
  return runtimeCalls(stack).map(({ operation, body }) => {
    expect(operation).toBe('CountTokens');
    const { input } = body as { input: { invokeModel: { body: string } } };
    return JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString('utf8'));
  });
}

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.simulator.reset());

describe('where Bedrock counts', () => {
  test.each([
    haiku,
    base,
    `us.${base}[1m]`,
    'claude-haiku-4-5',
    `arn:aws:bedrock:us-east-1::foundation-model/${base}`,
  ])('%s: by the id of the foundation model, with what InvokeModel wants', async (model) => {
    const { status, json, warnings } = await count(stack, hello(model, { tools: [] }), {
      'anthropic-beta': 'token-counting-2024-11-01,interleaved-thinking-2025-05-14',
    });
    const [body] = countedBodies(stack);
    expect(runtimeCalls(stack).map(({ modelId }) => modelId)).toEqual([base]);
    expect(body).toMatchObject({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 1 });
    for (const name of ['model', 'tools', 'anthropic_beta', 'stream']) expect(body).not.toHaveProperty(name);
    expect(status).toBe(200);
    expect(json).toEqual({ input_tokens: expect.any(Number) });
    expect(warnings ?? '').not.toContain('estimated');
  });

  test('thinking leaves room for an answer', async () => {
    const thinking = { type: 'enabled', budget_tokens: 2048 };
    const { warnings } = await count(stack, hello(haiku, { thinking }));
    expect(countedBodies(stack)).toMatchObject([{ thinking, max_tokens: 2049 }]);
    expect(warnings).toBeNull();
  });

  test('more is more', async () => {
    const tools = [{ name: 'get_weather', description: 'The weather', input_schema: { type: 'object' } }];
    const few = (await count(stack, hello(haiku))).json.input_tokens;
    const many = (await count(stack, hello(haiku, { tools, system: 'Be brief.' }))).json.input_tokens;
    expect(many).toBeGreaterThan(few);
  });

  test('what was asked before any edit is told, where edits are asked for', async () => {
    const { json } = await count(stack, hello(haiku, { context_management: { edits: [] } }));
    expect(json).toEqual({
      input_tokens: json.input_tokens,
      context_management: { original_input_tokens: json.input_tokens },
    });
  });
});

describe('where it does not', () => {
  test.each([sonnet, nova, 'openai.gpt-oss-120b-1:0', 'anthropic.claude-3-haiku-20240307-v1:0'])(
    '%s: an estimate at once, which grows with the text',
    async (model) => {
      const one = await count(stack, hello(model));
      const content = 'The quick brown fox jumps over the lazy dog. '.repeat(100);
      const two = await count(stack, { model, messages: [{ role: 'user', content }] });
      expect(one).toMatchObject({ status: 200, warnings: 'token count estimated' });
      expect(one.json.input_tokens).toBeGreaterThan(0);
      expect(two.json.input_tokens).toBeGreaterThan(one.json.input_tokens + 900);
      expect(runtimeCalls(stack)).toEqual([]);
    },
  );

  test('a request that it refuses is estimated, and the next one is counted', async () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    const refused = await count(stack, hello(haiku, { tools }));
    expect(refused).toMatchObject({ status: 200, warnings: 'token count estimated' });
    expect(refused.json.input_tokens).toBeGreaterThan(300);
    expect((await count(stack, hello(haiku))).warnings).toBeNull();
  });

  test('a request that has to go by Converse is estimated without asking', async () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    const model = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0';
    const told = await count(stack, hello(model, { output_config: { format } }));
    expect(told).toMatchObject({ status: 200, warnings: 'token count estimated' });
    expect(runtimeCalls(stack)).toEqual([]);
  });

  test.each([
    [haiku, { type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 }],
    [haiku, { type: 'memory_20250818', name: 'memory' }],
    [opus, { name: 'look', input_schema: { type: 'object' }, input_examples: [{ city: 'Paris' }] }],
  ])('a tool that needs a flag, which it does not take, is estimated with it: %s %o', async (model, tool) => {
    const without = await count(stack, hello(model));
    expect(without.warnings).toBeNull();
    stack.simulator.reset();
    const told = await count(stack, hello(model, { tools: [tool] }));
    expect(told.warnings).toContain('token count estimated');
    expect(told.json.input_tokens).toBeGreaterThan(without.json.input_tokens + 50);
    expect(runtimeCalls(stack)).toEqual([]);
  });

  test('an effort that needs a flag is left out, for it is no part of the prompt', async () => {
    const { warnings } = await count(stack, hello(opus, { output_config: { effort: 'high' } }));
    expect(warnings).toBeNull();
    expect(countedBodies(stack)).toHaveLength(1);
    expect(countedBodies(stack)[0]).not.toHaveProperty('output_config');
  });

  test('what a client writes teaches nothing', async () => {
    const content = "The provided model doesn't support counting tokens.";
    const messages = [{ role: 'user', content: [{ type: content, text: 'x' }] }];
    expect((await count(stack, { model: haiku, messages })).status).toBe(200);
    expect((await count(stack, hello(haiku))).warnings).toBeNull();
  });

  test('a failure that passes is not remembered', async () => {
    stack.simulator.failing.set('CountTokens', 'ThrottlingException');
    expect(await count(stack, hello(haiku))).toMatchObject({
      status: 200,
      warnings: 'token count estimated',
    });
    stack.simulator.failing.clear();
    expect((await count(stack, hello(haiku))).warnings).toBeNull();
  });

  test('a permission that is missing is asked for once for a model', async () => {
    const own = await startStack();
    own.simulator.failing.set('CountTokens', 'AccessDeniedException');
    for (const text of ['one', 'two', 'three']) {
      const messages = [{ role: 'user', content: text }];
      const told = await count(own, { model: haiku, messages });
      expect(told).toMatchObject({ status: 200, warnings: 'token count estimated' });
    }
    expect(runtimeCalls(own)).toHaveLength(1);
    await own.close();
  });
});

inProcessOnly('timeouts')('where it is slow', () => {
  test('24 at once each get an estimate, and nothing stays open', async () => {
    const own = await startStack({ gateway: { timeouts: { countMs: 50 } } });
    own.simulator.held.set('CountTokens', new Promise(() => {}));
    const all = await Promise.all(Array.from({ length: 24 }, () => count(own, hello(haiku, { tools: [] }))));
    for (const told of all) expect(told).toMatchObject({ status: 200, warnings: 'token count estimated' });
    await expect.poll(() => runtimeCalls(own).every(({ done }) => done)).toBe(true);
    own.simulator.held.clear();
    expect((await count(own, hello(haiku))).status).toBe(200);
    await own.close();
  });
});

describe('who may ask, and for what', () => {
  let scoped: Stack;
  beforeAll(async () => {
    const keys = [{ name: 'nova only', key: 'sk-canary-nova-only', models: ['*nova*'] }];
    scoped = await startStack({ env: { API_KEY_FILE: await keysFile(keys) } });
  });
  afterAll(() => scoped.close());
  const key = { authorization: 'Bearer sk-canary-nova-only' };

  test('a key’s scope holds', async () => {
    expect(await count(scoped, hello(haiku), key)).toMatchObject({
      status: 403,
      json: { type: 'error', error: { type: 'permission_error' } },
    });
    expect((await count(scoped, hello(nova), key)).status).toBe(200);
    expect(runtimeCalls(scoped)).toEqual([]);
  });

  test('no key, no model', async () => {
    expect(await count(stack, hello(haiku), { authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
      json: { error: { type: 'authentication_error' } },
    });
    expect(await count(stack, hello('no-such-model'))).toMatchObject({
      status: 404,
      json: { error: { type: 'not_found_error' } },
    });
  });

  test.each<[string, object, string]>([
    ['no messages', { model: haiku }, 'messages'],
    ['no model', { messages: hello(haiku).messages }, 'model'],
    ['messages that are none', { model: haiku, messages: 'Hello' }, 'messages'],
    ['an empty conversation', { model: haiku, messages: [] }, 'messages'],
    ['a role that is none', { model: haiku, messages: [{ role: 'wizard', content: 'x' }] }, 'role'],
    ['tools that are none', hello(haiku, { tools: 'x' }), 'tools'],
  ])('%s: a 400 that names it', async (_, body, name) => {
    const { status, json } = await count(stack, body);
    expect({ status, type: json.error?.type }).toEqual({ status: 400, type: 'invalid_request_error' });
    expect(json.error?.message).toContain(name);
    expect(runtimeCalls(stack)).toEqual([]);
  });

  test('below Anthropic’s own base, too', async () => {
    const url = stack.baseUrl.replace('/v1', '/anthropic/v1/messages/count_tokens?beta=true');
    const headers = { 'x-api-key': stack.apiKey, 'anthropic-version': '2023-06-01' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(hello(sonnet)) });
    expect(response.status).toBe(200);
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
  });
});
