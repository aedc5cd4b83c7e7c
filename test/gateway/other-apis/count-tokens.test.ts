import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { haiku, nova, runtimeCalls } from '../../support/chat.ts';
import { keysFile } from '../../support/keys-file.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const base = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const sonnet = 'us.anthropic.claude-sonnet-5-5';
const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };

let stack: Stack;
beforeAll(async () => {
  const file = await keysFile([
    { name: 'all', key: 'sk-canary-all' },
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
    { name: 'nova', key: 'sk-canary-nova', models: ['amazon.nova-*'] },
  ]);
  stack = await startStack({ env: { API_KEY_FILE: file } });
});
afterAll(() => stack.close());
beforeEach(() => stack.simulator.reset());

async function count(path: string, body: object, key = 'sk-canary-all') {
  const response = await stack.post(path, body, { authorization: `Bearer ${key}` });
  const { headers, status } = response;
  return {
    status,
    answer: await response.json(),
    warnings: headers.get('x-gateway-warnings') ?? '',
    calls: runtimeCalls(stack),
  };
}

const responses = '/responses/input_tokens';

describe('what Bedrock does not count', () => {
  test.each([
    ['/messages/count_tokens', { messages: [{ role: 'user', content: 'Hello' }] }],
    [responses, { input: 'Hello' }],
  ])('T1 %s of a Claude without a count: an estimate that says so, and no call', async (path, body) => {
    const told = await count(path, { model: sonnet, ...body });
    expect(told).toMatchObject({ status: 200, answer: { input_tokens: expect.any(Number) }, calls: [] });
    expect(told.warnings).toContain('token count estimated');
  });

  test('T1 of another family', async () => {
    const told = await count(responses, { model: nova, input: 'Hello' });
    expect(told).toMatchObject({ status: 200, calls: [] });
    expect(told.warnings).toContain('token count estimated');
  });
});

describe('T2 /v1/responses/input_tokens', () => {
  test('counted by Bedrock, by the id of the foundation model and as Converse would get it', async () => {
    const told = await count(responses, {
      model: haiku,
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: 'What is the weather?' },
        { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Paris"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'Sunny' },
      ],
      tools: [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: {} } }],
      max_output_tokens: 50,
    });
    expect(told.status).toBe(200);
    expect(told.answer).toEqual({ object: 'response.input_tokens', input_tokens: expect.any(Number) });
    expect(told.warnings).not.toContain('estimated');
    expect(told.calls).toMatchObject([{ operation: 'CountTokens', modelId: base, status: 200 }]);
    const [call] = told.calls as { body: { input: { converse: Record<string, unknown> } } }[];
    const input = call?.body.input ?? { converse: {} };
    expect(Object.keys(input.converse).sort()).toEqual(['messages', 'system', 'toolConfig']);
    expect(input.converse.system).toEqual([{ text: 'Be brief.' }]);
    expect(stack.logs.at(-1)).toMatchObject({ api: 'responses.input_tokens', modelUsed: haiku });
    expect(stack.logs.at(-1)).not.toHaveProperty('outputTokens');
  });

  test('more text is more tokens', async () => {
    const short = await count(responses, { model: haiku, input: 'Hello' });
    const long = await count(responses, { model: haiku, input: 'Hello '.repeat(500) });
    const tokens = ({ answer }: typeof short) => (answer as { input_tokens: number }).input_tokens;
    expect(tokens(long)).toBeGreaterThan(tokens(short) + 400);
  });

  test('refused by Bedrock: an estimate that says so', async () => {
    stack.simulator.failing.set('CountTokens', 'ThrottlingException');
    const told = await count(responses, { model: haiku, input: 'Hello' });
    stack.simulator.failing.delete('CountTokens');
    expect(told.status).toBe(200);
    expect(told.warnings).toContain('token count estimated');
  });

  test('what stands at a URL is not fetched, and the rest is estimated', async () => {
    const image = { type: 'input_image', image_url: 'https://example.com/a.png' };
    const input = [{ role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, image] }];
    const told = await count(responses, { model: haiku, input });
    expect(told).toMatchObject({ status: 200, calls: [] });
    expect(told.warnings).toContain('token count estimated');
  });

  test('a guardrail that is enforced is no part of what is counted', async () => {
    const told = await count(
      responses,
      { model: haiku, instructions: 'Be brief.', input: 'a' },
      'sk-canary-guarded',
    );
    expect(told.warnings).not.toContain('estimated');
    expect(JSON.stringify(told.calls[0]?.body)).not.toMatch(/guard/i);
  });

  test('a model outside the key’s scope is a 403 before anything is counted', async () => {
    const told = await count(responses, { model: haiku, input: 'a' }, 'sk-canary-nova');
    expect(told).toMatchObject({ status: 403, calls: [] });
  });
});
