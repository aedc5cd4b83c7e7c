import { CountTokensCommand, type CountTokensCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { converse, runtime, says, weather } from './helpers.ts';
import { hello, invoke } from './messages.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const haiku = 'anthropic.claude-haiku-4-5-20251001-v1:0';
type Input = CountTokensCommandInput['input'];
const native = (body: unknown): Input => ({ invokeModel: { body: Buffer.from(JSON.stringify(body)) } });

async function count(modelId: string, input: Input): Promise<number | undefined> {
  return (await runtime(simulator).send(new CountTokensCommand({ modelId, input }))).inputTokens;
}

describe('CountTokens says what the same request is told to have cost', () => {
  const tools = [{ name: 'get_weather', input_schema: { type: 'object' } }];
  const image = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/gif', data: 'R0lGODlhAQABAAAAACw=' },
  };

  test.each<[string, object]>([
    ['words', hello()],
    ['a system prompt', hello({ system: 'Be brief and be kind.' })],
    ['tools', hello({ tools })],
    ['an image', hello({ messages: [{ role: 'user', content: [image] }] })],
  ])('of InvokeModel, with %s', async (_, body) => {
    const { usage } = await invoke(runtime(simulator), `us.${haiku}`, body);
    expect(await count(haiku, native({ ...body, max_tokens: 1 }))).toBe(usage.input_tokens);
  });

  test('of Converse', async () => {
    const request = { messages: says('What is the weather?'), toolConfig: weather };
    const { usage } = await converse(runtime(simulator), '', request);
    expect(await count(haiku, { converse: request })).toBe(usage?.inputTokens);
    expect(simulator.calls.at(-1)).toMatchObject({ operation: 'CountTokens', modelId: haiku, status: 200 });
  });
});

describe('and refuses', () => {
  const cannot = `The provided model doesn't support counting tokens.`;

  test.each([
    // Their profiles cannot be counted by (live, June 2026).
    [`us.${haiku}`, cannot],
    [`arn:aws:bedrock:us-east-1::foundation-model/${haiku}`, cannot],
    ['anthropic.claude-opus-4-7', cannot],
    ['anthropic.claude-opus-4-8', cannot],
    ['anthropic.claude-sonnet-5', cannot],
    ['anthropic.claude-opus-5-5', cannot],
    ['us.anthropic.claude-sonnet-5-5', cannot],
    ['anthropic.claude-fable-5-1', cannot],
    ['amazon.nova-lite-v1:0', cannot],
    ['openai.gpt-oss-120b-1:0', cannot],
    ['anthropic.claude-nobody', 'The provided model identifier is invalid.'],
  ])('%s', async (modelId, message) => {
    const refusal = { name: 'ValidationException', message };
    await expect(count(modelId, native(hello()))).rejects.toMatchObject(refusal);
    await expect(count(modelId, { converse: { messages: says('Hi') } })).rejects.toMatchObject(refusal);
  });

  test.each(['anthropic.claude-sonnet-4-6', 'anthropic.claude-opus-4-6-v1', haiku])(
    'but not %s',
    async (modelId) => {
      expect(await count(modelId, native(hello()))).toBeGreaterThan(0);
    },
  );

  test.each<[string, object, string]>([
    ['a model in the body', hello({ model: 'x' }), 'model: Extra inputs are not permitted'],
    ['no version', { messages: [], max_tokens: 1 }, 'anthropic_version: Field required'],
    ['no max_tokens', { ...hello(), max_tokens: undefined }, 'max_tokens: Field required'],
    [
      'tools that are none',
      hello({ tools: [] }),
      'tools: List should have at least 1 item after validation, not 0',
    ],
    ['a flag', hello({ anthropic_beta: ['tool-search-tool-2025-10-19'] }), 'invalid beta flag'],
    [
      'a server’s tool (recorded)',
      hello({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
      `tools.0: Input tag 'web_search_20250305' found using 'type' does not match any of the expected tags: 'bash_20250124', 'custom', 'text_editor_20250124', 'text_editor_20250429', 'text_editor_20250728'`,
    ],
  ])('%s', async (_, body, message) => {
    await expect(count(haiku, native(body))).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  test('a body that is no JSON, and one that is none', async () => {
    const broken = { invokeModel: { body: Buffer.from('{') } };
    await expect(count(haiku, broken)).rejects.toThrow('Malformed input request');
    await expect(count(haiku, {} as Input)).rejects.toThrow('must set one of the following keys');
  });

  test('under scenarios, and when told to', async () => {
    const throttled = hello({ messages: [{ role: 'user', content: '[[throttle]]' }] });
    await expect(count(haiku, native(throttled))).rejects.toMatchObject({ name: 'ThrottlingException' });
    simulator.failing.set('CountTokens', 'AccessDeniedException');
    await expect(count(haiku, native(hello()))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    simulator.failing.clear();
  });
});
