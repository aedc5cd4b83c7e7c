import { request } from 'node:http';
import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { scenarios } from '../../../local/simulator/scenarios/table.ts';
import { ask } from './blocks.ts';
import { claude, converse, nova, post, runtime, signed, stream, textOf, weather } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ retired: true });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const proven = new Set<string>();
/** Notes that a scenario has a test, so that none is forgotten. */
function prove(name: string): string {
  proven.add(name);
  return name;
}

const contentOf = (answer: Awaited<ReturnType<typeof converse>>) => answer.output?.message?.content ?? [];
const stopOf = (events: Awaited<ReturnType<typeof stream>>) =>
  events.find(({ messageStop }) => messageStop)?.messageStop?.stopReason;

describe('refusals come before anything is sent, streamed or not', () => {
  test.each<[string, string, number]>([
    ['throttle', 'ThrottlingException', 429],
    ['throttle-tokens', 'ThrottlingException', 429],
    ['throttle-daily', 'ThrottlingException', 429],
    ['quota', 'ServiceQuotaExceededException', 400],
    ['not-ready', 'ModelNotReadyException', 429],
    ['access-denied', 'AccessDeniedException', 403],
    ['marketplace', 'AccessDeniedException', 403],
    ['use-case', 'ResourceNotFoundException', 404],
    ['retention', 'ValidationException', 400],
    ['not-found', 'ResourceNotFoundException', 404],
    ['end-of-life', 'ResourceNotFoundException', 404],
    ['legacy', 'ResourceNotFoundException', 404],
    ['invalid-model', 'ValidationException', 400],
    ['validation', 'ValidationException', 400],
    ['input-too-long', 'ValidationException', 400],
    ['timeout', 'ModelTimeoutException', 408],
    ['model-error', 'ModelErrorException', 424],
    ['tool-sequence', 'ModelErrorException', 424],
    ['internal', 'InternalServerException', 500],
    ['unavailable', 'ServiceUnavailableException', 503],
    ['expired-token', 'ExpiredTokenException', 403],
    ['unknown-client', 'UnrecognizedClientException', 403],
    ['context-overflow', 'ValidationException', 400],
  ])('%s', async (scenario, name, httpStatusCode) => {
    prove(scenario);
    const refusal = { name, $metadata: { httpStatusCode } };
    await expect(converse(runtime(simulator), `[[${scenario}]] Hello`)).rejects.toMatchObject(refusal);
    await expect(stream(runtime(simulator), `[[${scenario}]] Hello`)).rejects.toMatchObject(refusal);
  });

  test(prove('no-streaming'), async () => {
    await expect(stream(runtime(simulator), '[[no-streaming]] Hello')).rejects.toThrow(
      'The model is unsupported for streaming.',
    );
    expect((await converse(runtime(simulator), '[[no-streaming]] Hello')).stopReason).toBe('end_turn');
  });

  test.each([
    [claude, 'prompt is too long: 400000 tokens > 200000 maximum'],
    [nova, 'Input Tokens Exceeded'],
    ['qwen.qwen3-32b-v1:0', `This model's maximum context length is 256000 tokens`],
    ['cohere.command-r-v1:0', 'Input is too long for requested model.'],
  ])('a context overflow of %s is told in its provider’s words', async (modelId, says) => {
    await expect(converse(runtime(simulator), '[[context-overflow]]', { modelId })).rejects.toThrow(says);
  });

  test('a number says how often, for each prompt on its own', async () => {
    const outcomes = async (text: string, tries: number) => {
      const seen: string[] = [];
      for (let i = 0; i < tries; i += 1) {
        seen.push(
          await converse(runtime(simulator), text).then(
            () => 'ok',
            (error) => error.name,
          ),
        );
      }
      return seen;
    };
    const twice = ['ThrottlingException', 'ThrottlingException', 'ok', 'ok'];
    expect(await outcomes('[[throttle:2]] one', 4)).toEqual(twice);
    expect(await outcomes('[[throttle:2]] other', 4)).toEqual(twice);
  });

  test('a place says where: part of the region or of the model', async () => {
    const client = runtime(simulator);
    await expect(converse(client, '[[throttle@haiku]] Hello')).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(converse(client, '[[throttle@nova]] Hello')).resolves.toBeDefined();
    await expect(converse(client, '[[throttle@us-east-1/]] Hello')).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    const elsewhere = runtime(simulator, { region: 'us-west-2' });
    await expect(converse(elsewhere, '[[throttle@us-east-1/]] Hello')).resolves.toBeDefined();
  });

  test('a model of its own: every scenario has one', async () => {
    const client = runtime(simulator);
    await expect(converse(client, 'Hello', { modelId: 'simulator.throttle-v1:0' })).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    const twice = { modelId: 'simulator.not-ready.1-v1:0' };
    await expect(converse(client, 'Hello', twice)).rejects.toMatchObject({ name: 'ModelNotReadyException' });
    await expect(converse(client, 'Hello', twice)).resolves.toBeDefined();
    await expect(converse(client, 'Hello', { modelId: 'simulator.no-such-thing-v1:0' })).rejects.toThrow(
      'identifier is invalid',
    );
  });

  test('the request is looked at first, and words in brackets that mean nothing are left alone', async () => {
    const client = runtime(simulator);
    await expect(
      converse(client, '[[throttle]] Hello', { inferenceConfig: { temperature: 2 } }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(converse(client, 'See [[Some Page]] and [[other]]')).resolves.toBeDefined();
  });
});

describe('broken streams', () => {
  /** Events that arrived, and how it ended. */
  async function play(text: string) {
    const client = runtime(simulator);
    const seen: string[] = [];
    try {
      const answer = await client.send(
        new ConverseStreamCommand({ modelId: claude, messages: [{ role: 'user', content: [{ text }] }] }),
      );
      for await (const event of answer.stream ?? []) seen.push(Object.keys(event)[0]!);
      return { seen, error: undefined };
    } catch (error) {
      return { seen, error: error as Error };
    }
  }

  test.each<[string, string, number, string]>([
    ['stream-error', '[[stream-error]]', 3, 'ModelStreamErrorException'],
    ['stream-error', '[[stream-error:internalServerException:1]]', 1, 'InternalServerException'],
    ['stream-error', '[[stream-error:throttlingException:0]]', 0, 'ThrottlingException'],
    ['stream-error', '[[stream-error:validationException:2]]', 2, 'ValidationException'],
    ['stream-error', '[[stream-error:serviceUnavailableException:2]]', 2, 'ServiceUnavailableException'],
    ['error-frame', '[[error-frame:3]]', 3, 'InternalFailure'],
    ['bad-crc', '[[bad-crc:2]]', 2, 'The message checksum'],
    ['bad-prelude-crc', '[[bad-prelude-crc:2]]', 2, 'The prelude checksum'],
    ['truncate', '[[truncate:3]]', 3, 'Truncated event message'],
    ['reset-mid-stream', '[[reset-mid-stream:3]]', 3, 'aborted'],
    ['reset', '[[reset]]', 0, 'ECONNRESET'],
  ])('%s: %s', async (scenario, directive, events, says) => {
    prove(scenario);
    const { seen, error } = await play(`${directive} Hello`);
    expect(`${error?.name} ${error?.message}`).toContain(says);
    expect(seen).toHaveLength(events);
  });

  test('reset a number of times, then well', async () => {
    expect((await play('[[reset:1]] Hello')).error).toBeDefined();
    expect((await play('[[reset:1]] Hello')).error).toBeUndefined();
  });

  test(`${prove('no-message-stop')} ends in good order, and is not complete`, async () => {
    const { seen, error } = await play('[[no-message-stop]] Hello');
    expect(error).toBeUndefined();
    expect(seen.at(-1)).toBe('contentBlockStop');
  });

  test.each([prove('unknown-event'), prove('unknown-delta')])(
    '%s: the rest is complete',
    async (scenario) => {
      const whole = (await stream(runtime(simulator), 'Hello')).map(
        ({ contentBlockDelta }) => contentBlockDelta?.delta?.text,
      );
      const events = await stream(runtime(simulator), `[[${scenario}]] Hello`);
      expect(textOf(events)).toBe(whole.join(''));
      expect(stopOf(events)).toBe('end_turn');
      const { bytes } = await post(simulator, `/model/${claude}/converse-stream`, {
        messages: ask(`[[${scenario}]]`),
      });
      expect(bytes.toString('latin1')).toContain(
        scenario === 'unknown-event' ? 'contentBlockThought' : 'hologram',
      );
    },
  );

  test(`${prove('stall-mid-stream')} lasts until the client goes, which is noted`, async () => {
    const abort = new AbortController();
    const command = new ConverseStreamCommand({
      modelId: claude,
      messages: [{ role: 'user', content: [{ text: '[[stall-mid-stream:2]] Hello' }] }],
    });
    const answer = await runtime(simulator).send(command, { abortSignal: abort.signal });
    let seen = 0;
    const reading = (async () => {
      for await (const _event of answer.stream ?? []) if (++seen === 2) abort.abort();
    })();
    await reading.catch(() => {});
    expect(seen).toBe(2);
    await expect.poll(() => simulator.calls.at(-1)).toMatchObject({ aborted: true, done: true, events: 2 });
  });

  test(`${prove('stall')} does not even send a status`, async () => {
    const abort = new AbortController();
    const waiting = converseAborting('[[stall]] Hello', abort.signal);
    await expect.poll(() => simulator.calls.at(-1)?.operation).toBe('Converse');
    expect(simulator.calls.at(-1)?.status).toBe(0);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => simulator.calls.at(-1)).toMatchObject({ aborted: true, done: true });
  });

  async function converseAborting(text: string, abortSignal: AbortSignal) {
    const command = new ConverseCommand({
      modelId: claude,
      messages: [{ role: 'user', content: [{ text }] }],
    });
    return runtime(simulator).send(command, { abortSignal });
  }

  test('the simulator’s own reset is not the client’s fault', async () => {
    await play('[[reset-mid-stream:1]] Hello');
    await expect
      .poll(() => simulator.calls.at(-1))
      .toMatchObject({ aborted: false, reset: true, done: true });
  });
});

describe('broken plain answers', () => {
  const path = `/model/${claude}/converse`;
  const raw = (directive: string) => post(simulator, path, { messages: ask(`${directive} Hello`) });

  test.each<[string, (body: string) => void]>([
    [prove('unknown-operation'), (body) => expect(body).toContain('UnknownOperationException')],
    [prove('error-200'), (body) => expect(Object.keys(JSON.parse(body))).toEqual(['message'])],
    [prove('empty-200'), (body) => expect(body).toBe('')],
    ['truncate', (body) => expect(() => JSON.parse(body)).toThrow()],
  ])('%s comes with status 200', async (scenario, check) => {
    const { response, bytes } = await raw(`[[${scenario}]]`);
    expect(response.status).toBe(200);
    check(bytes.toString());
  });

  test(`${prove('response-failed')} is of Responses, and nothing here`, async () => {
    const { bytes } = await raw('[[response-failed]]');
    expect(JSON.parse(bytes.toString())).toMatchObject({ stopReason: 'end_turn' });
  });

  test.each(['reset', 'reset-mid-stream'])('%s breaks the connection', async (scenario) => {
    await expect(raw(`[[${scenario}]]`)).rejects.toThrow();
  });

  test('an exception in the stream is a refusal where there is no stream', async () => {
    await expect(
      converse(runtime(simulator), '[[stream-error:throttlingException:3]]'),
    ).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
  });
});

describe('pace', () => {
  /** Bytes of each read of the socket, as far as the network keeps them apart. */
  async function reads(text: string) {
    const body = JSON.stringify({ messages: ask(text) });
    return new Promise<Buffer[]>((resolve, reject) => {
      const call = request(
        `${simulator.url}/model/${claude}/converse-stream`,
        { method: 'POST', headers: signed() },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(chunks));
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }

  test(`${prove('batch')}: all in one; ${prove('split')}: in pieces that end nowhere in particular`, async () => {
    expect(await reads('[[batch]] Hello')).toHaveLength(1);
    const pieces = await reads('[[split]] Hello');
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces[0]!.length).toBeLessThan(12);
    expect(textOf(await stream(runtime(simulator), '[[split]] [[unicode]]'))).toContain('👩‍👩‍👧‍👦');
  });

  test.each([prove('slow'), prove('first-byte'), prove('think-pause')])(
    '%s: the answer is as usual',
    async (scenario) => {
      const events = await stream(runtime(simulator), `[[${scenario}:1]] Hello`);
      expect(stopOf(events)).toBe('end_turn');
      await expect(converse(runtime(simulator), `[[${scenario}:1]] Hello`)).resolves.toMatchObject({
        stopReason: 'end_turn',
      });
    },
  );
});

describe('what the model says', () => {
  const ask = (text: string, more = {}) => converse(runtime(simulator), text, more);
  const kinds = (answer: Awaited<ReturnType<typeof converse>>) =>
    contentOf(answer).map((block) => Object.keys(block)[0]);

  test(prove('say'), async () => {
    expect(contentOf(await ask('[[say:Time: noon]]'))).toEqual([{ text: 'Time: noon' }]);
  });
  test(prove('events'), async () => {
    const events = await stream(runtime(simulator), '[[events:40]]');
    expect(events.filter(({ contentBlockDelta }) => contentBlockDelta)).toHaveLength(41);
    expect(textOf(events)).toMatch(/^word1 .* word40 $/);
  });
  test(prove('unicode'), async () => {
    expect(contentOf(await ask('[[unicode]]'))[0]?.text).toContain('世界');
  });
  test(prove('texts'), async () => {
    expect(contentOf(await ask('[[texts:3]]')).map(({ text }) => text)).toEqual([
      'Part 1. ',
      'Part 2. ',
      'Part 3. ',
    ]);
  });
  test(prove('empty'), async () => {
    expect(contentOf(await ask('[[empty]]'))).toEqual([]);
  });
  test.each([
    'content_filtered',
    'refusal',
    'malformed_tool_use',
    'model_context_window_exceeded',
    'unknown_reason',
  ])(`${prove('stop')}: %s`, async (reason) => {
    expect((await ask(`[[stop:${reason}]] Hello`)).stopReason).toBe(reason);
  });
  test(prove('citations'), async () => {
    expect(kinds(await ask('[[citations]]'))).toEqual([
      'text',
      'citationsContent',
      'text',
      'citationsContent',
      'text',
    ]);
    const events = await stream(runtime(simulator), '[[citations]]');
    expect(events.filter(({ contentBlockDelta }) => contentBlockDelta?.delta?.citation)).toHaveLength(2);
    expect(textOf(events)).toContain('the lamp must be green');
  });
  test(prove('redacted'), async () => {
    expect(contentOf(await ask('[[redacted]]'))[0]?.reasoningContent?.redactedContent).toBeInstanceOf(
      Uint8Array,
    );
  });
  test.each([prove('signature-only'), prove('reason')])('%s', async (scenario) => {
    expect(contentOf(await ask(`[[${scenario}]]`))[0]?.reasoningContent?.reasoningText?.signature).toMatch(
      /^Sim1/,
    );
  });
  test(prove('no-arguments'), async () => {
    const events = await stream(runtime(simulator), '[[no-arguments]]', { toolConfig: weather });
    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      'contentBlockStart',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
  });
  test(prove('cut-arguments'), async () => {
    const events = await stream(runtime(simulator), '[[cut-arguments]]', { toolConfig: weather });
    const input = events
      .map(({ contentBlockDelta }) => contentBlockDelta?.delta?.toolUse?.input ?? '')
      .join('');
    expect(() => JSON.parse(input)).toThrow();
    expect(stopOf(events)).toBe('max_tokens');
    expect(contentOf(await ask('[[cut-arguments]]', { toolConfig: weather }))[0]?.toolUse?.input).toEqual({});
  });
  test(prove('call'), async () => {
    const read = { name: 'read_file', inputSchema: { json: { type: 'object', properties: {} } } };
    const toolConfig = { tools: [...weather.tools, { toolSpec: read }] };
    const calls = async (text: string) =>
      contentOf(await ask(text, { toolConfig })).map(({ toolUse }) => [toolUse?.name, toolUse?.input]);
    const input = { path: 'a]].txt', lines: [[1, 2]], say: 'a "b" {c' };
    expect(await calls(`Please. [[call:read_file ${JSON.stringify(input)}]]`)).toEqual([
      ['read_file', input],
    ]);
    expect(await calls('[[call:read_file {}]] and [[call:get_weather {"city":"Oslo"}]]')).toEqual([
      ['read_file', {}],
      ['get_weather', { city: 'Oslo' }],
    ]);
    expect(await calls('[[call:read.file { }]]')).toEqual([['read_file', {}]]);
    expect(await calls('[[call:elsewhere {"a":1}]]')).toEqual([['elsewhere', { a: 1 }]]);
    expect(await calls('[[call:get_weather]]')).toEqual([['get_weather', { city: 'part 1' }]]);
    expect(contentOf(await ask('Hi [[call:read_file {"a":]] you'))[0]?.text).toContain('[[call:read_file');
  });
  test('calls that were asked for are made once: after their results the model answers', async () => {
    for (const text of ['[[call:get_weather {"city":"Oslo"}]]', '[[parallel:2]]', '[[no-arguments]]']) {
      const first = await ask(text, { toolConfig: weather });
      const results = contentOf(first).flatMap(({ toolUse }) =>
        toolUse ? [{ toolResult: { toolUseId: toolUse.toolUseId, content: [{ text: 'rain' }] } }] : [],
      );
      const messages = [
        { role: 'user' as const, content: [{ text }] },
        first.output!.message!,
        { role: 'user' as const, content: results },
      ];
      const second = await converse(runtime(simulator), '', { messages, toolConfig: weather });
      expect(second.stopReason).toBe('end_turn');
    }
  });
  test(prove('parallel'), async () => {
    expect(kinds(await ask('[[parallel:3]]', { toolConfig: weather }))).toEqual([
      'reasoningContent',
      'text',
      'toolUse',
      'toolUse',
      'toolUse',
    ]);
  });
  test(prove('end-turn-with-tools'), async () => {
    const answer = await ask('[[end-turn-with-tools]]', { toolConfig: weather });
    expect(answer.stopReason).toBe('end_turn');
    expect(kinds(answer)).toEqual(['toolUse']);
  });
  test.each([
    [prove('kimi-leak'), '<|tool_call_begin|>functions.get_weather:0'],
    [prove('deepseek-leak'), '<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>'],
  ])('%s: in the text or in the reasoning', async (scenario, token) => {
    const [inText] = contentOf(await ask(`[[${scenario}]]`, { toolConfig: weather }));
    expect(inText?.text).toContain(token);
    const [thought, ...more] = contentOf(await ask(`[[${scenario}:reasoning]]`, { toolConfig: weather }));
    expect(thought?.reasoningContent?.reasoningText?.text).toContain(token);
    expect(more).toEqual([]);
  });
  test(prove('channel-token'), async () => {
    expect(contentOf(await ask('[[channel-token]]', { toolConfig: weather }))[0]?.toolUse?.name).toBe(
      'get_weather<|channel|>commentary',
    );
  });
  test(`${prove('pieces')}: of redacted reasoning and of signatures`, async () => {
    const deltas = async (text: string) =>
      (await stream(runtime(simulator), text)).flatMap(
        ({ contentBlockDelta }) => contentBlockDelta?.delta?.reasoningContent ?? [],
      );
    const redacted = (await deltas('[[redacted]] [[pieces:3]]')).map(
      ({ redactedContent }) => redactedContent!,
    );
    expect(redacted).toHaveLength(3);
    expect(Buffer.concat(redacted).toString()).toBe('redacted by the simulator');
    const signatures = (await deltas('[[signature-only]] [[pieces]]')).map(({ signature }) => signature);
    expect(signatures).toHaveLength(2);
    expect(signatures.join('')).toMatch(/^Sim1/);
  });
  test(prove('think-leak'), async () => {
    expect(contentOf(await ask('[[think-leak]] Hello'))[0]?.text).toMatch(/^<think>.*<\/think>\n\nYou said/);
  });
  test(prove('server-tool'), async () => {
    const answer = await ask('[[server-tool]] Hello', { modelId: 'us.amazon.nova-2-lite-v1:0' });
    expect(contentOf(answer)).toMatchObject([
      { toolUse: { name: 'nova_grounding', type: 'server_tool_use' } },
      { toolResult: { type: 'nova_grounding_result', content: [{ text: '[HIDDEN]' }] } },
      { text: expect.stringContaining('Hello') },
    ]);
    expect(answer.stopReason).toBe('end_turn');
  });
});

test('every scenario has been played', () => {
  expect([...scenarios.keys()].filter((name) => !proven.has(name))).toEqual([]);
});
