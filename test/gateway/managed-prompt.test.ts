import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, fakeBedrock, readBody, sendJson } from '../lambda/backends/fake-bedrock.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Prompts of Prompt management are called by their ARN, and bring their messages along. */
const prompt = 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1';
const calls: { path: string; body: unknown }[] = [];
const requestMetadata = { 'gateway-key': 'default', 'gateway-request-id': expect.any(String) };
let bedrock: Awaited<ReturnType<typeof fakeBedrock>>;
let stack: Stack;

beforeAll(async () => {
  bedrock = await fakeBedrock(async (request, response) => {
    calls.push({ path: decodeURIComponent(request.url ?? ''), body: JSON.parse(await readBody(request)) });
    sendJson(response, 200, answer);
  });
  const env = { MODEL_ALIASES: JSON.stringify({ greeting: prompt }) };
  stack = await startStack({ runtimeUrl: bedrock.url, env });
});
afterAll(async () => {
  await stack.close();
  await bedrock.close();
});

test.each([
  { model: prompt, messages: [], prompt_variables: { city: 'Rome' } },
  { model: prompt, promptVariables: { city: 'Rome' } },
  { model: prompt, messages: null, promptVariables: { city: 'Rome' } },
  { model: 'greeting', prompt_variables: { city: 'Rome' } },
])('needs variables and no message: %j', async (body) => {
  calls.length = 0;
  expect((await stack.post('/chat/completions', body)).status).toBe(200);
  const sent = { messages: [], promptVariables: { city: { text: 'Rome' } }, requestMetadata };
  expect(calls).toEqual([{ path: `/model/${prompt}/converse`, body: sent }]);
});

test.each([{ model: prompt }, { model: prompt, messages: [] }, { model: 'greeting', messages: [] }])(
  'needs not even variables: %j',
  async (body) => {
    calls.length = 0;
    expect((await stack.post('/chat/completions', body)).status).toBe(200);
    expect(calls).toEqual([{ path: `/model/${prompt}/converse`, body: { messages: [], requestMetadata } }]);
  },
);

test.each([
  { messages: [] },
  { messages: [], prompt_variables: { city: 'Rome' } },
  { prompt_variables: { city: 'Rome' } },
])('a model needs a message: %j', async (body) => {
  calls.length = 0;
  const response = await stack.post('/chat/completions', { model: 'amazon.nova-lite-v1:0', ...body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('at least one message');
  expect(calls).toEqual([]);
});
