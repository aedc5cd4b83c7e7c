import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ContentBlock,
  ConverseAnswer,
  ConverseEvent,
  ConverseRequest,
  ReasoningBlock,
} from '../../../lambda/canonical/types.ts';
import {
  eventsOf,
  type FoldedResponse,
  foldResponse,
  type ResponseEvent,
} from '../../support/responses-stream.ts';
import { startScriptedConverse } from '../../support/scripted-converse.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Answers of Responses on real sockets, on a Bedrock that says what the test says: R04 … R69 are cases of the contract. */

const claude = 'us.anthropic.claude-sonnet-4-6';
let bedrock: Awaited<ReturnType<typeof startScriptedConverse>>;
let stack: Stack;
beforeAll(async () => {
  bedrock = await startScriptedConverse();
  stack = await startStack({
    env: { AWS_MAX_ATTEMPTS: '1', HEARTBEAT_SECONDS: '1' },
    runtimeUrl: bedrock.url,
  });
});
afterAll(async () => {
  await stack.close();
  await bedrock.close();
});

const usage = { inputTokens: 5, outputTokens: 7, totalTokens: 12 };
const answering = (content: ContentBlock[], more: Partial<ConverseAnswer> = {}) => ({
  answer: {
    output: { message: { role: 'assistant' as const, content } },
    stopReason: content.some((block) => 'toolUse' in block) ? 'tool_use' : 'end_turn',
    usage,
    ...more,
  },
});
const thought = (text: string, signature?: string): ReasoningBlock => ({
  reasoningContent: { reasoningText: { text, ...(signature !== undefined && { signature }) } },
});
const calling = (toolUseId: string, name: string, input: object): ContentBlock =>
  ({ toolUse: { toolUseId, name, input } }) as ContentBlock;
const text = (delta: string): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: 0, delta: { text: delta } },
});

interface Asked {
  response: FoldedResponse;
  headers: Headers;
  events: ResponseEvent[];
}

/** What a client gets that asks once, in one piece or streamed. */
async function ask(more: Record<string, unknown>): Promise<Asked> {
  const reply = await stack.post('/responses', { model: claude, input: 'Hi', store: false, ...more });
  const body = await reply.text();
  expect(reply.status, body).toBe(200);
  if (more.stream !== true) return { response: JSON.parse(body), headers: reply.headers, events: [] };
  const events = eventsOf(body);
  return { response: foldResponse(events), headers: reply.headers, events };
}

async function refused(more: Record<string, unknown> = {}) {
  const reply = await stack.post('/responses', { model: claude, input: 'Hi', ...more });
  return { status: reply.status, headers: reply.headers, ...((await reply.json()) as { error: object }) };
}

const parameters = { type: 'object', properties: { task: { type: 'string' } } };
const namesOf = ({ toolConfig }: ConverseRequest) =>
  (toolConfig?.tools ?? []).flatMap((tool) => ('toolSpec' in tool ? [tool.toolSpec.name] : []));
const ways = [{ stream: false }, { stream: true }];

describe.each(ways)('calls go back as what the client offered, $stream', (way) => {
  test('R04 a tool of a namespace has its name and its namespace', async () => {
    bedrock.script((body) => answering([calling('tooluse_1', namesOf(body)[1]!, { task: 'x' })]));
    const tools = [
      { type: 'function', name: 'spawn', parameters },
      {
        type: 'namespace',
        name: 'agents',
        description: 'Others.',
        tools: [{ type: 'function', name: 'spawn', parameters }],
      },
    ];
    const { response } = await ask({ tools, ...way });
    expect(response.output).toMatchObject([
      { type: 'function_call', name: 'spawn', namespace: 'agents', arguments: '{"task":"x"}' },
    ]);
  });

  test('R10 a search for tools has its arguments as an object', async () => {
    bedrock.script((body) => answering([calling('tooluse_1', namesOf(body)[0]!, { query: 'calendar' })]));
    const tools = [{ type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters }];
    const { response } = await ask({ tools, ...way });
    expect(response.output).toMatchObject([
      {
        type: 'tool_search_call',
        execution: 'client',
        call_id: 'tooluse_1',
        arguments: { query: 'calendar' },
      },
    ]);
  });
});

test('R07 the input of a custom tool is unescaped while it streams', async () => {
  const fragments = ['{"inp', 'ut":"a\\', '"b', '\\n', '"}'];
  bedrock.script((body) => ({
    events: [
      { messageStart: { role: 'assistant' } },
      {
        contentBlockStart: {
          contentBlockIndex: 0,
          start: { toolUse: { toolUseId: 'tooluse_1', name: namesOf(body)[0]! } },
        },
      },
      ...fragments.map((input) => ({
        contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input } } },
      })),
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { usage } },
    ],
  }));
  const { response, events } = await ask({ tools: [{ type: 'custom', name: 'patch' }], stream: true });
  const deltas = events.filter(({ type }) => type === 'response.custom_tool_call_input.delta');
  expect(deltas.map(({ delta }) => delta)).toEqual(['a', '"b', '\n']);
  expect(response.output).toMatchObject([{ type: 'custom_tool_call', name: 'patch', input: 'a"b\n' }]);
});

describe.each(ways)('reasoning comes back, $stream', (way) => {
  const tools = [{ type: 'function', name: 'look', parameters }];
  const first = [
    thought('Hm.', 'c2lnbmF0dXJl'),
    { text: 'Let me see.' },
    calling('tooluse_1', 'look', { task: 'x' }),
  ];
  type Call = { type: string; call_id: string; name: string; arguments: string };

  /** The assistant's turn that reaches Bedrock when a client sends back what `kept` leaves of an answer. */
  async function replayed(content: ContentBlock[], kept: (items: FoldedResponse['output']) => object[]) {
    bedrock.script(answering(content), answering([{ text: 'Done.' }]));
    const { response } = await ask({ tools, reasoning: { effort: 'low' }, ...way });
    const outputs = (response.output as unknown as Call[])
      .filter(({ type }) => type === 'function_call')
      .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'ok' }));
    const input = [{ role: 'user', content: 'Hi' }, ...kept(response.output), ...outputs];
    await ask({ tools, reasoning: { effort: 'low' }, input, ...way });
    return bedrock.calls[1]!.body.messages.find(({ role }) => role === 'assistant')?.content;
  }

  test('R23 whole, byte for byte and before its call', async () => {
    expect(await replayed(first, (items) => items)).toEqual(first);
  });

  test('R24 when the client keeps the calls alone', async () => {
    const calls = (items: FoldedResponse['output']) =>
      (items as unknown as Call[])
        .filter(({ type }) => type === 'function_call')
        .map(({ type, call_id, name, arguments: args }) => ({ type, call_id, name, arguments: args }));
    expect(await replayed(first, calls)).toEqual([first[0], first[2]]);
  });

  test('R25 sealed, whether asked for or not', async () => {
    bedrock.script(answering(first));
    const { response } = await ask(way);
    expect(response.output[0]).toMatchObject({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: expect.stringMatching(/^gw1\./),
    });
    expect(response.output[0]).not.toHaveProperty('content');
  });

  test('R57 also where it has no text', async () => {
    const content = [thought('', 'c2lnbmF0dXJl'), calling('tooluse_1', 'look', {})];
    expect(await replayed(content, (items) => items)).toEqual(content);
    bedrock.script(answering(content));
    const { response } = await ask({ tools, ...way });
    expect(response.output[0]).toMatchObject({ summary: [], encrypted_content: expect.any(String) });
  });

  test('R58 also where it is redacted', async () => {
    const content: ContentBlock[] = [
      { reasoningContent: { redactedContent: 'cmVkYWN0ZWQ=' } },
      calling('tooluse_1', 'look', {}),
    ];
    expect(await replayed(content, (items) => items)).toEqual(content);
    bedrock.script(answering(content));
    const { response } = await ask({ tools, ...way });
    expect(response.output[0]).toMatchObject({ summary: [], encrypted_content: expect.any(String) });
  });

  test('R59 of an open model it stands in the content besides', async () => {
    bedrock.script(answering([thought('The user greets.'), { text: 'Hi' }]));
    const { response } = await ask({ model: 'openai.gpt-oss-120b-1:0', ...way });
    expect(response.output[0]).toMatchObject({
      summary: [{ type: 'summary_text', text: 'The user greets.' }],
      content: [{ type: 'reasoning_text', text: 'The user greets.' }],
    });
  });
});

test('R55 R56 a stream has its events in order, and ends in what the answer is in one piece', async () => {
  const content = [
    thought('Two cities.', 'c2ln'),
    { text: 'Let me see.' },
    calling('tooluse_1', 'look', { task: 'a' }),
    calling('tooluse_2', 'look', { task: 'b' }),
  ];
  const more = {
    tools: [{ type: 'function', name: 'look', parameters }],
    instructions: 'Be brief.',
    metadata: { a: 'b' },
  };
  bedrock.script(answering(content), answering(content));
  const streamed = await ask({ ...more, stream: true });
  const whole = await ask(more);
  const kinds = streamed.events
    .map(({ type }) => type.replace('response.', ''))
    .filter((type) => !type.endsWith('.delta'));
  expect(kinds).toEqual([
    ...['created', 'in_progress'],
    ...['output_item.added', 'reasoning_summary_part.added', 'reasoning_summary_text.done'],
    ...['reasoning_summary_part.done', 'output_item.done'],
    ...[
      'output_item.added',
      'content_part.added',
      'output_text.done',
      'content_part.done',
      'output_item.done',
    ],
    ...['output_item.added', 'function_call_arguments.done', 'output_item.done'],
    ...['output_item.added', 'function_call_arguments.done', 'output_item.done'],
    'completed',
  ]);
  expect(comparable(whole.response)).toEqual(comparable(streamed.response));
  expect(whole.response).toMatchObject({ instructions: 'Be brief.', metadata: { a: 'b' }, store: false });
});

/** Without what differs from one request to the next: its time and its ids, and what is sealed with these. */
function comparable(response: FoldedResponse): object {
  const same = JSON.stringify(response)
    .replace(/"(resp|msg|rs|fc)_[0-9a-f]{32}/g, '"$1_')
    .replace(/call_gw1_[\w-]+/g, 'call_gw1_')
    .replace(/"(created_at|completed_at)":\d+/g, '"$1":0');
  return JSON.parse(same);
}

describe.each(ways)('an answer ends as Bedrock says, $stream', (way) => {
  test('R60 cut off: incomplete, with its text', async () => {
    bedrock.script(answering([{ text: 'Once upon' }], { stopReason: 'max_tokens' }));
    const { response } = await ask(way);
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ status: 'incomplete', content: [{ text: 'Once upon' }] }],
    });
  });

  test('R61 by a guardrail: what it says is the answer, marked', async () => {
    bedrock.script(
      answering([{ text: 'I cannot talk about that.' }], { stopReason: 'guardrail_intervened' }),
    );
    const { response, headers } = await ask(way);
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ type: 'output_text', text: 'I cannot talk about that.' }] }],
      bedrock: { stop_reason: 'guardrail_intervened' },
    });
    // The headers of a stream are out before anything is known.
    if (!way.stream) expect(headers.get('x-gateway-warnings')).toContain('guardrail_intervened');
    bedrock.script(answering([], { stopReason: 'guardrail_intervened' }));
    expect((await ask(way)).response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
  });

  test('R69 with its tokens: those of the cache are of the input', async () => {
    const counted = {
      inputTokens: 10,
      outputTokens: 20,
      totalTokens: 330,
      cacheReadInputTokens: 200,
      cacheWriteInputTokens: 100,
    };
    bedrock.script(answering([{ text: 'Hi' }], { usage: counted }));
    const { response } = await ask(way);
    expect(response.usage).toEqual({
      input_tokens: 310,
      input_tokens_details: { cached_tokens: 200, cache_write_tokens: 100 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 330,
    });
  });
});

describe('a failure', () => {
  const begun = [{ messageStart: { role: 'assistant' as const } }, text('Once')];

  test.each([
    ['R62 of the model', 'modelStreamErrorException', 'The model failed.', 'server_error'],
    ['R62 by throttling', 'throttlingException', 'Too many requests.', 'rate_limit_exceeded'],
    [
      'R65 of a conversation that is too long',
      'validationException',
      'Input is too long for requested model.',
      'context_length_exceeded',
    ],
  ])('%s in a stream is its last event, with its code', async (_, type, message, code) => {
    bedrock.script({ events: begun, exception: { type, message } });
    const { response } = await ask({ stream: true });
    expect(response).toMatchObject({ status: 'failed', error: { code, message: expect.any(String) } });
  });

  test('R63 of the connection, too', async () => {
    bedrock.script({ events: begun });
    expect((await ask({ stream: true })).response).toMatchObject({
      status: 'failed',
      error: { code: 'server_error' },
    });
  });

  test.each(ways)('R64 a throttled call is a 429 that says when to come again, $stream', async (way) => {
    bedrock.script({ status: 429, type: 'ThrottlingException', message: 'Too many tokens, please wait.' });
    const { status, error, headers } = await refused(way);
    expect([status, error]).toEqual([429, expect.objectContaining({ code: 'rate_limit_exceeded' })]);
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(headers.get('retry-after-ms')).toMatch(/^\d+$/);
  });

  test.each(ways)('R65 R66 a refusal has its status and code, $stream', async (way) => {
    bedrock.script({
      status: 400,
      type: 'ValidationException',
      message: 'Input is too long for requested model.',
    });
    expect(await refused(way)).toMatchObject({ status: 400, error: { code: 'context_length_exceeded' } });
    bedrock.script({
      status: 403,
      type: 'AccessDeniedException',
      message: "You don't have access to the model.",
    });
    expect(await refused(way)).toMatchObject({ status: 403 });
    expect(await refused({ model: 'no-such-model', ...way })).toMatchObject({
      status: 404,
      error: { code: 'model_not_found' },
    });
  });
});

describe('R67 a silence', () => {
  const silence = { pauseMs: 2600 };
  const [start, ...rest] = [
    { messageStart: { role: 'assistant' as const } },
    text('Hi'),
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: 'end_turn' } },
    { metadata: { usage } },
  ];

  test('before the first event and between events is filled with events, numbered as all others', async () => {
    bedrock.script({ events: [silence, start!, silence, ...rest] });
    const { response, events } = await ask({ stream: true });
    const types = events.map(({ type }) => type);
    const keepalives = types.flatMap((type, i) => (type === 'keepalive' ? [i] : []));
    expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
    expect(keepalives.length).toBeGreaterThanOrEqual(2);
    expect(types.indexOf('response.output_item.added')).toBeGreaterThan(keepalives.at(-1)!);
    expect(response).toMatchObject({ status: 'completed', model: claude });
  });

  test('that ends in a refusal is a response that failed', async () => {
    bedrock.script({ events: [silence], exception: { type: 'validationException', message: 'No.' } });
    expect((await ask({ stream: true })).response).toMatchObject({
      status: 'failed',
      output: [],
      error: { code: 'invalid_prompt' },
    });
  });
});
