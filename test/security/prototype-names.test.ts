import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haiku } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { member, ordinaryNames, statusesOf, statusOf } from './ordinary-names.ts';

/** Every word of a request that the gateway looks up somewhere is replaced with names that every object has. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    env: {
      CALLER_CREDENTIALS: 'with-key',
      AWS_MAX_ATTEMPTS: '1',
      MODEL_ALIASES: '{"fast": "us.amazon.nova-lite-v1:0"}',
      RETIRED_MODELS: '{"old": "us.amazon.nova-lite-v1:0"}',
      FALLBACKS: '{"models": {"us.amazon.nova-pro-v1:0": ["us.amazon.nova-lite-v1:0"]}}',
    },
  });
});
afterAll(() => stack.close());

const base64 = Buffer.from('some text').toString('base64');
const user = { role: 'user', content: 'Hello' };
const said = (...content: object[]) => ({
  messages: [{ role: 'user', content: [...content, { type: 'text', text: 'x' }] }],
});
const tool = (name: string, parameters: object = { type: 'object', properties: {} }) => ({
  type: 'function',
  function: { name, parameters },
});
const called = (call: object, id = 't') => ({
  tools: [tool('f')],
  messages: [
    user,
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: id, content: 'r' },
  ],
});
const fn = (name: string, args: unknown = '{}') => ({ name, arguments: args });

/** Where a name may stand in a chat, and what else the request has then. */
const chats: Record<string, (name: string) => object> = {
  model: (model) => ({ model }),
  'model with a region': (name) => ({ model: `custom:us-east-1:${name}` }),
  'kind of an ARN': (name) => ({ model: `arn:aws:bedrock:us-east-1:123456789012:${name}/x` }),
  'provider of a model': (name) => ({ model: `${name}.model-v1:0` }),
  models: (name) => ({ models: [name] }),
  fallbacks: (name) => ({ fallbacks: [name] }),
  role: (role) => ({ messages: [{ role, content: 'x' }] }),
  'type of a part': (type) => said({ type, [type]: 'x', text: 'x' }),
  'type of an image': (name) => said({ type: 'image_url', image_url: `data:${name};base64,${base64}` }),
  'type of a video': (name) => said({ type: 'video_url', video_url: `data:${name};base64,${base64}` }),
  'type of a file': (name) => said({ type: 'file', file: { file_data: `data:${name};base64,${base64}` } }),
  'name of a file': (filename) => said({ type: 'file', file: { filename, file_data: base64 } }),
  'ending of a file': (name) => said({ type: 'file', file: { filename: `a.${name}`, file_data: base64 } }),
  'ending of an object of S3': (name) => said({ type: 'image_url', image_url: `s3://bucket/a.${name}` }),
  'format of audio': (format) => said({ type: 'input_audio', input_audio: { data: base64, format } }),
  'detail of an image': (detail) =>
    said({ type: 'image_url', image_url: { url: `data:;base64,${base64}`, detail } }),
  'lifetime of a cache point': (ttl) => said({ type: 'text', text: 'x', cache_control: { type: ttl, ttl } }),
  'name of a tool': (name) => ({ tools: [tool(name)], messages: [user] }),
  'type of a tool': (type) => ({ tools: [{ type, [type]: {} }] }),
  'type of parameters': (type) => ({ tools: [tool('f', { type })] }),
  'name of a property': (name) => ({
    tools: [tool('f', { type: 'object', properties: member(name, { type: 'string' }), required: [name] })],
  }),
  'keyword of a schema': (name) => ({ tools: [tool('f', member(name, { type: 'object' }))] }),
  'reference in a schema': (name) => ({
    tools: [tool('f', { type: 'object', properties: { a: { $ref: `#/$defs/${name}` } }, $defs: {} })],
  }),
  tool_choice: (name) => ({ tools: [tool('f')], tool_choice: name }),
  'type of tool_choice': (type) => ({ tools: [tool('f')], tool_choice: { type, [type]: {} } }),
  'tool that is chosen': (name) => ({
    tools: [tool('f')],
    tool_choice: { type: 'function', function: { name } },
  }),
  'tool that is chosen, and exists': (name) => ({
    tools: [tool(name)],
    tool_choice: { type: 'function', function: { name } },
  }),
  'tools that are allowed': (name) => ({
    tools: [tool('f')],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: name, tools: [{ type: 'function', name: 'f' }] },
    },
  }),
  'id of a call': (id) => called({ id, type: 'function', function: fn('f') }, id),
  'id of a result': (id) => called({ id: 't', type: 'function', function: fn('f') }, id),
  'name in a call': (name) => called({ id: 't', type: 'function', function: fn(name) }),
  'name of a custom tool': (name) => ({ tools: [{ type: 'custom', custom: { name } }] }),
  'argument of a call': (name) => called({ id: 't', type: 'function', function: fn('f', `{"${name}": 1}`) }),
  'argument of a call, as an object': (name) =>
    called({ id: 't', type: 'function', function: fn('f', member(name, 1)) }),
  'function of the older form': (name) => ({
    functions: [{ name }],
    messages: [
      user,
      { role: 'assistant', function_call: fn(name) },
      { role: 'function', name, content: 'r' },
    ],
  }),
  'type of thinking blocks': (type) => ({
    messages: [user, { role: 'assistant', content: 'x', thinking_blocks: [{ type }] }, user],
  }),
  reasoning_effort: (name) => ({ reasoning_effort: name }),
  thinking: (type) => ({ thinking: { type, budget_tokens: 2000 }, max_tokens: 4000 }),
  'type of response_format': (type) => ({ response_format: { type } }),
  'name of an output schema': (name) => ({
    response_format: {
      type: 'json_schema',
      json_schema: { name, schema: { type: 'object', properties: {} } },
    },
  }),
  'property of an output schema': (name) => ({
    response_format: {
      type: 'json_schema',
      json_schema: { name: 's', schema: { type: 'object', properties: member(name, { type: 'string' }) } },
    },
  }),
  modalities: (name) => ({ modalities: [name] }),
  stop: (name) => ({ stop: name }),
  service_tier: (name) => ({ service_tier: name }),
  serviceTier: (type) => ({ serviceTier: { type } }),
  latency: (latency) => ({ performanceConfig: { latency } }),
  'name in metadata': (name) => ({ metadata: member(name, 'v') }),
  'value in metadata': (name) => ({ metadata: { k: name } }),
  'name of a prompt variable': (name) => ({ promptVariables: member(name, 'v') }),
  guardrail: (name) => ({
    guardrailConfig: { guardrailIdentifier: name, guardrailVersion: name, trace: name },
  }),
  parameter: (name) => member(name, { a: 1 }),
  'parameter in extra_body': (name) => ({ extra_body: member(name, { a: 1 }) }),
  'field of the model': (name) => ({ additionalModelRequestFields: member(name, { a: 1 }) }),
  'path in the response': (name) => ({ additionalModelResponseFieldPaths: [`/${name}`] }),
  'beta flag': (name) => ({ anthropic_beta: [name] }),
  'stream option': (name) => ({ stream_options: member(name, true) }),
  'token with a bias': (name) => ({ logit_bias: member(name, 1) }),
  'web search': (name) => ({ web_search_options: member(name, 1) }),
};

const models = [
  haiku,
  'us.amazon.nova-2-lite-v1:0',
  'us.meta.llama3-3-70b-instruct-v1:0',
  'openai.gpt-oss-120b-1:0',
];

describe('names that every object has are nothing special', () => {
  test.each(Object.entries(chats))('in a chat: %s', async (_, make) => {
    for (const model of models) {
      const statuses = await statusesOf((name) =>
        stack.post('/chat/completions', { model, messages: [user], ...make(name) }),
      );
      // One as the other: no name of these means anything to the gateway, or is left out by it.
      if (model === haiku) expect([...statuses]).toHaveLength(1);
    }
  });

  const embeddings: Record<string, (name: string) => object> = {
    model: (model) => ({ model }),
    input_type: (name) => ({ input_type: name }),
    truncate: (name) => ({ truncate: name }),
    encoding_format: (name) => ({ encoding_format: name }),
    parameter: (name) => member(name, 1),
  };
  test.each(Object.entries(embeddings))('in embeddings: %s', async (_, make) => {
    for (const name of ordinaryNames) {
      const body = { model: 'cohere.embed-english-v3', input: 'x', ...make(name) };
      expect([200, 400, 404]).toContain(await statusOf(stack.post('/embeddings', body)));
    }
  });

  test.each(ordinaryNames)('in paths, queries and headers: %s', async (name) => {
    expect(await statusOf(stack.get(`/models/${name}`))).toBe(404);
    expect(await statusOf(stack.get(`/${name}`))).toBe(404);
    for (const query of ['type', 'provider', 'region', 'limit', 'after_id', 'before_id', name]) {
      for (const headers of [undefined, { 'anthropic-version': '2023-06-01' }]) {
        const status = await statusOf(stack.get(`/models?${query}=${name}`, headers));
        expect([200, 400]).toContain(status);
      }
    }
    for (const header of [
      'anthropic-beta',
      'x-amzn-bedrock-guardrailidentifier',
      'x-amzn-bedrock-trace',
      'x-aws-region',
      'x-provider',
      name,
    ]) {
      const body = { model: haiku, messages: [user] };
      expect([200, 400]).toContain(await statusOf(stack.post('/chat/completions', body, { [header]: name })));
    }
    const metadata = { 'x-bedrock-metadata': `{"${name}": "v"}` };
    expect(
      await statusOf(stack.post('/chat/completions', { model: haiku, messages: [user] }, metadata)),
    ).toBe(200);
  });
});
