import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parameters as chat } from '../../lambda/apis/chat-completions/parameters.ts';
import { parameters as completions } from '../../lambda/apis/completions/parameters.ts';
import { parameters as embeddings } from '../../lambda/apis/embeddings/parameters.ts';
import { parameters as images } from '../../lambda/apis/images/parameters.ts';
import { parameters as messages } from '../../lambda/apis/messages/parameters.ts';
import { parameters as moderations } from '../../lambda/apis/moderations/parameters.ts';
import { parameters as rerank } from '../../lambda/apis/rerank/parameters.ts';
import { parameters as responses } from '../../lambda/apis/responses/parameters.ts';
import { haiku, nova } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Serializers of many languages write null for every member that a program has not set. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.simulator.reset());
afterAll(() => stack.close());

const said = { role: 'user', content: 'Hi' };
const gpt = 'us.openai.gpt-6-sol';

/** By API: its parameters, and bodies of those that it demands. */
const apis: Readonly<Record<string, readonly [parameters: object, bodies: readonly object[]]>> = {
  '/chat/completions': [chat, [haiku, nova, gpt].map((model) => ({ model, messages: [said] }))],
  '/completions': [completions, [{ model: haiku, prompt: 'Hi' }]],
  '/messages': [messages, [haiku, nova, gpt].map((model) => ({ model, max_tokens: 20, messages: [said] }))],
  '/responses': [responses, [haiku, nova, gpt].map((model) => ({ model, input: 'Hi' }))],
  '/embeddings': [embeddings, [{ model: 'amazon.titan-embed-text-v2:0', input: 'Hi' }]],
  '/rerank': [rerank, [{ model: 'cohere.rerank-v3-5:0', query: 'Hi', documents: ['a', 'b'] }]],
  '/images/generations': [images, [{ model: 'stability.stable-image-core-v1:1', prompt: 'Hi' }]],
  '/moderations': [moderations, [{ input: 'Hi' }]],
};

/** The status, what is told of the answer, and what was sent for it. */
async function outcomeOf(path: string, body: object) {
  stack.simulator.reset();
  const { status, headers } = await stack.post(path, body);
  const sent = stack.simulator.calls.map(({ operation, body }) => {
    const { requestMetadata: _, ...rest } = body as Record<string, unknown>;
    return { operation, body: rest };
  });
  return [status, headers.get('x-gateway-ignored'), headers.get('x-gateway-warnings'), sent];
}

describe.each(Object.entries(apis))('%s', (path, [parameters, bodies]) => {
  test.each(bodies)('all that is not in %j may be null', async (body) => {
    const plain = await outcomeOf(path, body);
    expect(plain[0]).toBe(200);
    const nulls = Object.fromEntries(Object.keys(parameters).map((name) => [name, null]));
    expect(await outcomeOf(path, { ...nulls, ...body })).toEqual(plain);
  });
});

const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
const format = { name: 'n', schema: { type: 'object', properties: { a: { type: 'string' } } } };

/** Objects as they may come, and the members of theirs that say nothing. */
const members: readonly [path: string, name: string, value: object, unset: readonly string[]][] = [
  ['/chat/completions', 'guardrailConfig', guardrail, ['trace', 'streamProcessingMode']],
  ['/completions', 'guardrail_config', guardrail, ['trace', 'streamProcessingMode']],
  ['/messages', 'guardrailConfig', guardrail, ['trace', 'streamProcessingMode']],
  ['/responses', 'guardrailConfig', guardrail, ['trace', 'streamProcessingMode']],
  ['/embeddings', 'guardrailConfig', guardrail, ['trace', 'streamProcessingMode']],
  ['/chat/completions', 'thinking', { type: 'disabled' }, ['budget_tokens', 'display']],
  ['/chat/completions', 'thinking', { type: 'enabled', budget_tokens: 2000 }, ['display']],
  ['/chat/completions', 'thinking', { budget_tokens: 2000 }, ['type']],
  ['/chat/completions', 'reasoning', { max_tokens: 2000 }, ['effort', 'enabled', 'exclude', 'summary']],
  ['/chat/completions', 'output_config', {}, ['effort']],
  ['/chat/completions', 'chat_template_kwargs', {}, ['enable_thinking']],
  ['/chat/completions', 'stream_options', {}, ['include_usage', 'include_obfuscation']],
  ['/chat/completions', 'usage', {}, ['include']],
  ['/chat/completions', 'prompt_caching', { system: true }, ['messages']],
  ['/chat/completions', 'response_format', { type: 'json_schema', json_schema: format }, ['schema']],
];

test.each(members)('%s: %s %j may have null as %j', async (path, name, value, unset) => {
  const body = apis[path]![1][0]!;
  const plain = await outcomeOf(path, { ...body, [name]: value });
  expect(plain[0]).toBe(200);
  const nulls = Object.fromEntries(unset.map((member) => [member, null]));
  expect(await outcomeOf(path, { ...body, [name]: { ...nulls, ...value } })).toEqual(plain);
});
