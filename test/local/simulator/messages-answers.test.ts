import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redactedData, signatureOf } from '../../../local/simulator/answer/ids.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { claudeCodeBodies } from './claude-code-bodies.ts';
import { post, runtime } from './helpers.ts';
import { folded, hello, invoke, streamed } from './messages.ts';
import { models as m } from './rule-cases.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ retired: true });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const client = () => runtime(simulator);
const asks = (content: unknown, more: object = {}) =>
  hello({ messages: [{ role: 'user', content }], ...more });
const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** The same message whole and streamed; the cache is forgotten between the two. */
async function both(model: string, body: object, more = {}) {
  const whole = await invoke(client(), model, body, more);
  simulator.reset();
  const events = await streamed(client(), model, body, more);
  return { whole, events };
}

describe('a message', () => {
  test('is Anthropic’s, with its keys in the recorded order', async () => {
    const message = await invoke(client(), m.haiku45, asks('Hi'));
    expect(Object.keys(message)).toEqual([
      'model',
      'id',
      'type',
      'role',
      'content',
      'stop_reason',
      'stop_sequence',
      'usage',
    ]);
    expect(message).toMatchObject({
      model: 'claude-haiku-4-5-20251001',
      id: expect.stringMatching(/^msg_bdrk_01[1-9A-Za-z]{22}$/),
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: expect.stringContaining('You said: “Hi”.') }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      },
    });
  });

  test.each([
    [
      'us.anthropic.claude-3-5-haiku-20241022-v1:0',
      ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'output_tokens'],
    ],
    [m.claude3, ['input_tokens', 'output_tokens']],
  ])('of %s counts what that model counts (recorded)', async (model, keys) => {
    expect(Object.keys((await invoke(client(), model, asks('Hi'))).usage)).toEqual(keys);
  });

  test('of Claude 2 is one, too, where it is asked with messages', async () => {
    expect(await invoke(client(), 'anthropic.claude-v2', asks('Hi', { system: 'Be brief' }))).toMatchObject({
      model: 'claude-2.0',
      type: 'message',
    });
  });

  test('its counts stand in headers', async () => {
    const { response } = await post(simulator, `/model/${m.haiku45}/invoke`, asks('Hi'));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-amzn-bedrock-input-token-count': '5',
      'x-amzn-bedrock-output-token-count': expect.any(String),
      'x-amzn-bedrock-cache-read-input-token-count': '0',
      'x-amzn-bedrock-cache-write-input-token-count': '0',
      'x-amzn-bedrock-invocation-latency': expect.any(String),
    });
  });

  test.each<[string, object, object]>([
    [
      'max_tokens',
      asks('[[events:50]]', { max_tokens: 3 }),
      { stop_reason: 'max_tokens', stop_sequence: null },
    ],
    [
      'a stop sequence',
      asks('Say END now', { stop_sequences: ['END'] }),
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    ],
    ['a call', asks('What is the weather in Paris?', { tools: [weather] }), { stop_reason: 'tool_use' }],
    [
      'a refusal',
      asks('[[stop:refusal]]'),
      { stop_reason: 'refusal', stop_details: { type: 'refusal', category: null, explanation: null } },
    ],
    ['what Converse calls filtered', asks('[[stop:content_filtered]]'), { stop_reason: 'refusal' }],
    [
      'the context',
      asks('[[stop:model_context_window_exceeded]]'),
      { stop_reason: 'model_context_window_exceeded' },
    ],
  ])('ends with %s', async (_, body, ending) => {
    const { whole, events } = await both(m.haiku45, body);
    expect(whole).toMatchObject(ending);
    expect(folded(events)).toMatchObject(ending);
  });
});

describe('a stream', () => {
  test('has the recorded events, no pings, and Bedrock’s counts in the last', async () => {
    const events = await streamed(
      client(),
      m.haiku45,
      asks('What is the weather in Paris?', { tools: [weather] }),
    );
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(['message_start', 'content_block_start']);
    expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
    expect(new Set(types)).not.toContain('ping');
    expect(events[0]?.message).toMatchObject({
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: expect.any(Number), output_tokens: 1 },
    });
    const calls = events.flatMap(({ delta }) =>
      delta?.type === 'input_json_delta' ? [delta.partial_json] : [],
    );
    expect(calls[0]).toBe('');
    expect(JSON.parse(calls.join(''))).toEqual({ city: 'Paris' });
    const { usage } = events.at(-2)!;
    expect(usage).not.toHaveProperty('cache_creation');
    expect(events.at(-1)).toEqual({
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: (usage as { input_tokens: number }).input_tokens,
        outputTokenCount: (usage as { output_tokens: number }).output_tokens,
        invocationLatency: expect.any(Number),
        firstByteLatency: 50,
      },
    });
  });

  test('of a model that does not cache tells its output at the end (recorded)', async () => {
    const events = await streamed(client(), m.claude3, asks('Hi'));
    expect(Object.keys(events.at(-2)!.usage!)).toEqual(['output_tokens']);
  });

  test.each<[string, string, object]>([
    ['text', m.haiku45, asks('Hi')],
    ['thinking', m.haiku45, asks('Hi', { thinking: { type: 'enabled', budget_tokens: 1024 } })],
    ['thinking without words', m.sonnet55, asks('Hi')],
    ['redacted thinking', m.haiku45, asks('[[redacted]]')],
    ['calls beside text and thinking', m.haiku45, asks('[[parallel:3]]', { tools: [weather] })],
    ['a call without arguments', m.haiku45, asks('[[no-arguments]]', { tools: [weather] })],
    ['citations', m.haiku45, asks('[[citations]]')],
    ['a search for tools', m.sonnet55, asks('[[server-tool]]')],
    ['nothing at all', m.haiku45, asks('[[empty]]')],
    ['several texts', m.haiku45, asks('[[texts:3]]')],
    [
      'JSON of a schema',
      m.haiku45,
      asks('Hi', {
        output_config: {
          format: {
            type: 'json_schema',
            schema: {
              type: 'object',
              properties: { a: { type: 'string' } },
              required: ['a'],
              additionalProperties: false,
            },
          },
        },
      }),
    ],
    [
      'many tokens of thinking',
      m.sonnet55,
      asks('Hi', { anthropic_beta: ['thinking-token-count-2026-05-13'] }),
    ],
  ])('tells the same message: %s', async (_, model, body) => {
    const { whole, events } = await both(model, body);
    expect(folded(events)).toEqual(whole);
  });
});

describe('what the model thinks', () => {
  test('is signed, and is taken back as it was', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const question = { role: 'user', content: 'What is the weather in Paris?' };
    const first = await invoke(
      client(),
      m.haiku45,
      hello({ messages: [question], thinking, tools: [weather] }),
    );
    expect(first.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use']);
    const [thought, call] = first.content;
    expect(thought!.signature).toBe(signatureOf(String(thought!.thinking)));
    expect(call!.id).toMatch(/^toolu_bdrk_01[1-9A-Za-z]{22}$/);
    const results = {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: call!.id, content: 'sunny' }],
    };
    const again = (content: unknown) =>
      hello({ messages: [question, { role: 'assistant', content }, results], thinking, tools: [weather] });
    expect(await invoke(client(), m.haiku45, again(first.content))).toMatchObject({
      content: [{ type: 'thinking' }, { type: 'text', text: 'The tool answered: sunny' }],
    });
    await expect(invoke(client(), m.haiku45, again([call]))).rejects.toThrow(
      'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
    );
    await expect(
      invoke(client(), m.haiku45, again([{ ...thought, thinking: 'Another thought' }, call])),
    ).rejects.toThrow('messages.1.content.0: Invalid `signature` in `thinking` block');
    expect(
      await invoke(client(), m.haiku45, again([{ type: 'redacted_thinking', data: redactedData }, call])),
    ).toMatchObject({
      type: 'message',
    });
  });

  test('has no words on the newest models, unless a summary is asked for', async () => {
    const silent = await invoke(client(), m.sonnet55, asks('Hi'));
    expect(silent.content[0]).toEqual({ type: 'thinking', thinking: '', signature: signatureOf('') });
    const thinking = { type: 'adaptive', display: 'summarized' };
    const told = await invoke(client(), m.sonnet55, asks('Hi', { thinking }));
    expect(told.content[0]!.thinking).toContain('The user wants: Hi');
  });
});

describe('caching', () => {
  const long = (ttl?: string) => ({
    type: 'text',
    text: 'word '.repeat(4000),
    cache_control: { type: 'ephemeral', ...(ttl && { ttl }) },
  });

  test('is counted by its time to live, written and then read', async () => {
    const body = hello({ system: [long('1h'), long()] });
    expect((await invoke(client(), m.haiku45, body)).usage).toMatchObject({
      input_tokens: 7,
      cache_creation_input_tokens: 10_000,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 5000, ephemeral_1h_input_tokens: 5000 },
    });
    const events = await streamed(client(), m.haiku45, body);
    expect(events[0]?.message?.usage).toMatchObject({
      input_tokens: 7,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 10_000,
    });
    expect(events.at(-1)?.['amazon-bedrock-invocationMetrics']).toMatchObject({
      inputTokenCount: 7,
      cacheReadInputTokenCount: 10_000,
    });
  });
});

describe('tools', () => {
  const asked = (more: object) => asks('What is the weather in Paris?', { tools: [weather], ...more });

  test.each<[string, object, boolean]>([
    ['none', { tool_choice: { type: 'none' } }, false],
    ['auto', { tool_choice: { type: 'auto' } }, true],
    ['any', { tool_choice: { type: 'any' } }, true],
    ['tool', { tool_choice: { type: 'tool', name: 'get_weather' } }, true],
  ])('a choice of %s is followed', async (_, more, calls) => {
    const { content } = await invoke(client(), m.haiku45, asked(more));
    expect(content.some(({ type }) => type === 'tool_use')).toBe(calls);
  });

  test('one at a time where that is asked for', async () => {
    const calls = async (more: object) => {
      const both = asks('Call it twice for Paris and Rome', { tools: [weather], ...more });
      return (await invoke(client(), m.haiku45, both)).content.length;
    };
    expect(await calls({})).toBe(2);
    expect(await calls({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } })).toBe(1);
  });

  test('Anthropic’s own are called, too', async () => {
    const body = asks('Use bash to list the files', { tools: [{ type: 'bash_20250124', name: 'bash' }] });
    expect(await invoke(client(), m.haiku45, body)).toMatchObject({
      content: [{ type: 'tool_use', name: 'bash' }],
    });
  });

  test('a deferred one is called when a search has found it, and costs nothing before', async () => {
    const deferred = { ...weather, name: 'get_rain', defer_loading: true };
    const search = { name: 'search', input_schema: { type: 'object' } };
    const flag = { anthropic_beta: ['tool-search-tool-2025-10-19'] };
    const ask = { role: 'user', content: 'Will it rain in Paris?' };
    const before = hello({ messages: [ask], tools: [search, deferred], ...flag });
    const first = await invoke(client(), m.sonnet45, before);
    expect(first.content.map(({ name }) => name)).toEqual(['search']);
    const { input_tokens: without } = (
      await invoke(client(), m.sonnet45, hello({ messages: [ask], tools: [search] }))
    ).usage;
    expect(first.usage.input_tokens).toBe(without);
    const found = {
      type: 'tool_result',
      tool_use_id: first.content[0]!.id,
      content: [{ type: 'tool_reference', tool_name: 'get_rain' }],
    };
    const messages = [
      ask,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [found] },
      { role: 'assistant', content: 'I have it.' },
      { role: 'user', content: 'Then tell me: will it rain in Paris?' },
    ];
    const after = await invoke(client(), m.sonnet45, hello({ messages, tools: [search, deferred], ...flag }));
    expect(after.content.map(({ name }) => name)).toEqual(['get_rain']);
  });
});

describe('a guardrail in the headers', () => {
  const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1', trace: 'ENABLED' as const };

  test('speaks instead of the model, which ends its turn as ever (recorded)', async () => {
    const { whole, events } = await both(m.haiku45, asks('a forbidden word'), guardrail);
    expect(whole).toMatchObject({
      id: expect.stringMatching(/^bedrock-guardrails-[0-9a-f]+$/),
      content: [{ type: 'text', text: 'Sorry, the guardrail blocked this request.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 0, output_tokens: 0 },
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': { guardrail: { actionReason: 'Guardrail blocked.', input: { abc123: {} } } },
    });
    expect(folded(events)).toEqual(whole);
    expect(events.at(-1)).toMatchObject({
      type: 'message_stop',
      'amazon-bedrock-guardrailAction': 'INTERVENED',
    });
  });

  test('masks what the model says', async () => {
    const message = await invoke(client(), m.haiku45, asks('[[say:a confidential name]]'), guardrail);
    expect(message).toMatchObject({
      id: expect.stringMatching(/^msg_bdrk_/),
      content: [{ text: 'a {NAME} name' }],
      stop_reason: 'end_turn',
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': { guardrail: { outputs: [{ abc123: expect.anything() }] } },
    });
  });

  test('lets the rest pass, and keeps its trace to itself unless asked', async () => {
    const message = await invoke(client(), m.haiku45, asks('Hi'), { ...guardrail, trace: 'DISABLED' });
    expect(message).toMatchObject({ stop_reason: 'end_turn', 'amazon-bedrock-guardrailAction': 'NONE' });
    expect(message).not.toHaveProperty('amazon-bedrock-trace');
  });

  test('does not look at results of tools', async () => {
    const call = { type: 'tool_use', id: 't1', name: 'get_weather', input: {} };
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [call] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'a forbidden word' }] },
        ],
      },
    ];
    expect(await invoke(client(), m.haiku45, hello({ messages, tools: [weather] }), guardrail)).toMatchObject(
      {
        'amazon-bedrock-guardrailAction': 'NONE',
      },
    );
  });
});

describe('Claude Code in its Bedrock mode is served', () => {
  const headers = {
    'anthropic-beta': 'claude-code-20250219,effort-2025-11-24',
    'anthropic-version': '2023-06-01',
  };

  test.each(claudeCodeBodies)('$turn', async ({ model, body }) => {
    const runtimeClient = client();
    runtimeClient.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, headers);
        return next(args);
      },
      { step: 'build' },
    );
    const message = folded(await streamed(runtimeClient, model, body));
    expect(message).toMatchObject({ type: 'message', role: 'assistant' });
    expect(['end_turn', 'tool_use']).toContain(message.stop_reason);
  });

  test('and the tool that its search has found is called as it says', async () => {
    const { model, body } = claudeCodeBodies.find(({ turn }) => turn === 'after a search for tools')!;
    const said = body.messages.at(-1)!;
    const messages = [
      ...body.messages,
      { role: 'assistant', content: 'Found.' },
      { ...said, content: (said.content as object[]).slice(1) },
    ];
    expect(await invoke(client(), model, { ...body, messages })).toMatchObject({
      content: [{ type: 'thinking' }, { type: 'tool_use', name: 'mcp__lab__echo', input: { message: 'hi' } }],
    });
  });
});
