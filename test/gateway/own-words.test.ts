import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { longestStop } from '../../lambda/fit/stop/matcher.ts';
import { type Stack, startStack } from '../support/stack.ts';

/* What is said of a request speaks of its parameters as the client that sent them spelled them. */

const haiku3 = 'anthropic.claude-3-haiku-20240307-v1:0';
const haiku45 = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const llama = 'us.meta.llama3-3-70b-instruct-v1:0';
const nova = 'us.amazon.nova-pro-v1:0';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const fn = { name: 'f', parameters: { type: 'object', properties: {} } };
const tools = [{ type: 'function', function: { ...fn, strict: true } }];
const functions = [{ ...fn, strict: true }];

const send = (model: string, more: object, stream = false) =>
  stack.post('/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], stream, ...more });

async function notes(model: string, more: object, stream: boolean) {
  const response = await send(model, more, stream);
  await response.text();
  expect(response.status).toBe(200);
  const { headers } = response;
  return { warnings: headers.get('x-gateway-warnings'), ignored: headers.get('x-gateway-ignored') };
}

describe.each([false, true])('an answer, streamed: %s', (stream) => {
  test.each([
    [haiku3, 'max_tokens', { max_tokens: 8192 }],
    [haiku3, 'max_completion_tokens', { max_completion_tokens: 8192 }],
    [haiku3, 'max_completion_tokens', { max_completion_tokens: 8192, max_tokens: 5 }],
    [haiku3, 'max_completion_tokens', { extra_body: { max_completion_tokens: 8192 } }],
    [haiku45, 'reasoning.max_tokens', { reasoning: { max_tokens: 100 } }],
    [haiku45, 'thinking.budget_tokens', { thinking: { type: 'enabled', budget_tokens: 100 } }],
    [haiku45, 'thinking_budget', { thinking_budget: 100 }],
    [llama, 'stop', { stop: ['END'] }],
    [nova, 'tools', { tools, tool_choice: 'auto', response_format: { type: 'json_object' } }],
    [nova, 'response_format', { response_format: { type: 'json_object' } }],
    [nova, 'metadata', { metadata: { team: 'a*b' } }],
    [nova, 'requestMetadata', { requestMetadata: { team: 'a*b' } }],
  ])('%s is warned of %s', async (model, name, more) => {
    const { warnings } = await notes(model, more, stream);
    const all = warnings ?? '';
    if (name !== 'tools') expect(all.split(/[ ;:]+/)).toContain(name);
    expect(all).not.toMatch(/maxTokens|stopSequences|budgetTokens|outputFormat|toolChoice|cachePoint/);
  });

  test.each([
    [llama, 'top_k', { top_k: 5 }],
    [llama, 'top_k', { top_k: 5, topK: 6 }],
    [llama, 'topK', { topK: 5 }],
    [llama, 'reasoning_effort', { reasoning_effort: 'low' }],
    [llama, 'reasoning.effort', { reasoning: { effort: 'low' } }],
    [llama, 'reasoning.enabled', { reasoning: { enabled: true } }],
    [llama, 'reasoning.max_tokens', { reasoning: { max_tokens: 2048 } }],
    [llama, 'enable_thinking', { enable_thinking: true }],
    [llama, 'thinking_budget', { thinking_budget: 2048 }],
    [llama, 'thinking', { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    [nova, 'tools.function.strict', { tools }],
    [nova, 'functions.strict', { functions }],
    [
      nova,
      'parallel_tool_calls',
      { tools: [{ type: 'function', function: fn }], parallel_tool_calls: false },
    ],
    [nova, 'seed; logit_bias', { seed: 1, logit_bias: { 1: 1 } }],
    [nova, 'web_search_options', { web_search_options: {} }],
    [llama, 'cache_control', { messages: [{ role: 'user', content: 'Hi', cache_control: {} }] }],
    [
      llama,
      'prompt_cache_breakpoint',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: {} }] }] },
    ],
  ])('%s is told that %s is ignored', async (model, name, more) => {
    expect((await notes(model, more, stream)).ignored).toBe(name);
  });
});

describe.each([false, true])('a refusal, streamed: %s', (stream) => {
  const tooMuch = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v']));
  const long = 'x'.repeat(257);
  const bad = { guardrailIdentifier: 'Not One!', guardrailVersion: '1' };
  const titan = 'amazon.titan-text-express-v1';
  test.each([
    ['metadata', { metadata: tooMuch }],
    ['requestMetadata', { requestMetadata: tooMuch }],
    ['metadata.a', { metadata: { a: long } }],
    ['metadata.a', { metadata: { a: long }, requestMetadata: { b: 'c' } }],
    ['requestMetadata.a', { requestMetadata: { a: long } }],
    ['guardrailConfig.guardrailIdentifier', { guardrailConfig: bad }],
    ['guardrail_config.guardrailIdentifier', { guardrail_config: bad }],
    ['tool_choice', { model: titan, tools, tool_choice: 'required' }],
    ['function_call', { model: titan, functions, function_call: { name: 'f' } }],
    ['stop', { model: llama, stop: ['x'.repeat(longestStop), 'x'] }],
  ])('names %s', async (param, more) => {
    const response = await send(nova, more, stream);
    const { error } = (await response.json()) as { error: { param: string; message: string } };
    expect([response.status, error.param]).toEqual([400, param]);
    // Where a message names the parameter at all, it has the same name for it.
    expect(error.message).not.toMatch(/toolChoice|stopSequences|cachePoint/);
    if (param.startsWith('function_')) expect(error.message).not.toContain('tool_choice');
    if (!param.startsWith('guardrail')) expect(error.message).toContain(param);
  });
});

test('embeddings: ignored and refused under the names that the API has', async () => {
  const titan = 'amazon.titan-embed-text-v2:0';
  const ask = (more: object) => stack.post('/embeddings', { model: titan, input: 'Hi', ...more });
  const ignored = await ask({ input_type: 'search_query', truncate: 'end', user: 'u' });
  expect(ignored.headers.get('x-gateway-ignored')).toBe('user; input_type; truncate');
  const refused = await ask({ dimensions: 7 });
  expect(await refused.json()).toMatchObject({ error: { param: 'dimensions' } });
  const kind = await ask({ model: 'cohere.embed-english-v3', truncate: 'middle' });
  expect(await kind.json()).toMatchObject({ error: { param: 'truncate' } });
});
