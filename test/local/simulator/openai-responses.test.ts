import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { call, client, gpt, kimi, records, refused, weather } from './openai.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const path = '/responses';
const responses = () => client(simulator).responses;
const hello = (more: object = {}) => ({ model: gpt, input: 'Hello there', ...more });
const create = async (body: object) => (await call(simulator, path, body)).json;
const encrypted = { include: ['reasoning.encrypted_content'] };

describe('an answer', () => {
  test('has every member, thoughts apart from words, and tokens', async () => {
    const answer = await responses().create({ model: gpt, input: 'Hello there' });
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^resp_\w{50}$/),
      object: 'response',
      status: 'completed',
      model: gpt,
      store: true,
      output: [
        { type: 'reasoning', summary: [] },
        { type: 'message', status: 'completed', role: 'assistant' },
      ],
      usage: { output_tokens_details: { reasoning_tokens: 32 } },
    });
    expect(answer.output_text).toContain('You said: “Hello there”');
    expect(answer.output[0]).not.toHaveProperty('encrypted_content');
    expect(answer.usage!.total_tokens).toBe(answer.usage!.input_tokens + answer.usage!.output_tokens);
    expect(simulator.calls[0]).toMatchObject({ operation: 'CreateResponse', modelId: gpt, status: 200 });
  });

  test('encrypts thoughts for those who ask, summarises them, and leaves them out at effort none', async () => {
    const reasoning = { summary: 'auto' };
    const [thought] = (await create(hello({ ...encrypted, reasoning }))).output;
    expect(thought).toMatchObject({
      encrypted_content: expect.stringMatching(/^gAAAAA/),
      summary: [{ type: 'summary_text', text: expect.stringContaining('**') }],
    });
    const { output } = await create(hello({ reasoning: { effort: 'none' } }));
    expect(output.map(({ type }: { type: string }) => type)).toEqual(['message']);
  });

  test('of Kimi shows its thoughts', async () => {
    const [thought] = (await create(hello({ model: kimi }))).output;
    expect(thought.content[0]).toEqual({
      type: 'reasoning_text',
      text: expect.stringContaining('The user wants'),
    });
  });

  test.each([
    ['a long answer', { input: '[[events:100]]', max_output_tokens: 60 }, 'max_output_tokens'],
    ['a thought that takes it all', { max_output_tokens: 16 }, 'max_output_tokens'],
    ['a filter', { input: '[[stop:content_filtered]]' }, 'content_filter'],
  ])('is incomplete: %s', async (_name, more, reason) => {
    expect(await create(hello(more))).toMatchObject({ status: 'incomplete', incomplete_details: { reason } });
  });

  test('that is malformed has failed', async () => {
    const { status, error } = await create(hello({ input: '[[stop:malformed_model_output]]' }));
    expect([status, error.code]).toEqual(['failed', 'server_error']);
  });

  test('fits a schema', async () => {
    const schema = {
      type: 'object',
      properties: { x: { const: 1 } },
      required: ['x'],
      additionalProperties: false,
    };
    const text = { format: { type: 'json_schema', name: 'x', strict: true, schema } };
    expect((await create(hello({ text }))).output.at(-1).content[0].text).toBe('{"x":1}');
  });

  test('reads and writes the cache behind breakpoints, if it is long enough', async () => {
    const mark = { prompt_cache_breakpoint: { mode: 'explicit' } };
    const input = (text: string) => [
      {
        role: 'user',
        content: [
          { type: 'input_text', text, ...mark },
          { type: 'input_text', text: 'Hello' },
        ],
      },
    ];
    const details = async (text: string) =>
      (await create(hello({ input: input(text) }))).usage.input_tokens_details;
    const long = 'word '.repeat(2000);
    expect(await details(long)).toEqual({ cached_tokens: 0, cache_write_tokens: 2500 });
    expect(await details(long)).toEqual({ cached_tokens: 2500, cache_write_tokens: 0 });
    expect(await details('short')).toEqual({ cached_tokens: 0, cache_write_tokens: 0 });
  });
});

describe('a stream', () => {
  test('has the events in their order, numbered, and ends with the whole response', async () => {
    const { list } = await records(
      simulator,
      path,
      hello({ reasoning: { summary: 'auto' }, tools: [weather], input: 'Weather in Paris?' }),
    );
    const names = list.map(({ event }) => event!);
    expect(names.filter((name, i) => name !== names[i - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(list.map(({ data }) => data.sequence_number)).toEqual(list.map((_, i) => i));
    expect(list.map(({ data }) => data.type)).toEqual(names);
    const done = list.filter(({ event }) => event === 'response.output_item.done');
    expect(list.at(-1)?.data.response.output).toEqual(done.map(({ data }) => data.item));
  });

  test.each([
    ['text', 'Hello there'],
    ['texts', '[[texts:3]]'],
    ['a call', '[[call:get_weather {"city":"Zürich"}]]'],
    ['nothing', '[[empty]]'],
  ])('is the same as the whole, as the client puts it together: %s', async (_name, input) => {
    const stream = responses().stream({ model: gpt, input, tools: [weather], store: false });
    const { output } = await stream.finalResponse();
    simulator.reset();
    const whole = await create(hello({ input, tools: [weather], store: false, stream: null }));
    const plain = (items: readonly object[]) =>
      JSON.stringify(
        items.map((item) => ({ ...item, id: 0, call_id: 0 })),
        (key, value) => (key.startsWith('parsed') ? undefined : value),
      );
    expect(plain(output)).toBe(plain(whole.output));
  });

  test('hides the lengths of words unless that is not wanted', async () => {
    const { text } = await records(simulator, path, hello());
    expect(text).toContain('"obfuscation"');
    const plain = await records(simulator, path, hello({ stream_options: { include_obfuscation: false } }));
    expect(plain.text).not.toContain('"obfuscation"');
  });
});

describe('tools', () => {
  const custom = {
    type: 'custom',
    name: 'exec',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' },
  };
  const space = { type: 'namespace', name: 'crm', description: 'Customers', tools: [weather, custom] };
  const search = { type: 'tool_search', execution: 'client' };
  const callOf = async (tools: object[], input: string) =>
    (await create(hello({ tools, input }))).output.at(-1);

  test.each([
    [
      'a function',
      [weather],
      '[[call:get_weather {"city":"Rome"}]]',
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Rome"}' },
    ],
    [
      'a custom tool',
      [custom],
      '[[call:exec {"input":"ls\\n"}]]',
      { type: 'custom_tool_call', name: 'exec', input: 'ls\n' },
    ],
    [
      'a function of a namespace',
      [space],
      '[[call:crm__get_weather {"city":"Rome"}]]',
      { type: 'function_call', name: 'get_weather', namespace: 'crm' },
    ],
    [
      'a custom tool of a namespace',
      [space],
      '[[call:crm__exec {"input":"ls"}]]',
      { type: 'custom_tool_call', name: 'exec', namespace: 'crm', input: 'ls' },
    ],
    [
      'a search',
      [search],
      '[[call:tool_search {"query":"x"}]]',
      { type: 'tool_search_call', execution: 'client', arguments: { query: 'x' } },
    ],
    [
      'a patch',
      [{ type: 'apply_patch' }],
      '[[call:apply_patch]]',
      { type: 'apply_patch_call', operation: { type: 'update_file' } },
    ],
  ])('%s is called', async (_name, tools, input, item) => {
    expect(await callOf(tools, input)).toMatchObject({
      ...item,
      call_id: expect.stringMatching(/^call_\w{24}$/),
    });
  });

  test('that are held back are there once they have been found; an item may bring some as well', async () => {
    const late = { ...weather, defer_loading: true };
    const input = [{ role: 'user', content: 'What is the weather in Paris?' }];
    const [asked] = (await create(hello({ tools: [search, late], input, reasoning: { effort: 'none' } })))
      .output;
    expect(asked.type).toBe('tool_search_call');
    const found = {
      type: 'tool_search_output',
      call_id: asked.call_id,
      execution: 'client',
      status: 'completed',
      tools: [late],
    };
    const next = [...input, asked, found, ...input];
    const named = { type: 'function', name: 'get_weather' };
    const body = hello({ tools: [search, late], input: next, tool_choice: named });
    expect((await create(body)).output.at(-1)).toMatchObject({ type: 'function_call', name: 'get_weather' });
    const brought = [{ type: 'additional_tools', role: 'developer', tools: [weather] }, ...input];
    expect((await create(hello({ input: brought }))).output.at(-1)).toMatchObject({ type: 'function_call' });
  });

  test('allowed ones alone are called, and none where none is allowed', async () => {
    const other = { ...weather, name: 'other' };
    const tools = [weather, other];
    const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'other' }] };
    expect((await create(hello({ tools, tool_choice: choice }))).output.at(-1).name).toBe('other');
    const none = hello({ tools, tool_choice: 'none', input: 'What is the weather?' });
    expect((await create(none)).output.at(-1).type).toBe('message');
  });
});

describe('a conversation', () => {
  const turn = async (more: object = {}) => {
    const input = [{ role: 'user', content: 'What is the weather in Paris?' }];
    const answer = await create(hello({ input, tools: [weather], ...more }));
    const result = { type: 'function_call_output', call_id: answer.output.at(-1).call_id, output: 'sunny' };
    return { input, answer, result };
  };
  const textOf = (answer: { output: { content: { text: string }[] }[] }) =>
    answer.output.at(-1)?.content[0]?.text;

  test('is echoed item by item, with its thoughts', async () => {
    const { input, answer, result } = await turn({ ...encrypted, store: false });
    const next = hello({ input: [...input, ...answer.output, result], tools: [weather], store: false });
    expect(textOf(await create(next))).toBe('The tool answered: sunny');
  });

  test('is known by the id of the response before', async () => {
    const { answer, result } = await turn();
    const next = hello({ previous_response_id: answer.id, input: [result], tools: [weather] });
    const second = await create(next);
    expect(second.previous_response_id).toBe(answer.id);
    expect(textOf(second)).toBe('The tool answered: sunny');
    expect(second.usage.input_tokens).toBeGreaterThan(answer.usage.input_tokens);
  });

  test('may refer to items that are stored', async () => {
    const { input, answer, result } = await turn();
    const references = answer.output.map(({ id }: { id: string }) => ({ type: 'item_reference', id }));
    const next = hello({ input: [...input, ...references, result], tools: [weather] });
    expect(textOf(await create(next))).toBe('The tool answered: sunny');
  });

  test.each([
    [
      'thoughts of another model',
      'us.openai.gpt-5.6-luna',
      (thought: object) => thought,
      'could not be verified',
    ],
    [
      'thoughts that were changed',
      gpt,
      (thought: { encrypted_content: string }) => ({
        ...thought,
        encrypted_content: thought.encrypted_content.replace(/.$/, '_'),
      }),
      'could not be verified',
    ],
    [
      'thoughts from elsewhere',
      gpt,
      (thought: object) => ({ ...thought, encrypted_content: 'gw1.abc' }),
      'could not be verified',
    ],
  ])('%s are refused', async (_name, model, change, words) => {
    const { input, answer, result } = await turn({ ...encrypted, store: false });
    const [thought, called] = answer.output;
    const next = hello({ model, input: [...input, change(thought), called, result], tools: [weather] });
    expect(await call(simulator, path, next)).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining(words) } },
    });
  });

  test.each([
    [
      'a thought without its content',
      { type: 'reasoning', id: 'rs_x', summary: [] },
      404,
      `Item with id 'rs_x' not found.`,
    ],
    [
      'a reference to nothing',
      { type: 'item_reference', id: 'msg_x' },
      404,
      `Item with id 'msg_x' not found.`,
    ],
    [
      'a call without a result',
      { type: 'function_call', call_id: 'call_x', name: 'x', arguments: '{}' },
      400,
      'No tool output found for function call call_x.',
    ],
    [
      'a result without a call',
      { type: 'custom_tool_call_output', call_id: 'call_x', output: 'x' },
      400,
      'No tool call found for custom tool call output with call_id call_x.',
    ],
  ])('%s is refused', async (_name, item, status, words) => {
    const refusal = await call(simulator, path, hello({ input: [{ role: 'user', content: 'x' }, item] }));
    expect([refusal.status, refusal.json.error.message]).toEqual([status, expect.stringContaining(words)]);
  });
});

describe('stored responses', () => {
  test('can be got, not cancelled, and deleted', async () => {
    const made = await responses().create({ model: gpt, input: 'Hello there' });
    const { output_text: _, ...got } = await responses().retrieve(made.id);
    expect(got).toEqual(JSON.parse(JSON.stringify({ ...made, output_text: undefined })));
    expect(await refused(responses().cancel(made.id))).toEqual([
      400,
      'Cannot cancel a synchronous response.',
    ]);
    expect(await call(simulator, `/responses/${made.id}`, undefined, { method: 'DELETE' })).toMatchObject({
      status: 200,
      json: { id: made.id, object: 'response', deleted: true },
    });
    expect((await refused(responses().retrieve(made.id)))?.[0]).toBe(404);
    expect(simulator.calls.map(({ operation }) => operation)).toEqual([
      'CreateResponse',
      'GetResponse',
      'CancelResponse',
      'DeleteResponse',
      'GetResponse',
    ]);
  });

  test('that were never stored, or not here, are told alike', async () => {
    const { id } = await create(hello({ store: false }));
    for (const unknown of [id, 'resp_nobody']) {
      const words = `Response with id '${unknown}' not found.`;
      expect(await refused(responses().retrieve(unknown))).toEqual([404, words]);
      const next = await call(simulator, path, hello({ previous_response_id: unknown }));
      expect([next.status, next.json.error.message]).toEqual([404, words]);
    }
  });
});

describe('what is refused', () => {
  const parts = (part: object) => ({ input: [{ role: 'user', content: [part] }] });
  test.each<[string, object, string]>([
    ['unknown members', { client_metadata: {} }, `Unknown parameter: 'client_metadata'.`],
    ['a guardrail in the body', { guardrailConfig: {} }, `Unknown parameter: 'guardrailConfig'.`],
    [
      'unknown members of items',
      { input: [{ role: 'user', content: 'x', internal_x: 1 }] },
      `Unknown parameter: 'input[0].internal_x'.`,
    ],
    ['unknown members of tools', { tools: [{ ...weather, x: 1 }] }, `Unknown parameter: 'tools[0].x'.`],
    ['no input', { input: undefined }, `one of 'input' or 'previous_response_id'`],
    ['background', { background: true }, 'The background parameter is not supported.'],
    ['conversations', { conversation: 'conv_x' }, 'The conversation parameter is not supported.'],
    [
      'a short answer',
      { max_output_tokens: 15 },
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.`,
    ],
    [
      'the search of the web',
      { tools: [{ type: 'web_search' }] },
      'web search is not supported for this request',
    ],
    [
      'the search of the web, first form',
      { tools: [{ type: 'web_search_preview' }] },
      'web search is not supported for this request',
    ],
    ...['file_search', 'code_interpreter', 'image_generation', 'local_shell', 'shell'].map(
      (type): [string, object, string] => [
        type,
        { tools: [{ type }] },
        `Invalid value: '${type}'. Supported values are: 'function', 'mcp', 'custom', 'apply_patch', 'namespace', 'tool_search', and 'computer'.`,
      ],
    ),
    ...['agent_message', 'context_compaction', 'local_shell_call', 'compaction_trigger'].map(
      (type): [string, object, string] => [type, { input: [{ type }] }, `Invalid value: '${type}'.`],
    ),
    [
      'a tool that is not there',
      { tool_choice: { type: 'function', name: 'x' } },
      `Tool choice 'x' not found in 'tools' parameter.`,
    ],
    ['sampling while it thinks', { temperature: 0.2 }, `Unsupported parameter: 'temperature'`],
    ['an effort nobody has', { reasoning: { effort: 'minimal' } }, `Invalid value: 'minimal'.`],
    ['a tier', { service_tier: 'flex' }, `Invalid value: 'flex'.`],
    ['JSON without the word', { text: { format: { type: 'json_object' } } }, `must contain the word 'json'`],
    [
      'images of the network',
      parts({ type: 'input_image', image_url: 'https://example.com/a.png' }),
      'Only data: and s3:// URLs',
    ],
    [
      'images that do not say so',
      parts({ type: 'input_image', image_url: 'data:application/octet-stream;base64,iVBORw0KGgo=' }),
      'Only image types are supported',
    ],
    ['files of OpenAI', parts({ type: 'input_image', file_id: 'file_x' }), 'Files are not supported'],
    [
      'five breakpoints',
      {
        input: [
          {
            role: 'user',
            content: Array.from({ length: 5 }, () => ({
              type: 'input_text',
              text: 'x',
              prompt_cache_breakpoint: { mode: 'explicit' },
            })),
          },
        ],
      },
      'at most 4 prompt cache breakpoints',
    ],
    [
      'parts of the wrong side',
      { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
      `Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.`,
    ],
    [
      'parts of the other side',
      { input: [{ role: 'user', content: [{ type: 'output_text', text: 'x' }] }] },
      `Invalid value: 'output_text'. Supported values are: 'input_text', 'input_image', and 'input_file'.`,
    ],
    [
      'names of calls',
      { input: [{ type: 'function_call', call_id: 'c', name: 'a.b', arguments: '' }] },
      `Invalid 'input[0].name': string does not match pattern.`,
    ],
    [
      'the same item twice',
      {
        input: [
          { id: 'msg_1', role: 'user', content: 'x' },
          { id: 'msg_1', role: 'user', content: 'x' },
        ],
      },
      'Duplicate item found with id msg_1.',
    ],
    [
      'thoughts of open weights',
      {
        input: [
          { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'x' }] },
        ],
      },
      `Invalid 'input[0].content': array too long.`,
    ],
    [
      'long ids',
      { input: [{ type: 'function_call', call_id: 'c'.repeat(65), name: 'x', arguments: '' }] },
      `Invalid 'input[0].call_id': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.`,
    ],
    [
      'schemas of no object',
      { tools: [{ ...weather, parameters: {} }] },
      `Invalid schema for function 'get_weather': schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`,
    ],
    [
      'functions that are not strict',
      { tools: [{ ...weather, strict: true }] },
      `Invalid schema for function 'get_weather': In context=(), 'additionalProperties'`,
    ],
  ])('%s', async (_name, more, words) => {
    const { status, json } = await call(simulator, path, hello(more));
    expect([status, json.error]).toEqual([
      400,
      {
        message: expect.stringContaining(words),
        type: 'invalid_request_error',
        param: null,
        code: 'validation_error',
      },
    ]);
  });

  test.each<[string, object]>([
    ['null for absent', { tools: null, temperature: null, reasoning: null, text: null, include: null }],
    ['sampling without a thought', { temperature: 0.2, top_p: 0.5, reasoning: { effort: 'none' } }],
    ['headers of a guardrail, which do nothing', { input: 'Something forbidden' }],
    [
      'what clients send with every request',
      {
        prompt_cache_key: 'x',
        metadata: { a: 'b' },
        parallel_tool_calls: false,
        truncation: 'auto',
        safety_identifier: 'x',
        text: {},
      },
    ],
  ])('but not %s', async (_name, more) => {
    const headers = {
      'x-amzn-bedrock-guardrailidentifier': 'abc123',
      'x-amzn-bedrock-guardrailversion': '1',
    };
    const made = await responses().create({ model: gpt, input: 'Hello', ...more }, { headers });
    expect(made.status).toBe('completed');
    expect(made.output_text).toContain('You said');
  });
});
