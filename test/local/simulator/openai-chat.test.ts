import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { call, client, gpt, gptOss, grok, kimi, qwen, records, refused, weatherTool } from './openai.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const path = '/chat/completions';
const says = (content: unknown) => [{ role: 'user', content }];
const chat = (model: string, more: object = {}) => ({ model, messages: says('Hello there'), ...more });
const ask = (body: object) => call(simulator, path, body);

describe('an answer', () => {
  test('of GPT: no thought to be seen, and its tokens counted', async () => {
    const answer = await client(simulator).chat.completions.create({
      model: gpt,
      messages: [{ role: 'user', content: 'Hello there' }],
    });
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-\w{32}$/),
      object: 'chat.completion',
      model: gpt,
      choices: [
        {
          finish_reason: 'stop',
          message: { role: 'assistant', content: expect.stringContaining('You said: “Hello there”') },
        },
      ],
      usage: { completion_tokens_details: { reasoning_tokens: 32 } },
    });
    expect(answer.choices[0]?.message).not.toHaveProperty('reasoning');
    expect(answer.usage!.total_tokens).toBe(answer.usage!.prompt_tokens + answer.usage!.completion_tokens);
    expect(simulator.calls[0]).toMatchObject({ operation: 'ChatCompletions', modelId: gpt, status: 200 });
  });

  test('of gpt-oss: the thought stands in the text; of Kimi beside it', async () => {
    const oss = await ask(chat(gptOss));
    expect(oss.json.choices[0].message.content).toMatch(/^<reasoning>.+<\/reasoning>You said/);
    const open = await ask(chat(kimi));
    expect(open.json.choices[0].message).toMatchObject({
      reasoning: expect.stringContaining('The user wants'),
      content: expect.stringMatching(/^You said/),
    });
  });

  test.each([gpt, gptOss, grok, kimi, qwen])('of %s is the same in pieces', async (model) => {
    const whole = (await ask(chat(model))).json.choices[0].message;
    const { list } = await records(simulator, path, chat(model));
    expect(list.at(-1)?.data).toBe('[DONE]');
    const deltas = list.slice(0, -1).map(({ data }) => data.choices[0]);
    const joined = (name: string) => deltas.map(({ delta }) => delta[name] ?? '').join('');
    expect(joined('content')).toBe(whole.content);
    expect(joined('reasoning')).toBe(whole.reasoning ?? '');
    expect(deltas.filter(({ finish_reason }) => finish_reason).length).toBe(1);
  });

  test('usage comes in a chunk of its own, for those who ask', async () => {
    const { list } = await records(simulator, path, chat(qwen, { stream_options: { include_usage: true } }));
    expect(list.at(-2)?.data).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(list[0]?.data.usage).toBeNull();
    const without = await records(simulator, path, chat(qwen));
    expect(without.text).not.toContain('"usage"');
  });

  test('a thought that takes all the tokens leaves nothing to say', async () => {
    const { json } = await ask(chat(gpt, { max_completion_tokens: 20 }));
    expect(json.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: null } });
  });
});

test('Kimi K3 caches behind breakpoints, and has tiers', async () => {
  const mark = { prompt_cache_breakpoint: { mode: 'explicit' } };
  const content = [
    { type: 'text', text: 'word '.repeat(2000), ...mark },
    { type: 'text', text: 'Hello' },
  ];
  const cached = async () => {
    const { json } = await ask(chat(kimi, { messages: says(content), service_tier: 'flex' }));
    expect(json.service_tier).toBe('flex');
    return json.usage.prompt_tokens_details.cached_tokens;
  };
  expect([await cached(), await cached()]).toEqual([0, 2500]);
});

describe('tools', () => {
  const weather = { messages: says('What is the weather in Paris and in Rome, both?'), tools: [weatherTool] };

  test('ids of calls begin anew in every answer, and may come twice in a conversation', async () => {
    const first = (await ask(chat(qwen, weather))).json.choices[0];
    expect(first).toMatchObject({ finish_reason: 'tool_calls' });
    expect(first.message.tool_calls.map(({ id }: { id: string }) => id)).toEqual(['call_0', 'call_1']);
    const results = (message: { tool_calls: { id: string }[] }) =>
      message.tool_calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'sunny' }));
    const turn = [...weather.messages, first.message, ...results(first.message)];
    const second = (await ask(chat(qwen, { ...weather, messages: [...turn, ...turn] }))).json.choices[0];
    expect(second.message.content).toBe('The tools answered: sunny; sunny');
  });

  test('streamed by the client’s own reader', async () => {
    const stream = client(simulator).chat.completions.stream({
      model: qwen,
      messages: [{ role: 'user', content: '[[call:get_weather {"city":"Zürich"}]]' }],
      tools: [weatherTool],
    });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({
      id: 'call_0',
      function: { arguments: '{"city":"Zürich"}' },
    });
  });

  test.each([
    [
      'a call without a result',
      [{ role: 'assistant', tool_calls: [call0()] }, ...says('and?')],
      /must be followed by tool messages.*: call_0$/,
    ],
    [
      'a result without a call',
      [{ role: 'tool', tool_call_id: 'call_0', content: 'x' }],
      /must be a response to a preceeding message/,
    ],
  ])('%s', async (_name, messages, words) => {
    const { status, json } = await ask(chat(qwen, { messages: [...says('Hi'), ...messages] }));
    expect([status, json.error.message]).toEqual([400, expect.stringMatching(words)]);
  });

  function call0() {
    return { id: 'call_0', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
  }

  test('gpt-oss takes a named function and does not mind it', async () => {
    const body = chat(gptOss, { messages: says('Hello'), tools: [weatherTool] });
    const named = { type: 'function', function: { name: 'get_weather' } };
    expect((await ask({ ...body, tool_choice: named })).json.choices[0].finish_reason).toBe('stop');
    expect((await ask({ ...body, model: kimi, tool_choice: named })).json.choices[0].finish_reason).toBe(
      'tool_calls',
    );
  });
});

const tooMany = 'Unsupported value';
describe('what is refused', () => {
  test.each<[string, string, object, string]>([
    ['unknown members', qwen, { foo: 1 }, `Unknown parameter: 'foo'.`],
    [
      'unknown members further in',
      qwen,
      { stream_options: { x: 1 }, stream: true },
      `Unknown parameter: 'stream_options.x'.`,
    ],
    [
      'unknown members of messages',
      qwen,
      { messages: [{ role: 'user', content: 'x', x: 1 }] },
      `Unknown parameter: 'messages[0].x'.`,
    ],
    [
      'roles nobody has',
      qwen,
      { messages: [{ role: 'robot', content: 'x' }] },
      `Invalid value: 'robot'. Supported values are: 'system', 'developer', 'user', 'assistant', and 'tool'.`,
    ],
    ['no messages', qwen, { messages: [] }, `Invalid 'messages': empty array`],
    [
      'wrong types',
      qwen,
      { temperature: 'hot' },
      `Invalid type for 'temperature': expected a decimal, but got a string instead.`,
    ],
    [
      'too hot',
      qwen,
      { temperature: 3 },
      `Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.`,
    ],
    ['several answers', qwen, { n: 2 }, tooMany],
    [
      'max_tokens',
      gpt,
      { max_tokens: 100 },
      `Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.`,
    ],
    ['more than the longest answer', qwen, { max_tokens: 300_000 }, 'max_tokens is too large: 300000.'],
    ['temperature while it thinks', gpt, { temperature: 0.2 }, `'temperature' does not support 0.2`],
    ['top_p while it thinks', gpt, { top_p: 0.5 }, `Unsupported parameter: 'top_p'`],
    ['penalties while it thinks', gpt, { presence_penalty: 1 }, `Unsupported parameter: 'presence_penalty'`],
    ['logprobs while it thinks', gpt, { logprobs: true }, `Unsupported parameter: 'logprobs'`],
    [
      'logit_bias',
      gpt,
      { logit_bias: { 1: 1 }, reasoning_effort: 'none' },
      `Unsupported parameter: 'logit_bias'`,
    ],
    ['logit_bias', gptOss, { logit_bias: { 1: 1 } }, `Unsupported parameter: 'logit_bias'`],
    ['stop', gpt, { stop: ['x'] }, `Unsupported parameter: 'stop'`],
    ['stop', grok, { stop: 'x' }, `Unsupported parameter: 'stop'`],
    [
      'tools while it thinks',
      gpt,
      { tools: [weatherTool] },
      `Function tools with reasoning_effort are not supported for ${gpt} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
    ],
    ['an effort nobody has', gpt, { reasoning_effort: 'minimal' }, `Invalid value: 'minimal'.`],
    [
      'effort none of those without',
      'us.openai.gpt-6-astra',
      { reasoning_effort: 'none' },
      `Invalid value: 'none'.`,
    ],
    ['effort none', grok, { reasoning_effort: 'none' }, `Invalid value: 'none'.`],
    ['effort none', gptOss, { reasoning_effort: 'none' }, `Invalid value: 'none'.`],
    [
      'a forced tool',
      gptOss,
      { tools: [weatherTool], tool_choice: 'required' },
      `does not support tool_choice '"required"'`,
    ],
    [
      'JSON without the word',
      qwen,
      { response_format: { type: 'json_object' } },
      `must contain the word 'json'`,
    ],
    [
      'images of the network',
      gpt,
      { messages: says([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]) },
      'Only data: and s3:// URLs',
    ],
    [
      'images that do not say so',
      gpt,
      {
        messages: says([
          { type: 'image_url', image_url: { url: 'data:binary/octet-stream;base64,iVBORw0KGgo=' } },
        ]),
      },
      'Only image types are supported',
    ],
    [
      'images that are none',
      gpt,
      { messages: says([{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGVsbG8=' } }]) },
      'does not represent a valid image',
    ],
    [
      'images',
      gptOss,
      { messages: says([{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGVsbG8=' } }]) },
      'only supported by certain models',
    ],
    [
      'breakpoints',
      gpt,
      { messages: says([{ type: 'text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } }]) },
      `Unknown parameter: 'messages[0].content[0].prompt_cache_breakpoint'.`,
    ],
    ['tiers', gpt, { service_tier: 'flex' }, `Invalid value: 'flex'.`],
    [
      'schemas that are not strict',
      gpt,
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', strict: true, schema: { type: 'object', properties: { x: {} } } },
        },
      },
      `'additionalProperties' is required to be supplied and to be false`,
    ],
    ['tools', 'writer.palmyra-vision-7b', { tools: [weatherTool] }, `Unsupported parameter: 'tools'`],
    [
      'sound',
      qwen,
      { messages: says([{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }]) },
      'input_audio is only supported by certain models',
    ],
    ['empty lists of tools', qwen, { tools: [] }, `Invalid 'tools': empty array.`],
    [
      'long ids of calls',
      qwen,
      { messages: [{ role: 'tool', tool_call_id: 'c'.repeat(41), content: 'x' }] },
      `Invalid 'messages[0].tool_call_id': string too long.`,
    ],
    ['half characters', qwen, { messages: says('\ud83d') }, 'no low surrogate in string'],
  ])('%s (%s)', async (_name, model, more, words) => {
    const { status, json, headers } = await ask(chat(model, more));
    expect(status).toBe(400);
    expect(json).toEqual({
      error: {
        message: expect.stringContaining(words),
        type: 'invalid_request_error',
        param: null,
        code: 'validation_error',
      },
    });
    expect(headers.get('x-amzn-requestid')).toBeTruthy();
  });

  test.each<[string, string, object]>([
    ['max_tokens', qwen, { max_tokens: 100 }],
    [
      'all of it without a thought',
      gpt,
      { reasoning_effort: 'none', temperature: 0.2, top_p: 0.5, tools: [weatherTool], presence_penalty: 1 },
    ],
    ['temperature 1', gpt, { temperature: 1 }],
    ['tools while it thinks', grok, { tools: [weatherTool], reasoning_effort: 'high' }],
    ['JSON with the word', qwen, { response_format: { type: 'json_object' }, messages: says('As JSON') }],
    ['null for absent', qwen, { tools: null, stop: null, temperature: null }],
    ['a guardrail in the body, without effect', qwen, { guardrailConfig: { guardrailIdentifier: 'nobody' } }],
  ])('but not %s (%s)', async (_name, model, more) => {
    expect((await ask(chat(model, more))).status).toBe(200);
  });

  test('penalties on Grok are a 503', async () => {
    const { status, json } = await ask(chat(grok, { presence_penalty: 1 }));
    expect([status, json.error.type]).toEqual([503, 'server_error']);
  });

  test('a schema binds, but for gpt-oss', async () => {
    const schema = { type: 'object', properties: { city: { const: 'Paris' } }, required: ['city'] };
    const format = { response_format: { type: 'json_schema', json_schema: { name: 'city', schema } } };
    const textOf = async (model: string) => (await ask(chat(model, format))).json.choices[0].message.content;
    expect(await textOf(qwen)).toBe('{"city":"Paris"}');
    expect(await textOf(gptOss)).toContain('You said');
  });
});

describe('guardrails', () => {
  const guarded = { 'x-amzn-bedrock-guardrailidentifier': 'abc123', 'x-amzn-bedrock-guardrailversion': '1' };
  const askClient = (content: string, headers: Record<string, string> = guarded) =>
    client(simulator).chat.completions.create(
      { model: qwen, messages: [{ role: 'user', content }] },
      { headers },
    );

  test('are asked for in headers, and act', async () => {
    const blocked = await askClient('Tell me something forbidden');
    expect(blocked).toMatchObject({ 'amazon-bedrock-guardrailAction': 'INTERVENED' });
    expect(blocked.choices[0]?.message.content).toBe('Sorry, the guardrail blocked this request.');
    const masked = await askClient('A confidential word');
    expect(masked.choices[0]?.message.content).toContain('{NAME}');
  });

  test('that are half asked for or do not exist are refused', async () => {
    const half = { 'x-amzn-bedrock-guardrailidentifier': 'abc123' };
    expect(await refused(askClient('Hi', half))).toEqual([400, expect.stringContaining('needs both')]);
    const unknown = { ...guarded, 'x-amzn-bedrock-guardrailidentifier': 'nobody' };
    expect(await refused(askClient('Hi', unknown))).toEqual([400, expect.stringContaining('does not exist')]);
  });
});
