import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  upstreamBeginning,
  upstreamChunk,
  upstreamChunks,
  upstreamCompletion,
  upstreamCounts,
  upstreamEnd,
} from '../support/chat-upstream.ts';
import { keysFile } from '../support/keys-file.ts';
import { type RuntimeReply, startScriptedRuntime } from '../support/scripted-runtime.ts';
import { type Stack, type StackOptions, startStack, testKey } from '../support/stack.ts';

/** Chats with models that speak Chat Completions themselves, where the client asks for more than Converse has. */

const gpt = 'us.openai.gpt-5.6-sol';
const grok = 'global.xai.grok-4.7';
const gptOss = 'openai.gpt-oss-120b-1:0';
const kimi = 'us.moonshotai.kimi-k3';
const natively = { 'x-gateway-path': 'native' };
const messages = [{ role: 'user', content: 'Hi' }];
const schema = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};
const format = { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } };
const tools = [
  { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
];
const called = (...ids: string[]) => ({
  role: 'assistant',
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } })),
});
const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };

let runtime: Awaited<ReturnType<typeof startScriptedRuntime>>;
let stack: Stack;
beforeAll(async () => {
  runtime = await startScriptedRuntime();
  stack = await startStack({ runtimeUrl: runtime.url });
});
afterAll(async () => {
  await stack.close();
  await runtime.close();
});
beforeEach(() => runtime.script());

const paths = () => runtime.calls.map(({ path }) => path);
const sent = (nth = 0) => runtime.calls[nth]?.body;

async function ask(body: object, headers?: Record<string, string>, of = stack) {
  const response = await of.post('/chat/completions', { messages, ...body }, headers);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

async function apart(options: StackOptions, use: (own: Stack) => Promise<void>) {
  const own = await startStack({ runtimeUrl: runtime.url, ...options });
  try {
    await use(own);
  } finally {
    await own.close();
  }
}

/** The chunks of a stream, without the mark of its end. */
const chunksOf = (text: string) =>
  text
    .split('\n\n')
    .filter((record) => record.startsWith('data: {'))
    .map((record) => JSON.parse(record.slice(6)));
const deltasOf = (text: string) =>
  chunksOf(text).flatMap(({ choices = [] }) => choices.map((choice: { delta: object }) => choice.delta));
const joined = (text: string, member: string) =>
  deltasOf(text)
    .map((delta) => delta[member] ?? '')
    .join('');

describe('a body as the model takes it', () => {
  beforeEach(() => runtime.script({ status: 200, json: upstreamCompletion() }));

  test('N01 sampling is left out where it thinks, and named; the longest answer has its new name', async () => {
    const asked = { model: gpt, temperature: 0.2, max_tokens: 50, verbosity: 'low' };
    const { status, headers, text } = await ask(asked);
    expect([status, paths()]).toEqual([200, ['chat']]);
    expect(sent()).toEqual({
      model: gpt,
      stream: false,
      messages,
      max_completion_tokens: 50,
      verbosity: 'low',
    });
    expect(headers.get('x-gateway-ignored')).toBe('temperature');
    const answer = JSON.parse(text);
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: gpt,
      choices: [{ message: { role: 'assistant', content: 'Hello — wörld' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 60 } },
    });
    expect(answer.id).not.toContain('upstream');
  });

  test('N03 Grok gets no penalties', async () => {
    const { status, headers } = await ask({ model: grok, presence_penalty: 0.5, logprobs: true });
    expect([status, paths()]).toEqual([200, ['chat']]);
    expect(sent()).not.toHaveProperty('presence_penalty');
    expect(headers.get('x-gateway-ignored')).toBe('presence_penalty');
  });

  test('N25 what is newer than the gateway goes on as it is', async () => {
    await ask({ model: gpt, verbosity: 'high', foo: { bar: [1] } });
    expect(sent()).toMatchObject({ foo: { bar: [1] } });
  });

  test('what clients echo of an answer, and marks for another cache, stay behind', async () => {
    const history = [
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
      {
        role: 'assistant',
        content: 'Hm.',
        reasoning_content: 'So.',
        reasoning: 'So.',
        audio: null,
        annotations: [],
      },
      { role: 'user', content: 'And?', name: 'u' },
    ];
    await ask({ model: gpt, messages: history, response_format: format });
    expect(sent()?.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: 'Hm.' },
      { role: 'user', content: 'And?', name: 'u' },
    ]);
    runtime.script({ status: 200, json: upstreamCompletion() });
    await ask({ model: kimi, messages: history.slice(0, 1) });
    expect(sent()?.messages).toEqual([
      {
        role: 'user',
        content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit' } }],
      },
    ]);
  });
});

describe('what clients write in other ways', () => {
  beforeEach(() => runtime.script({ status: 200, json: upstreamCompletion() }));

  test('tools without marks, and a choice by its usual name', async () => {
    const marked = tools.map((tool) => ({ ...tool, cache_control: { type: 'ephemeral' } }));
    await ask({ model: grok, logprobs: true, tools: marked, tool_choice: 'any' });
    expect(sent()).toMatchObject({ tools, tool_choice: 'required' });
    expect(JSON.stringify(sent())).not.toContain('cache_control');
  });

  test('a schema without a name gets one', async () => {
    const { name: _, ...unnamed } = format.json_schema;
    await ask({ model: gpt, response_format: { ...format, json_schema: unnamed } });
    expect(sent()?.response_format).toEqual({ ...format, json_schema: { ...unnamed, name: 'response' } });
  });

  test.each<[string, object, object]>([
    ['text', { type: 'text', json_schema: null, schema: null }, { type: 'text' }],
    ['JSON', { type: 'json_object', schema: null }, { type: 'json_object' }],
    ['a schema', { ...format, schema: null, note: 1, json_schema: { ...format.json_schema, name: 'a b', description: null, note: 1 } }, { ...format, json_schema: { ...format.json_schema, name: 'a_b' } }],
    ['a long name', { ...format, json_schema: { ...format.json_schema, name: 'a'.repeat(65) } }, { ...format, json_schema: { ...format.json_schema, name: 'a'.repeat(64) } }],
  ])('a format without members of others, under a name that it may have: %s', async (_, given, expected) => {
    const body = { model: gpt, verbosity: 'low', messages: [{ role: 'user', content: 'JSON' }] };
    expect((await ask({ ...body, response_format: given })).status).toBe(200);
    expect([paths(), sent()?.response_format]).toEqual([['chat'], expected]);
  }); // biome-ignore format: a table

  test('what says nothing: messages without content, results that are empty, states of an image', async () => {
    const odd = { ...picture, image_url: { ...picture.image_url, detail: 'odd' } };
    const [call] = called('c').tool_calls;
    const said = [
      { role: 'system', content: null },
      { role: 'user', content: [] },
      { role: 'user', content: [odd] },
      { role: 'assistant' },
      { role: 'assistant', content: [], tool_calls: [{ ...call, type: 'custom' }] },
      { role: 'tool', tool_call_id: 'c', content: null },
      { role: 'user', content: '' },
    ];
    await ask({ model: grok, logprobs: true, tools, messages: said });
    expect([paths(), sent()?.messages]).toEqual([
      ['chat'],
      [
        { role: 'user', content: [picture] },
        called('c'),
        { role: 'tool', tool_call_id: 'c', content: '' },
        { role: 'user', content: '' },
      ],
    ]);
  });

  test('a file without what a client notes of it, and no name for the cache that is too long', async () => {
    const file = { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' };
    const content = [{ type: 'file', file: { ...file, format: 'application/pdf' } }];
    const body = { model: gpt, verbosity: 'low', messages: [{ role: 'user', content }] };
    const { headers } = await ask({ ...body, prompt_cache_key: 'a'.repeat(65) });
    expect(headers.get('x-gateway-ignored')).toBe('prompt_cache_key');
    expect(sent()).not.toHaveProperty('prompt_cache_key');
    expect(sent()?.messages).toEqual([{ role: 'user', content: [{ type: 'file', file }] }]);
  });

  test('parts of Responses, and members of parts that the API does not have', async () => {
    const content = [
      { type: 'input_text', text: 'Hi', foo: 1 },
      { type: 'input_image', image_url: 's3://b/a.png' },
    ];
    await ask({ model: gpt, verbosity: 'low', messages: [{ role: 'user', content }] });
    expect(sent()?.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: { url: 's3://b/a.png' } },
        ],
      },
    ]);
  });

  test('a call of the history without arguments, and an id that a client has made too long', async () => {
    const history = (id: string) => [
      ...messages,
      {
        role: 'assistant',
        tool_calls: [{ id, type: 'function', function: { name: 'look', arguments: '' } }],
      },
      { role: 'tool', tool_call_id: id, content: 'b' },
    ];
    await ask({ model: grok, logprobs: true, tools, messages: history('c') });
    expect(JSON.stringify(sent()?.messages)).toContain('"arguments":"{}"');
    runtime.script();
    await ask({ model: grok, logprobs: true, tools, messages: history('c'.repeat(41)) });
    expect(paths()).toEqual(['converse']);
  });
});

describe('what it does not take', () => {
  test('N04 a stop sequence is not sent, and the answer ends there', async () => {
    runtime.script();
    const { status, text } = await ask({ model: gpt, stop: ['ell'] });
    expect([status, paths(), JSON.stringify(sent())]).toEqual([
      200,
      ['converse'],
      expect.not.stringContaining('ell'),
    ]);
    expect(JSON.parse(text).choices[0]).toMatchObject({ message: { content: 'H' }, finish_reason: 'stop' });
  });

  test.each([
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    's3://bucket/a.png',
  ])('N22 an image that is there goes on as it is: %s', async (url) => {
    runtime.script({ status: 200, json: upstreamCompletion() });
    const content = [{ type: 'image_url', image_url: { url, detail: 'low' } }];
    await ask({ model: gpt, verbosity: 'low', messages: [{ role: 'user', content }] });
    expect(sent()?.messages).toEqual([{ role: 'user', content }]);
  });

  test('what clients of Responses call the parts, and marks for a cache, which Kimi takes and others do without', async () => {
    const cache_control = { type: 'ephemeral' };
    const asked = [
      { role: 'system', content: 'Be brief.', cache_control },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Hi' },
          { ...picture, cache_control },
        ],
      },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Ho' }] },
      { role: 'user', content: [{ type: 'text', text: 'Why?' }], cache_control },
    ];
    const sentBy = async (model: string) => {
      runtime.script({ status: 200, json: upstreamCompletion() });
      expect(
        (await ask({ model, presence_penalty: 0.5, logprobs: true, messages: asked }, natively)).status,
      ).toBe(200);
      return sent()?.messages;
    };
    const mark = { prompt_cache_breakpoint: { mode: 'explicit' } };
    const expected = (more: object) => [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.', ...more }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { ...picture, ...more },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'Ho' }] },
      { role: 'user', content: [{ type: 'text', text: 'Why?', ...more }] },
    ];
    expect(await sentBy(kimi)).toEqual(expected(mark));
    expect(await sentBy(grok)).toEqual(expected({}));
  });

  test('N22 and none is fetched from a private address', async () => {
    const content = [{ type: 'image_url', image_url: { url: 'https://127.0.0.1/a.png' } }];
    const { status } = await ask({ model: gpt, verbosity: 'low', messages: [{ role: 'user', content }] });
    expect([status, runtime.calls.length]).toEqual([400, 0]);
  });
});

describe('which chats go so', () => {
  const pdf = {
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
  };
  test.each<[string, object]>([
    ['a schema for GPT', { model: gpt, response_format: format }],
    ['a schema for Grok', { model: grok, response_format: format }],
    [
      'a temperature for a GPT that does not think',
      { model: gpt, temperature: 0.2, reasoning_effort: 'none' },
    ],
    [
      'log probabilities of a GPT that does not think',
      { model: gpt, logprobs: true, reasoning: { enabled: false } },
    ],
    ['a verbosity', { model: gpt, verbosity: 'low' }],
    ['a PDF for GPT beside', { model: gpt, verbosity: 'low', messages: [{ role: 'user', content: [pdf] }] }],
    ['log probabilities of an open model', { model: 'qwen.qwen3-32b-v1:0', logprobs: true, top_logprobs: 2 }],
    ['penalties for an open model', { model: gptOss, frequency_penalty: 0.5 }],
    ['a tier of Kimi K3', { model: kimi, service_tier: 'flex' }],
    ['a client that wants it', { model: gpt }],
  ])('natively: %s', async (what, body) => {
    for (const stream of [false, true]) {
      runtime.script(stream ? { sse: upstreamChunks() } : { status: 200, json: upstreamCompletion() });
      const { status } = await ask({ ...body, stream }, what.startsWith('a client') ? natively : {});
      expect([status, paths()]).toEqual([200, ['chat']]);
    }
  });

  const guardrail = { guardrailIdentifier: 'gr123456', guardrailVersion: '1' };
  test.each<[string, object, Record<string, string>?]>([
    ['nothing that it lacks', { model: gpt, reasoning_effort: 'high' }],
    ['a guardrail', { model: gpt, verbosity: 'low', guardrailConfig: guardrail }],
    [
      'a guardrail by header (N26)',
      { model: gpt, verbosity: 'low' },
      { 'x-amzn-bedrock-guardrailidentifier': 'gr123456' },
    ],
    ['metadata', { model: gpt, verbosity: 'low', metadata: { team: 'a' } }],
    ['latency', { model: gpt, verbosity: 'low', performanceConfig: { latency: 'optimized' } }],
    ['a tier that the model lacks there', { model: gpt, verbosity: 'low', service_tier: 'flex' }],
    ['fields of the model', { model: gpt, verbosity: 'low', additionalModelRequestFields: { a: 1 } }],
    ['a stop sequence (N04), which the gateway minds itself', { model: gpt, verbosity: 'low', stop: ['X'] }],
    ['GPT-5.5, which has Responses alone', { model: 'us.openai.gpt-5.5', response_format: format }],
    ['Claude', { model: 'global.anthropic.claude-sonnet-5-5', logprobs: true }],
    ['a schema that the model does not keep', { model: gptOss, logprobs: true, response_format: format }],
    [
      'JSON that the prompt does not speak of',
      { model: gpt, verbosity: 'low', response_format: { type: 'json_object' } },
    ],
    ['several answers', { model: gpt, verbosity: 'low', n: 2 }],
    [
      'instructions between turns',
      {
        model: 'qwen.qwen3-32b-v1:0',
        logprobs: true,
        messages: [...messages, { role: 'system', content: 'Be brief.' }, ...messages],
      },
    ],
    [
      'five stop sequences',
      { model: 'qwen.qwen3-32b-v1:0', logprobs: true, stop: ['1', '2', '3', '4', '5'] },
    ],
    [
      'an older schema for JSON',
      { model: gpt, verbosity: 'low', response_format: { type: 'json_object', schema } },
    ],
    ['custom tools', { model: grok, logprobs: true, tools: [{ type: 'custom', custom: { name: 'c' } }] }],
    ['a call without a result', { model: grok, logprobs: true, tools, messages: [...messages, { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }] }, { role: 'user', content: 'And?' }] }], // biome-ignore format: one line
    ['a client that wants it', { model: gpt, verbosity: 'low' }, { 'x-gateway-path': 'converse' }],
  ])('by Converse: %s', async (what, body, headers) => {
    for (const stream of [false, true]) {
      runtime.script();
      const { status } = await ask({ ...body, stream }, headers);
      expect([status, new Set(paths())]).toEqual([200, new Set(['converse'])]);
      if (what.startsWith('a guardrail')) expect(sent()).toHaveProperty('guardrailConfig');
    }
  });

  test('N02 tools beside reasoning go to Responses, also where the native way is demanded', async () => {
    for (const headers of [{}, natively]) {
      runtime.script({ status: 200, json: {} });
      await ask({ model: gpt, tools, verbosity: 'low' }, headers);
      expect(paths()[0]).toBe('responses');
    }
  });

  test.each<[string, object, RegExp]>([
    ['a model without it', { model: 'amazon.nova-pro-v1:0' }, /does not speak this API/],
    ['several answers', { model: gpt, n: 2 }, /Only Converse carries several answers/],
    ['a guardrail', { model: gpt, guardrailConfig: guardrail }, /Only Converse carries a guardrail/],
    ['a stop sequence', { model: gpt, stop: 'X' }, /Only Converse carries stop/],
    ['a part of another kind', { model: grok, messages: [{ role: 'user', content: [{ type: 'guarded_text', text: 'a' }] }] }, /Only Converse carries what `messages` holds/], // biome-ignore format: one line
    ['a result of the older form', { model: grok, messages: [...messages, { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{}' } }, { role: 'function', name: 'look', content: 'b' }], tools }, /Only Converse carries what `messages` holds/], // biome-ignore format: one line
    ['a field of the model', { model: grok, additionalModelRequestFields: { top_k: 5 } }, /Only Converse carries `additionalModelRequestFields`/], // biome-ignore format: one line
    ['a field of another client', { model: grok, extra_body: { min_p: 0.1 } }, /Only Converse carries `(extra_body|additionalModelRequestFields)`/], // biome-ignore format: one line
    [
      'a budget of thinking',
      { model: grok, reasoning: { max_tokens: 2000 } },
      /Only Converse carries a thinking budget/,
    ],
    ['a custom tool', { model: grok, tools: [{ type: 'custom', custom: { name: 'c' } }] }, /Only Converse carries tools that are no functions/], // biome-ignore format: one line
    ['a tool of the older form', { model: grok, functions: [{ name: 'look', parameters: { type: 'object' } }] }, /Only Converse carries tools that are no functions/], // biome-ignore format: one line
    ['a choice of another type', { model: grok, tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } } }, /Only Converse carries `tool_choice` of this type/], // biome-ignore format: one line
    ['an older schema for JSON', { model: grok, response_format: { type: 'json_object', schema } }, /Only Converse carries `response_format.schema`/], // biome-ignore format: one line
    [
      'latency',
      { model: grok, performanceConfig: { latency: 'optimized' } },
      /Only Converse carries performanceConfig/,
    ],
    ['metadata', { model: grok, metadata: { team: 'a' } }, /Only Converse carries metadata/],
    ['a tier', { model: grok, service_tier: 'flex' }, /Only Converse carries service_tier/],
    ['five stop sequences', { model: kimi, stop: ['1', '2', '3', '4', '5'] }, /Only Converse carries stop/],
    [
      'a tool that must be called',
      { model: gptOss, tools, tool_choice: 'required' },
      /Only Converse carries tool_choice/,
    ],
    ['a call without a result', { model: grok, tools, messages: [...messages, called('c'), ...messages] }, /calls without results/], // biome-ignore format: one line
    ['a result without a call', { model: grok, tools, messages: [...messages, { role: 'tool', tool_call_id: 'c', content: 'b' }] }, /results without calls/], // biome-ignore format: one line
    ['two calls of one id', { model: grok, tools, messages: [...messages, called('c', 'c'), { role: 'tool', tool_call_id: 'c', content: 'b' }] }, /calls without results/], // biome-ignore format: one line
    ['instructions between turns', { model: grok, messages: [...messages, { role: 'developer', content: 'Be brief.' }, ...messages] }, /instructions between turns/], // biome-ignore format: one line
    ['an image as a result', { model: grok, tools, messages: [...messages, called('c'), { role: 'tool', tool_call_id: 'c', content: [picture] }] }, /Only Converse carries what messages holds \(image_url\)/], // biome-ignore format: one line
  ])('the native way demanded for what it cannot be: %s', async (_, body, message) => {
    const { status, text } = await ask(body, natively);
    expect([status, runtime.calls.length]).toEqual([400, 0]);
    expect(JSON.parse(text).error.message).toMatch(message);
  });

  test('a header of another value is a 400', async () => {
    const { status, text } = await ask({ model: gpt }, { 'x-gateway-path': 'scenic' });
    expect([status, JSON.parse(text).error.param]).toEqual([400, 'x-gateway-path']);
  });

  test.each<[string, () => Promise<Record<string, string>>, string]>([
    ['a setting', async () => ({ GUARDRAIL: JSON.stringify(guardrail) }), gpt],
    ['a key', async () => ({ API_KEY: '', API_KEY_FILE: await keysFile([{ name: 'k', key: testKey, guardrail }]) }), gpt], // biome-ignore format: one line
    ['an alias', async () => ({ MODEL_ALIASES: JSON.stringify({ mine: { model: gpt, guardrailConfig: guardrail } }) }), 'mine'], // biome-ignore format: one line
  ])('N11 a guardrail of %s is on every call, whatever is asked', async (_, env, model) => {
    await apart({ env: await env() }, async (own) => {
      for (const more of [{}, { stream: true }, { response_format: format }, { tools }]) {
        runtime.script();
        await ask({ model, verbosity: 'low', ...more }, {}, own);
        expect(runtime.calls.map(({ path, body }) => [path, body.guardrailConfig])).toEqual([
          ['converse', expect.objectContaining(guardrail)],
        ]);
      }
      runtime.script();
      expect([(await ask({ model }, natively, own)).status, runtime.calls.length]).toEqual([400, 0]);
    });
  });

  test('N21 an application profile, and a deployment where the setting is off', async () => {
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123abc123';
    runtime.script();
    await ask({ model: profile, verbosity: 'low', response_format: format });
    expect(paths()).not.toContain('chat');
    await apart({ env: { ENABLE_NATIVE_OPENAI: 'false' } }, async (own) => {
      runtime.script();
      await ask({ model: gpt, verbosity: 'low' }, {}, own);
      expect(paths()).toEqual(['converse']);
    });
  });
});

describe('an answer', () => {
  const native = { model: gpt, verbosity: 'low' };

  test('N27 counts are asked for in any case, and told to whom they were promised', async () => {
    for (const stream_options of [undefined, { include_usage: true }]) {
      runtime.script({ sse: upstreamChunks() });
      const { text, headers } = await ask({ ...native, stream: true, stream_options });
      expect(sent()).toMatchObject({ stream: true, stream_options: { include_usage: true } });
      const chunks = chunksOf(text);
      expect(joined(text, 'content')).toBe('Hello — wörld');
      expect(chunks.map(({ usage }) => usage).filter((usage) => usage != null)).toEqual(
        stream_options ? [upstreamCounts.usage] : [],
      );
      expect(chunks.every((chunk) => 'usage' in chunk)).toBe(stream_options !== undefined);
      expect(new Set(chunks.map(({ model }) => model))).toEqual(new Set([gpt]));
      expect(text).not.toMatch(/obfuscation|upstream/);
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
      const line = stack.logs.find((each) => each.requestId === headers.get('x-request-id'));
      expect(line).toMatchObject({ inputTokens: 40, cacheReadTokens: 60, outputTokens: 20 });
    }
  });

  test('N05 what gpt-oss thought, out of its text, wherever that is cut', async () => {
    const text = '<reasoning>Look < first.</reasoning>Hello </reasoning> <reasoning>';
    const asked = { model: gptOss, frequency_penalty: 0.5 };
    runtime.script({ status: 200, json: upstreamCompletion({ content: text }) });
    const [choice] = JSON.parse((await ask(asked)).text).choices;
    expect(choice.message).toMatchObject({
      reasoning_content: 'Look < first.',
      content: 'Hello </reasoning> <reasoning>',
    });
    for (const length of [1, 3, 7, 12, text.length]) {
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${length}}`, 'g')) ?? [];
      runtime.script({ sse: upstreamChunks(pieces.map((content) => ({ content }))) });
      const streamed = (await ask({ ...asked, stream: true })).text;
      expect(joined(streamed, 'reasoning_content')).toBe('Look < first.');
      expect(joined(streamed, 'content')).toBe('Hello </reasoning> <reasoning>');
    }
  });

  test('other open models say it in a member of its own', async () => {
    const asked = { model: 'qwen.qwen3-32b-v1:0', logprobs: true };
    runtime.script({ sse: upstreamChunks([{ reasoning: 'So.' }, { content: 'Hello' }]) });
    const { text } = await ask(
      { ...asked, stream: true },
      { 'x-gateway-reasoning-fields': 'reasoning_content' },
    );
    expect(deltasOf(text)).toContainEqual({ reasoning_content: 'So.' });
    runtime.script({ status: 200, json: upstreamCompletion({ reasoning: 'So.' }) });
    const [choice] = JSON.parse((await ask({ ...asked, reasoning: { exclude: true } })).text).choices;
    expect(Object.keys(choice.message)).not.toContain('reasoning');
  });

  test('N23 calls have ids of their own in every answer, and come back as they went', async () => {
    const call = { index: 0, id: 'call_0', type: 'function', function: { name: 'look', arguments: '{}' } };
    const asked = { model: grok, tools, logprobs: true };
    const { index: _, ...whole } = call;
    runtime.script({
      status: 200,
      json: upstreamCompletion({ content: null, tool_calls: [whole] }, 'tool_calls'),
    });
    const first = JSON.parse((await ask(asked)).text).choices[0].message;
    const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'b' });
    const history = [...messages, first, result(first.tool_calls[0].id)];
    runtime.script({ sse: upstreamChunks([{ tool_calls: [call] }], 'tool_calls') });
    const { text } = await ask({ ...asked, messages: history, stream: true });
    expect(sent()?.messages).toEqual([
      ...messages,
      { role: 'assistant', tool_calls: [{ ...whole, id: first.tool_calls[0].id }] },
      result(first.tool_calls[0].id),
    ]);
    const second = deltasOf(text).flatMap((delta) => delta.tool_calls ?? [])[0];
    const ids = [first.tool_calls[0].id, second.id];
    expect(new Set([...ids, 'call_0']).size).toBe(3);
    expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(40);
  });
});

describe('a failure', () => {
  const native = { model: gpt, verbosity: 'low' };
  const failed = {
    error: {
      message: 'Too many requests, slow down.',
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
    },
  };
  const begun = [upstreamBeginning, upstreamChunk({ content: 'Hello' })];

  test.each<[string, RuntimeReply, RegExp]>([
    [
      'N14 a stream that is cut',
      { sse: [...begun, { pauseMs: 20 }], cut: true },
      /ended before|broke|connection/i,
    ],
    ['N14 a stream that ends early', { sse: begun }, /ended before/],
    ['N14 an end without a reason', { sse: [...begun, upstreamEnd] }, /ended before/],
    ['N15 an error in the stream', { sse: [...begun, failed] }, /./],
    ['a broken record', { sse: [...begun, 'data: {"a\n\n'] }, /./],
  ])('%s is one error event, and no success', async (_, reply, message) => {
    runtime.script(reply);
    const { status, text } = await ask({ ...native, stream: true });
    expect(status).toBe(200);
    expect(joined(text, 'content')).toBe('Hello');
    expect(text.match(/data: \{"error":/g)).toHaveLength(1);
    expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/);
    expect(JSON.parse(text.split('data: {"error":')[1]?.split('\n\n')[0]?.slice(0, -1) ?? '{}').message).toMatch(message); // biome-ignore format: one line
  });

  test('before anything was said it is tried again', async () => {
    runtime.script({ sse: [upstreamBeginning, failed] }, { sse: upstreamChunks() });
    const { status, text } = await ask({ ...native, stream: true });
    expect([status, paths(), joined(text, 'content')]).toEqual([200, ['chat', 'chat'], 'Hello — wörld']);
  });

  test.each([false, true])(
    'N13 a path that is not there is no empty answer (streamed: %s)',
    async (stream) => {
      runtime.script({ status: 200, json: { Output: { __type: 'com.amazon.coral.service#UnknownOperationException' }, Version: '1.0' } }); // biome-ignore format: one line
      expect((await ask({ ...native, stream })).status).toBe(502);
    },
  );

  test.each<[string, number, object, Record<string, string>]>([
    ['the API', 400, { error: { message: `The model '${gpt}' does not support the '/openai/v1/chat/completions' API.`, type: 'invalid_request_error', param: null, code: 'validation_error' } }, {}], // biome-ignore format: one line
    [
      'the route',
      400,
      { error: { message: "This model isn't supported on this route.", code: 'validation_error' } },
      {},
    ],
  ])(
    'a model that has not %s is asked by Converse, and that is learned',
    async (_, status, json, headers) => {
      await apart({}, async (own) => {
        runtime.script({ status, json, headers });
        for (const content of ['One question', 'Two questions']) {
          const response = await ask({ ...native, messages: [{ role: 'user', content }] }, {}, own);
          expect(response.status).toBe(200);
        }
        expect(paths()).toEqual(['chat', 'converse', 'converse']);
      });
    },
  );

  test('a parameter that is refused is left out and named; one of the client’s making teaches nothing', async () => {
    await apart({}, async (own) => {
      const refusal = (name: string): RuntimeReply => ({
        status: 400,
        json: {
          error: {
            message: `Unknown parameter: '${name}'.`,
            type: 'invalid_request_error',
            param: name,
            code: null,
          },
        },
      });
      const answer = { status: 200, json: upstreamCompletion() };
      runtime.script(refusal('foo'), answer, refusal('foo'), answer);
      for (const nth of [1, 3]) {
        const { headers } = await ask({ ...native, foo: 1 }, {}, own);
        expect(headers.get('x-gateway-ignored')).toBe('foo');
        expect(runtime.calls[nth]?.body).not.toHaveProperty('foo');
      }
    });
  });

  test('N25 the words of a refusal teach nothing where the client wrote them', async () => {
    await apart({}, async (own) => {
      const message = `The model '${gpt}' does not support the '/openai/v1/chat/completions' API.`;
      runtime.script(
        { status: 400, json: { error: { message } } },
        { status: 200, json: upstreamCompletion() },
      );
      await ask({ ...native, messages: [{ role: 'user', content: message }] }, {}, own);
      await ask(native, {}, own);
      expect(paths()).toEqual(['chat', 'converse', 'chat']);
    });
  });

  test.each<[string, string | null, object]>([
    ['max_completion_tokens', 'max_tokens', { max_tokens: 5 }],
    ['max_completion_tokens', 'max_completion_tokens', { max_completion_tokens: 5 }],
    ['messages[0].content[0].image_url', 'messages', {}],
    ['reasoning_effort', 'reasoning.effort', { reasoning: { effort: 'low' } }],
    ['response_format', 'response_format', {}],
    ['something', null, {}],
  ])('what is at fault (%s) is told by the client’s name for it: %s', async (param, name, more) => {
    runtime.script({ status: 400, json: { error: { message: 'Wrong.', type: 'invalid_request_error', param, code: null } } }); // biome-ignore format: one line
    const { status, text } = await ask({ ...native, ...more });
    expect([status, JSON.parse(text).error]).toEqual([400, { message: 'Wrong.', type: 'invalid_request_error', param: name, code: null }]); // biome-ignore format: one line
  });

  test('and so it is of a chat that was had in Responses', async () => {
    runtime.script({ status: 400, json: { error: { message: 'Wrong.', type: 'invalid_request_error', param: 'max_output_tokens', code: null } } }); // biome-ignore format: one line
    const { text } = await ask({ model: gpt, tools, max_tokens: 5 });
    expect([paths(), JSON.parse(text).error.param]).toEqual([['responses'], 'max_tokens']);
  });

  test.each([
    "Invalid value: 'odd'. Supported values are: 'low', 'medium', and 'high'.",
    "Invalid type for 'messages[0].content': expected one of a string or an array of objects, but got null instead.",
    "Missing required parameter: 'messages[0].content'.",
  ])('what is refused for its form goes by Converse, this time: %s', async (message) => {
    const answer = { status: 200, json: upstreamCompletion() };
    runtime.script({ status: 400, json: { error: { message, code: 'validation_error' } } }, answer, answer);
    expect((await ask({ ...native, verbosity: 'odd' })).status).toBe(200);
    await ask(native);
    expect(paths()).toEqual(['chat', 'converse', 'chat']);
  });

  test('a schema that cannot be kept strictly is kept by Converse’s means', async () => {
    const message = "Invalid schema for response_format 'n': In context=(), 'additionalProperties' is required to be supplied and to be false."; // biome-ignore format: one line
    runtime.script({ status: 400, json: { error: { message, code: 'validation_error' } } });
    const { status } = await ask({ model: gpt, response_format: format });
    expect([status, paths()]).toEqual([200, ['chat', 'converse']]);
  });
});

describe('the simulator, which is as strict as the runtime is known to be', () => {
  let strict: Stack;
  beforeAll(async () => {
    strict = await startStack();
  });
  afterAll(() => strict.close());
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==' } }; // biome-ignore format: one line

  test.each<[string, object]>([
    [
      'GPT',
      {
        model: gpt,
        temperature: 0.2,
        top_p: 0.5,
        logprobs: true,
        logit_bias: { 1: 1 },
        max_tokens: 99,
        user: 'u',
        seed: 1,
      },
    ],
    [
      'GPT that does not think',
      { model: gpt, temperature: 0.2, tools, tool_choice: 'auto', reasoning_effort: 'none' },
    ],
    ['GPT that always thinks', { model: 'us.openai.gpt-6-astra', reasoning_effort: 'none' }],
    ['GPT with a schema', { model: gpt, response_format: format }],
    ['GPT with a schema without a name', { model: gpt, response_format: { ...format, json_schema: { ...format.json_schema, name: null } } }], // biome-ignore format: one line
    ['GPT whose cost is asked for', { model: gpt, verbosity: 'low', usage: { include: true } }],
    [
      'GPT with an image',
      { model: gpt, messages: [{ role: 'user', content: [image, { type: 'text', text: 'a' }] }] },
    ],
    [
      'Grok',
      {
        model: grok,
        presence_penalty: 1,
        frequency_penalty: 1,
        temperature: 1.5,
        reasoning_effort: 'none',
        tools,
        tool_choice: 'required',
      },
    ],
    ['Grok with a schema', { model: grok, response_format: format }],
    [
      'gpt-oss',
      { model: gptOss, logit_bias: { 1: 1 }, temperature: 0.5, stop: 'Z', reasoning_effort: 'high', tools },
    ],
    ['Kimi K3', { model: kimi, service_tier: 'flex', prompt_cache_key: 'k', tool_choice: 'none' }],
    [
      'Qwen',
      {
        model: 'qwen.qwen3-32b-v1:0',
        seed: 1,
        presence_penalty: 1,
        reasoning_effort: 'minimal',
        stop: ['Z'],
      },
    ],
  ])('takes what is sent of a chat with %s', async (_, body) => {
    for (const stream of [false, true]) {
      const { status, text } = await ask({ ...body, stream }, natively, strict);
      expect([status, text]).toEqual([200, expect.not.stringContaining('"error"')]);
      expect(strict.simulator.calls.at(-1)?.operation).toBe('ChatCompletions');
    }
  });
});
