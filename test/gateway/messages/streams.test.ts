import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventsOf, message } from '../../support/bedrock-answers.ts';
import {
  breaksAfter,
  converseStreams,
  late,
  type StandIn,
  says,
  stalls,
  startStandIn,
  streams,
} from '../../support/bedrock-stand-in.ts';
import { inProcessOnly } from '../../support/in-process-only.ts';
import { ask, byConverse, hello, novaPro, readSaid, sonnet55, tool } from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Streams of the Messages API, however they begin, go on and end. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
  stack = await startStack({
    runtimeUrl: standIn.url,
    env: { AWS_MAX_ATTEMPTS: '1', HEARTBEAT_SECONDS: '1' },
  });
});
beforeEach(() => standIn.script());
afterAll(async () => {
  await stack.close();
  await standIn.close();
});

const streamed = (more = {}) => hello({ stream: true, ...more });
const call = (id: string, input: object = { city: 'Rome' }) => ({
  type: 'tool_use',
  id,
  name: 'get_weather',
  input,
});
const spoken = { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmF0dXJl' };
const silent = { type: 'thinking', thinking: '', signature: 'c2lsZW50' };
const redacted = { type: 'redacted_thinking', data: 'cmVkYWN0ZWQ=' };
const text = (value: string) => ({ type: 'text', text: value });
const tools = [tool('get_weather')];

test('M54 every event goes on as Claude wrote it, but for its name and Bedrock’s own', async () => {
  const server = {
    type: 'server_tool_use',
    id: 'srvtoolu_bdrk_1',
    name: 'tool_search_tool_regex',
    input: { pattern: 'x' },
  };
  const found = {
    type: 'tool_search_tool_result',
    tool_use_id: 'srvtoolu_bdrk_1',
    content: { type: 'tool_search_tool_search_result', tool_references: [] },
  };
  const blocks = [
    redacted,
    spoken,
    silent,
    text('Grüße, 世界 👩‍👩‍👧‍👦\n'),
    server,
    found,
    call('toolu_bdrk_1'),
  ];
  const sent = eventsOf(message(blocks as Parameters<typeof message>[0]));
  standIn.script(streams(sent));
  const said = await ask(stack, streamed({ tools }));
  expect(said.status).toBe(200);
  const [start, ...rest] = said.events;
  const [first, ...others] = sent as { [member: string]: unknown; message?: object }[];
  expect(start).toEqual({ ...first, message: { ...first?.message, model: sonnet55 } });
  expect(rest.slice(0, -1)).toEqual(others.slice(0, -1));
  expect(rest.at(-1)).toEqual({ type: 'message_stop' });
  expect(said.raw).not.toContain('amazon-bedrock');
  expect(said.message?.content).toEqual(blocks);
});

test('M55 blocks of Converse, one open at a time', async () => {
  const blocks = [spoken, text('I look.'), call('toolu_1'), call('toolu_2', { city: 'Paris' })];
  standIn.script(says(blocks));
  const said = await ask(stack, streamed({ tools }), byConverse);
  expect(said.message).toMatchObject({ content: blocks, stop_reason: 'tool_use', model: sonnet55 });
  const starts = said.events.filter(({ type }) => type === 'content_block_start');
  expect(starts.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  expect(said.events.filter(({ delta }) => delta?.type === 'signature_delta')).toHaveLength(1);
});

test('M56 a call without arguments', async () => {
  standIn.script(
    converseStreams([
      ['messageStart', { role: 'assistant' }],
      [
        'contentBlockStart',
        { contentBlockIndex: 0, start: { toolUse: { toolUseId: 't', name: 'get_weather' } } },
      ],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '' } } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'tool_use' }],
      ['metadata', { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 }, metrics: { latencyMs: 1 } }],
    ]),
  );
  const said = await ask(stack, streamed({ tools }), byConverse);
  expect(said.message?.content).toMatchObject([{ type: 'tool_use', name: 'get_weather', input: {} }]);
});

test('M57 what was used: an estimate first, the truth last', async () => {
  const said = await ask(stack, streamed({ model: novaPro, system: 'Be brief. '.repeat(50) }));
  const [start] = said.events;
  const [end] = said.events.slice(-2);
  expect(start?.message?.usage).toMatchObject({ output_tokens: 0 });
  expect(start?.message?.usage.input_tokens).toBeGreaterThan(50);
  expect(end?.usage).toMatchObject({ input_tokens: 7, output_tokens: 5, cache_read_input_tokens: 3 });
});

test.each([
  ['native', {}],
  ['by Converse', byConverse],
])('M58 silence is filled with pings: %s', async (_, headers) => {
  standIn.script(late(1300, says()));
  const said = await ask(stack, streamed(), headers);
  expect(said.status).toBe(200);
  const filled =
    said.events.some(({ type }) => type === 'ping') || said.raw.includes('\n:') || said.raw.startsWith(':');
  expect(filled).toBe(true);
  expect(said.message?.content).toEqual([text('Hello from Bedrock.')]);
});

const beginning = {
  native: eventsOf(message()).slice(0, 3),
  'by Converse': [
    ['messageStart', { role: 'assistant' }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hel' } }],
  ] as [string, object][],
};
const lanes = [
  ['native', {}],
  ['by Converse', byConverse],
] as const;

describe.each(lanes)('failures: %s', (lane, headers: Record<string, string>) => {
  const begun = beginning[lane];

  test('M59 an exception before anything else is an answer of its own', async () => {
    standIn.script(
      breaksAfter([], 'throttlingException', 'Too many tokens, please wait before trying again.'),
    );
    const said = await ask(stack, streamed(), headers);
    expect([said.status, said.error?.type]).toEqual([429, 'rate_limit_error']);
    expect(said.headers.get('content-type')).toBe('application/json');
    expect(Number(said.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(said.error?.message).not.toMatch(/too many tokens/i);
  });

  test.each([
    ['throttlingException', 'rate_limit_error'],
    ['serviceUnavailableException', 'overloaded_error'],
    ['modelTimeoutException', 'timeout_error'],
    ['modelStreamErrorException', 'api_error'],
    ['internalServerException', 'api_error'],
    ['validationException', 'invalid_request_error'],
  ])('M60 %s in the middle ends the stream, as an error', async (exception, type) => {
    standIn.script(breaksAfter(begun, exception, 'Something went wrong.'));
    const said = await ask(stack, streamed(), headers);
    expect(said.status).toBe(200);
    expect(said.events.at(-1)).toMatchObject({ type: 'error', error: { type } });
    expect(said.events.map((event) => event.type)).toContain('content_block_delta');
    expect(said.raw).not.toMatch(/message_(delta|stop)/);
  });

  test('M61 a stream without its end is an error', async () => {
    standIn.script((sent, response) =>
      sent.operation === 'ConverseStream'
        ? converseStreams(begun as [string, object][])(sent, response)
        : streams(begun)(sent, response),
    );
    const said = await ask(stack, streamed(), headers);
    expect(said.events.at(-1)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    expect(said.raw).not.toMatch(/message_(delta|stop)/);
  });
});

inProcessOnly('disconnects')('a client that goes away', () => {
  test.each([
    ['before the first event', []],
    ['in the middle', beginning.native],
  ])('M62 %s', async (_, events) => {
    standIn.script(stalls(events));
    const client = new AbortController();
    const asked = stack.post('/messages', streamed(), {}, client.signal);
    await expect.poll(() => standIn.calls.length).toBe(1);
    if (events.length > 0) await (await asked).body?.getReader().read();
    client.abort();
    if (events.length === 0) await expect(asked).rejects.toThrow();
    await expect.poll(() => standIn.calls[0]?.aborted).toBe(true);
  });
});

test('an answer of Claude’s that is an error within a chunk', async () => {
  standIn.script(
    streams([
      ...beginning.native,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ]),
  );
  const said = await readSaid(await stack.post('/messages', streamed()));
  expect(said.events.at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  expect(said.events.filter(({ type }) => type === 'error')).toHaveLength(1);
});
