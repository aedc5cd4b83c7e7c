import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { scenarioGroups, scenarios } from '../../../local/simulator/scenarios/table.ts';
import { readFrames } from './frames.ts';
import { converse, post, runtime, says, signed } from './helpers.ts';
import { folded, hello, invoke, type NativeEvent, streamed } from './messages.ts';
import { models } from './rule-cases.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ retired: true });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const model = models.haiku45;
const tools = [
  { name: 'first_tool', input_schema: { type: 'object', properties: { query: { type: 'string' } } } },
  { name: 'second_tool', input_schema: { type: 'object', properties: { query: { type: 'string' } } } },
];
const ask = (text: string) => hello({ messages: [{ role: 'user', content: text }], tools });
const whole = (text: string) => invoke(runtime(simulator), model, ask(text));
const stream = (text: string) => streamed(runtime(simulator), model, ask(text));
const group = (title: string) => scenarioGroups.find((each) => each.title === title)!.scenarios;

const proven = new Set<string>();
const prove = (name: string): string => {
  proven.add(name);
  return name;
};

const thrown = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ name, message, $metadata }: Error & { $metadata?: { httpStatusCode?: number } }) => ({
      name,
      message: message.replace('The model returned the following errors: ', ''),
      status: $metadata?.httpStatusCode,
    }),
  );

describe('a refusal is the one of Converse, streamed or not', () => {
  const names = group('Refusals')
    .map(({ name }) => name)
    .filter((name) => name !== 'no-streaming');

  test.each(names.map(prove))('%s', async (name) => {
    const expected = await thrown(converse(runtime(simulator), `[[${name}]] Hello`, { modelId: model }));
    expect(expected).toMatchObject({ name: expect.stringMatching(/Exception$/) });
    expect(await thrown(whole(`[[${name}]] Hello`))).toEqual(expected);
    expect(await thrown(stream(`[[${name}]] Hello`))).toEqual(expected);
  });

  test(prove('no-streaming'), async () => {
    await expect(stream('[[no-streaming]] Hello')).rejects.toThrow('The model is unsupported for streaming.');
    expect(await whole('[[no-streaming]] Hello')).toMatchObject({ type: 'message' });
  });
});

/** Text, thoughts and calls of a message, without their ids. */
const gist = (content: readonly Record<string, unknown>[]) =>
  content.map(({ id: _, tool_use_id: __, ...block }) => block);

describe('what the model says and calls is what it does on Converse', () => {
  const names = [...group('What the model says'), ...group('What the model calls')].map(({ name }) => name);

  test.each(names.map(prove))('%s', async (name) => {
    const { example } = scenarios.get(name)!;
    const text = example.replace('read_file', 'first_tool');
    const message = await whole(text);
    simulator.reset();
    // Arguments that were cut off are no JSON that could be folded.
    if (name !== 'cut-arguments')
      expect(gist(folded(await stream(text)).content)).toEqual(gist(message.content));
    const toolConfig = {
      tools: tools.map(({ name: tool, input_schema: json }) => ({
        toolSpec: { name: tool, inputSchema: { json } },
      })),
    };
    const { output } = await converse(runtime(simulator), '', {
      modelId: model,
      messages: says(text),
      toolConfig,
    });
    const kinds = output!.message!.content!.map((block) => Object.keys(block)[0]);
    expect(message.content.map(({ type }) => kindOfConverse[type as string])).toEqual(
      kinds.map((kind) => (kind === 'citationsContent' ? 'text' : kind)),
    );
    expect(message.content.find(({ type }) => type === 'text')?.text).toBe(
      output!.message!.content!.find((block) => block.text !== undefined)?.text,
    );
  });

  const kindOfConverse: Record<string, string> = {
    text: 'text',
    thinking: 'reasoningContent',
    redacted_thinking: 'reasoningContent',
    tool_use: 'toolUse',
    server_tool_use: 'toolUse',
    tool_search_tool_result: 'toolResult',
  };

  test('exactly the arguments that are asked for, once', async () => {
    const text = '[[call:second_tool {"deep":{"x":[1]}}]] [[call:first_tool {"query":"a]]b"}]]';
    const { content } = await whole(text);
    expect(content.map(({ name, input }) => [name, input])).toEqual([
      ['second_tool', { deep: { x: [1] } }],
      ['first_tool', { query: 'a]]b' }],
    ]);
    const results = content.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' }));
    const messages = [
      { role: 'user', content: text },
      { role: 'assistant', content },
      { role: 'user', content: results },
    ];
    expect(await invoke(runtime(simulator), model, hello({ messages, tools }))).toMatchObject({
      content: [{ type: 'text', text: 'The tools answered: done; done' }],
      stop_reason: 'end_turn',
    });
  });

  test('arguments that were cut off', async () => {
    const events = await stream('[[cut-arguments]]');
    const json = events.map(({ delta }) => delta?.partial_json ?? '').join('');
    expect(json).toBe('{"query": "half of a ques');
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'max_tokens' } });
  });
});

/** The kinds of frames of a stream. */
async function framesOf(text: string): Promise<string[]> {
  const { response, bytes } = await post(simulator, `/model/${model}/invoke-with-response-stream`, ask(text));
  expect(response.status).toBe(200);
  return typesIn(bytes);
}

const nativeOf = (payload: Record<string, unknown>): NativeEvent =>
  JSON.parse(Buffer.from(String(payload.bytes), 'base64').toString());

function typesIn(bytes: Buffer): string[] {
  return readFrames(bytes).map(({ headers, payload }) =>
    headers[':message-type'] === 'event' && headers[':event-type'] === 'chunk'
      ? nativeOf(payload).type
      : (headers[':exception-type'] ?? headers[':event-type'] ?? headers[':error-code'] ?? '?'),
  );
}

describe('a stream breaks as that of Converse does', () => {
  test(prove('stream-error'), async () => {
    const types = await framesOf('[[stream-error:throttlingException:2]] Hi');
    expect(types).toEqual(['message_start', 'content_block_start', 'throttlingException']);
    await expect(stream('[[stream-error:throttlingException:2]] Hi')).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(whole('[[stream-error]] Hi')).rejects.toMatchObject({ name: 'ModelErrorException' });
  });

  test(prove('error-frame'), async () => {
    expect(await framesOf('[[error-frame:1]] Hi')).toEqual(['message_start', 'InternalFailure']);
  });

  test(prove('no-message-stop'), async () => {
    const types = await framesOf('[[no-message-stop]] Hi');
    expect(types.at(-1)).toBe('content_block_stop');
  });

  test(prove('truncate'), async () => {
    const { bytes } = await post(
      simulator,
      `/model/${model}/invoke-with-response-stream`,
      ask('[[truncate:2]] Hi'),
    );
    expect(typesIn(bytes.subarray(0, -40))).toEqual(['message_start', 'content_block_start']);
    expect(bytes.subarray(-40).toString('latin1')).toContain('chunk');
    await expect(whole('[[truncate]] Hi')).rejects.toThrow();
  });

  test(prove('unknown-event'), async () => {
    const events = await stream('[[unknown-event]] Hi');
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual([
      'message_start',
      'content_block_thought',
      'content_block_start',
    ]);
    expect(events.at(-1)?.type).toBe('message_stop');
  });

  test(prove('unknown-delta'), async () => {
    const events = await stream('[[unknown-delta]] Hi');
    expect(events[2]).toMatchObject({ type: 'content_block_delta', delta: { type: 'hologram_delta' } });
    expect(folded(events).content[0]!.text).toContain('You said: “Hi”.');
  });

  test.each(['bad-crc', 'bad-prelude-crc'].map(prove))('%s', async (name) => {
    await expect(stream(`[[${name}:1]] Hi`)).rejects.toThrow(/checksum/i);
  });

  test.each(['reset', 'reset-mid-stream'].map(prove))('%s', async (name) => {
    await expect(stream(`[[${name}]] Hi`)).rejects.toThrow();
    await expect(whole(`[[${name}]] Hi`)).rejects.toThrow();
  });

  test.each(['stall', 'stall-mid-stream'].map(prove))('%s', async (name) => {
    const nth = simulator.calls.length;
    const leaving = new AbortController();
    const waiting = fetch(`${simulator.url}/model/${model}/invoke-with-response-stream`, {
      method: 'POST',
      headers: signed(),
      body: JSON.stringify(ask(`[[${name}]] Hi`)),
      signal: leaving.signal,
    }).then((response) => response.arrayBuffer());
    await expect.poll(() => simulator.calls[nth]?.events).toBe(name === 'stall' ? 0 : 3);
    leaving.abort();
    await expect(waiting).rejects.toThrow();
    await expect.poll(() => simulator.calls[nth]?.aborted).toBe(true);
    expect(simulator.calls[nth]?.events).toBe(name === 'stall' ? 0 : 3);
  });

  test.each<[string, string]>([
    [prove('unknown-operation'), 'UnknownOperationException'],
    [prove('error-200'), '{"message":'],
    [prove('empty-200'), ''],
    // Of Responses alone.
    [prove('response-failed'), '"stop_reason":"end_turn"'],
  ])('%s', async (name, body) => {
    const { response, bytes } = await post(simulator, `/model/${model}/invoke`, ask(`[[${name}]] Hi`));
    expect(response.status).toBe(200);
    expect(bytes.toString()).toContain(body);
  });
});

describe('and comes as slowly', () => {
  test(prove('pieces'), async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const body = { ...ask('[[pieces:3]] Hi'), thinking };
    const events = await streamed(runtime(simulator), model, body);
    const signatures = events.filter(({ delta }) => delta?.type === 'signature_delta');
    expect(signatures).toHaveLength(3);
    simulator.reset();
    expect(folded(events).content).toEqual((await invoke(runtime(simulator), model, body)).content);
  });

  test.each(['slow:1', 'first-byte:1', 'think-pause:1', 'batch', 'split'])('%s', async (directive) => {
    prove(directive.split(':')[0]!);
    const events = await stream(`[[${directive}]] Hi`);
    expect(folded(events)).toMatchObject({ stop_reason: 'end_turn' });
  });
});

test('no scenario is without a proof here', () => {
  expect([...scenarios.keys()].filter((name) => !proven.has(name))).toEqual([]);
});
