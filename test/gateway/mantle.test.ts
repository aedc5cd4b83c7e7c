import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mantleModels } from '../../lambda/models/resolve/mantle.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack, testKey } from '../support/stack.ts';

/** Models that only bedrock-mantle has, where the setting says so; the simulator is strict about who asks what where. */

const guardrail = { guardrailIdentifier: 'gr123456', guardrailVersion: '1' };
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { ENABLE_MANTLE: 'true' } });
});
afterAll(() => stack.close());
beforeEach(() => stack.simulator.reset());

// biome-ignore lint/suspicious/noExplicitAny: whatever was answered is looked into.
const read = async (response: Response): Promise<any> => response.json();
const operations = () => stack.simulator.calls.map(({ operation }) => operation);
const hello = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});
const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: { path: { type: 'string' } } } } }]; // biome-ignore format: one line

test('all other models are called as ever', async () => {
  await stack.post('/chat/completions', hello('qwen.qwen3-32b-v1:0'));
  expect(operations()).toEqual(['Converse']);
});

describe.each([...mantleModels])('%s', (model) => {
  test('answers chats, whole and streamed, with tools and sampling', async () => {
    for (const more of [
      {},
      { temperature: 0.2, max_tokens: 200, stop: ['Z'] },
      { tools },
      { reasoning_effort: 'low' },
    ]) {
      const whole = await stack.post('/chat/completions', hello(model, more));
      const { choices, usage, model: named } = await read(whole);
      expect([whole.status, named, choices[0].finish_reason]).toEqual([200, model, expect.any(String)]);
      expect(usage.prompt_tokens).toBeGreaterThan(0);
      const streamed = await stack.post('/chat/completions', hello(model, { ...more, stream: true }));
      const text = await streamed.text();
      expect(text).toMatch(/"finish_reason":"\w+"[\s\S]*data: \[DONE\]\n\n$/);
      expect(text).not.toContain('"error"');
    }
    expect(new Set(operations())).toEqual(new Set([/gpt-5/.test(model) ? 'MantleCreateResponse' : 'MantleChatCompletions'])); // biome-ignore format: one line
  });
});

test('the other APIs reach them as well, and a call of a tool comes back', async () => {
  const asked = {
    model: 'zai.glm-4.6',
    max_tokens: 100,
    messages: [{ role: 'user', content: '[[call:look {"path":"a"}]] Hello' }],
  };
  const offered = [
    { name: 'look', input_schema: { type: 'object', properties: { path: { type: 'string' } } } },
  ];
  const message = await read(await stack.post('/messages', { ...asked, tools: offered }));
  const call = message.content.find(({ type }: { type: string }) => type === 'tool_use');
  expect(call).toMatchObject({ name: 'look', input: { path: 'a' } });
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'b' }] };
  const turns = [...asked.messages, { role: 'assistant', content: message.content }, result];
  expect((await stack.post('/messages', { ...asked, tools: offered, messages: turns })).status).toBe(200);
  expect((await stack.post('/responses', { model: 'xai.grok-4.3', input: 'Hello' })).status).toBe(200);
  expect(new Set(operations())).toEqual(new Set(['MantleChatCompletions']));
});

describe('what another model thought on OpenAI’s own API does not end a conversation', () => {
  const look = { name: 'look', parameters: tools[0]?.function.parameters };
  const asked = '[[call:look {"path":"a"}]] Hello';
  const ask = async (path: string, body: object) => {
    const response = await stack.post(path, body);
    return { status: response.status, body: await read(response) };
  };
  const other = 'us.openai.gpt-5.4';
  const model = 'openai.gpt-5.4-2026-03-05';

  test('in Responses, whose clients bring back the ids of calls', async () => {
    const input = [{ role: 'user', content: asked }];
    const first = await ask('/responses', { model: other, input, tools: [{ type: 'function', ...look }] });
    const call = first.body.output.find(({ type }: { type: string }) => type === 'function_call');
    const result = { type: 'function_call_output', call_id: call.call_id, output: 'b' };
    const more = { input: [...input, ...first.body.output, result], tools: [{ type: 'function', ...look }] };
    expect((await ask('/responses', { model, ...more })).status).toBe(200);
    // It teaches nothing: what the model thinks itself comes back to it.
    const own = await ask('/responses', { model, input, tools: [{ type: 'function', ...look }] });
    const ownCall = own.body.output.find(({ type }: { type: string }) => type === 'function_call');
    const ownResult = { type: 'function_call_output', call_id: ownCall.call_id, output: 'b' };
    await ask('/responses', {
      model,
      input: [...input, ...own.body.output, ownResult],
      tools: [{ type: 'function', ...look }],
    });
    expect(JSON.stringify(stack.simulator.calls.at(-1)?.body)).toContain('"encrypted_content":"');
  });

  test('in Chat Completions', async () => {
    const messages = [{ role: 'user', content: asked }];
    const first = await ask('/chat/completions', { model: other, messages, tools });
    const { message } = first.body.choices[0];
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'b' };
    const turns = { messages: [...messages, message, result], tools };
    expect((await ask('/chat/completions', { model, ...turns })).status).toBe(200);
  });
});

test('where the setting is off they are names that Bedrock’s runtime does not know', async () => {
  const own = await startStack();
  expect((await own.post('/chat/completions', hello('zai.glm-4.6'))).status).toBe(404);
  expect(own.simulator.calls.some(({ operation = '' }) => operation.startsWith('Mantle'))).toBe(false);
  await own.close();
});

describe('N12 with a guardrail nothing is called', () => {
  test.each<[string, () => Promise<Record<string, string>>, object]>([
    ['of the client', async () => ({}), { guardrailConfig: guardrail }],
    ['of a setting', async () => ({ GUARDRAIL: JSON.stringify(guardrail) }), {}],
    ['of a key', async () => ({ API_KEY: '', API_KEY_FILE: await keysFile([{ name: 'k', key: testKey, guardrail }]) }), {}], // biome-ignore format: one line
  ])('%s', async (_, env, more) => {
    const own = await startStack({ env: { ENABLE_MANTLE: 'true', ...(await env()) } });
    for (const model of ['zai.glm-4.6', 'openai.gpt-5.4-2026-03-05']) {
      for (const stream of [false, true]) {
        const response = await own.post('/chat/completions', hello(model, { ...more, stream }));
        const { error } = await read(response);
        expect([response.status, error.message]).toEqual([400, expect.stringContaining(`\`${model}\` cannot be called with a guardrail`)]); // biome-ignore format: one line
      }
    }
    expect(own.simulator.calls).toEqual([]);
    await own.close();
  });
});

test('neither is anything called for what it has not, and a tier is left out and named', async () => {
  stack.simulator.reset();
  const refused = await stack.post('/chat/completions', hello('zai.glm-4.6', { performanceConfig: { latency: 'optimized' } })); // biome-ignore format: one line
  expect([refused.status, (await read(refused)).error.param]).toEqual([400, 'performanceConfig']);
  expect(operations()).toEqual([]);
  const answered = await stack.post('/chat/completions', hello('zai.glm-4.6', { service_tier: 'flex' }));
  expect([answered.status, answered.headers.get('x-gateway-ignored')]).toEqual([200, 'service_tier']);
});

test('N28 a role without the permission is refused once, and not asked again', async () => {
  const own = await startStack({ env: { ENABLE_MANTLE: 'true' } });
  own.simulator.failing.set('MantleChatCompletions', 'AccessDeniedException');
  for (let i = 0; i < 5; i += 1) {
    const response = await own.post('/chat/completions', hello('zai.glm-4.6'));
    const { error } = await read(response);
    expect([response.status, JSON.stringify(error)]).toEqual([expect.any(Number), expect.not.stringMatching(/\d{12}|assumed-role/)]); // biome-ignore format: one line
    expect(response.status).toBeGreaterThanOrEqual(400);
  }
  if (own.processes() === 1) expect(own.simulator.calls).toHaveLength(1);
  await own.close();
});

test('a stream that breaks is one error event', async () => {
  const messages = [{ role: 'user', content: '[[reset-mid-stream:3]] Hello there, you' }];
  const response = await stack.post('/chat/completions', hello('zai.glm-4.6', { stream: true, messages }));
  const text = await response.text();
  expect(text.match(/data: \{"error":/g)).toHaveLength(1);
  expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/);
});

test('a key with a role calls them as it', async () => {
  const awsRoleArn = 'arn:aws:iam::123456789012:role/team-search';
  const keys = await keysFile([
    { name: 'search', key: 'sk-role', awsRoleArn, projectIdentifier: 'proj_search00000000001' },
  ]);
  const env = { ENABLE_MANTLE: 'true', API_KEY_FILE: keys, ASSUMABLE_ROLES: awsRoleArn };
  const billed = await startStack({ env });
  const headers = { authorization: 'Bearer sk-role' };
  expect((await billed.post('/chat/completions', hello('zai.glm-4.6'), headers)).status).toBe(200);
  const call = billed.simulator.calls.find(({ operation }) => operation === 'MantleChatCompletions');
  expect(billed.simulator.sessions.get(call?.accessKeyId ?? '')).toMatchObject({
    name: 'search',
    role: { name: 'team-search' },
  });
  expect(JSON.stringify([call?.headers, call?.body])).not.toMatch(/proj_|gateway-key/);
  await billed.close();
});
