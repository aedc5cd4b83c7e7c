import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { valueFor } from '../../../local/simulator/answer/schema/value.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { findModel } from '../../../local/simulator/models/find.ts';
import { jsonReply } from '../../../local/simulator/reply.ts';
import { stage } from '../../../local/simulator/scenarios/stage.ts';
import { World } from '../../../local/simulator/world.ts';
import { closed, format } from './blocks.ts';
import { claude, converse, nova, runtime, says, stream, textOf, weather } from './helpers.ts';
import { models } from './rule-cases.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const contentOf = (answer: Awaited<ReturnType<typeof converse>>) => answer.output?.message?.content ?? [];

describe('an answer', () => {
  test('mentions what was said, streamed or not, always the same', async () => {
    const client = runtime(simulator);
    const [first, second] = [await converse(client, 'Hello world'), await converse(client, 'Hello world')];
    expect(contentOf(first)[0]?.text).toContain('Hello world');
    expect(contentOf(second)).toEqual(contentOf(first));
    expect(textOf(await stream(client, 'Hello world'))).toBe(contentOf(first)[0]?.text);
  });

  test('stops at a stop sequence, and says which', async () => {
    const more = {
      inferenceConfig: { stopSequences: ['said'] },
      additionalModelResponseFieldPaths: ['/stop_sequence', '/delta/stop_sequence'],
    };
    const answer = await converse(runtime(simulator), 'Hello', more);
    expect(answer).toMatchObject({
      stopReason: 'stop_sequence',
      additionalModelResponseFields: { stop_sequence: 'said' },
    });
    expect(contentOf(answer)).toEqual([{ text: 'You ' }]);
    const stop = (await stream(runtime(simulator), 'Hello', more)).find(
      ({ messageStop }) => messageStop,
    )?.messageStop;
    expect(stop).toEqual({
      stopReason: 'stop_sequence',
      additionalModelResponseFields: { delta: { stop_sequence: 'said' } },
    });
  });

  test('stops at the token limit', async () => {
    const answer = await converse(runtime(simulator), 'Hello', { inferenceConfig: { maxTokens: 3 } });
    expect(answer).toMatchObject({ stopReason: 'max_tokens', usage: { outputTokens: 3 } });
    expect(contentOf(answer)[0]?.text).toHaveLength(12);
  });

  test('echoes the service tier and the latency mode', async () => {
    const more = {
      modelId: nova,
      serviceTier: { type: 'flex' as const },
      performanceConfig: { latency: 'optimized' as const },
    };
    expect(await converse(runtime(simulator), 'Hello', more)).toMatchObject({
      serviceTier: { type: 'flex' },
      performanceConfig: { latency: 'optimized' },
    });
    expect((await stream(runtime(simulator), 'Hello', more)).at(-1)?.metadata).toMatchObject({
      serviceTier: { type: 'flex' },
    });
  });
});

describe('tools', () => {
  const ask = (text: string, more = {}) =>
    converse(runtime(simulator), text, { toolConfig: weather, ...more });
  const calls = (answer: Awaited<ReturnType<typeof converse>>) =>
    contentOf(answer).flatMap(({ toolUse }) => (toolUse ? [toolUse] : []));

  test('are called when the words call for one, with arguments that fit', async () => {
    const answer = await ask('What is the weather in Paris?');
    expect(answer.stopReason).toBe('tool_use');
    expect(calls(answer)).toMatchObject([{ name: 'get_weather', input: { city: 'Paris' } }]);
  });

  test.each([
    'Hello!',
    'Answer without tools: what is the weather?',
    'Do not call tools. What is the weather?',
  ])('are left alone at “%s”', async (text) => {
    expect((await ask(text)).stopReason).toBe('end_turn');
  });

  test('are left alone where the instructions say so', async () => {
    const system = [{ text: 'You help. Answer without calling any tool.' }];
    expect((await ask('What is the weather in Paris?', { system })).stopReason).toBe('end_turn');
  });

  test('are called in parallel when two are asked for, unless that is switched off', async () => {
    const text = 'The weather in both Paris and Rome, please';
    expect(calls(await ask(text)).map(({ input }) => input)).toEqual([{ city: 'Paris' }, { city: 'Rome' }]);
    const one = {
      additionalModelRequestFields: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    };
    expect(calls(await ask(text, one))).toHaveLength(1);
  });

  test('are chosen by relevance, or by name', async () => {
    const other = {
      toolSpec: {
        name: 'send_mail',
        inputSchema: {
          json: { type: 'object', properties: { to: { type: 'string', format: 'email' } }, required: ['to'] },
        },
      },
    };
    const tools = [...weather.tools, other];
    expect(calls(await ask('Please send a mail to Ann', { toolConfig: { tools } }))).toMatchObject([
      { name: 'send_mail', input: { to: 'someone@example.com' } },
    ]);
    const forced = { tools, toolChoice: { tool: { name: 'send_mail' } } };
    expect(calls(await ask('Hello!', { toolConfig: forced }))).toMatchObject([{ name: 'send_mail' }]);
    expect(calls(await ask('Hello!', { toolConfig: { tools, toolChoice: { any: {} } } }))).toHaveLength(1);
    // DeepSeek takes a choice and does not always obey it.
    const deepseek = { modelId: 'deepseek.v3.2' };
    const any = { tools, toolChoice: { any: {} } };
    const effort = { additionalModelRequestFields: { reasoning_effort: 'high' } };
    expect(calls(await ask('Hello!', { ...deepseek, toolConfig: forced }))).toHaveLength(0);
    expect(calls(await ask('Hello!', { ...deepseek, toolConfig: any }))).toHaveLength(1);
    expect(calls(await ask('Hello!', { ...deepseek, toolConfig: any, ...effort }))).toHaveLength(0);
  });

  test('come back: the answer tells what they said, and can be replayed', async () => {
    const client = runtime(simulator);
    const thinking = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } };
    const first = await ask('What is the weather in Paris?', thinking);
    const [call] = calls(first);
    const messages = [
      ...says('What is the weather in Paris?')!,
      first.output!.message!,
      {
        role: 'user' as const,
        content: [{ toolResult: { toolUseId: call!.toolUseId, content: [{ json: { sky: 'blue' } }] } }],
      },
    ];
    const second = await converse(client, '', { messages, toolConfig: weather, ...thinking });
    expect(second.stopReason).toBe('end_turn');
    expect(contentOf(second).at(-1)?.text).toBe('The tool answered: {"sky":"blue"}');
  });
});

describe('reasoning', () => {
  const reasoningOf = async (modelId: string, fields?: object) => {
    const more = { modelId, ...(fields && { additionalModelRequestFields: { ...fields } }) };
    const [first] = contentOf(await converse(runtime(simulator), 'Why?', more));
    return first?.reasoningContent?.reasoningText;
  };

  test.each<[string, object | undefined, object | undefined]>([
    [models.haiku45, undefined, undefined],
    [
      models.haiku45,
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      { text: expect.stringContaining('Why?'), signature: expect.any(String) },
    ],
    [models.opus47, undefined, undefined],
    [models.opus47, { thinking: { type: 'adaptive' } }, { text: '', signature: expect.any(String) }],
    [
      models.opus47,
      { thinking: { type: 'adaptive', display: 'summarized' } },
      { text: expect.stringContaining('Why?') },
    ],
    [models.sonnet5, undefined, { signature: expect.any(String) }],
    [models.sonnet5, { thinking: { type: 'disabled' } }, undefined],
    [models.nova2, undefined, undefined],
    [
      models.nova2,
      { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } },
      { text: '[REDACTED].' },
    ],
    [models.gptOss, undefined, { text: expect.stringContaining('Why?') }],
    [models.qwen, { reasoning_effort: 'low' }, undefined],
    ['deepseek.v3.2', { reasoning_effort: 'low' }, undefined],
    ['deepseek.v3.2', { reasoning_effort: 'high' }, { text: expect.stringContaining('Why?') }],
    ['moonshot.kimi-k2-thinking', undefined, { text: expect.stringContaining('Why?') }],
    [nova, undefined, undefined],
  ])('of %s with %j', async (modelId, fields, expected) => {
    const found = await reasoningOf(modelId, fields);
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });
});

describe('structured output', () => {
  const address = closed({ street: { type: 'string' } });
  const schema = {
    type: 'object',
    additionalProperties: false,
    $defs: { address },
    properties: {
      name: { type: 'string' },
      age: { type: 'integer' },
      tags: { type: 'array', items: { enum: ['a', 'b'] }, minItems: 1 },
      home: { $ref: '#/$defs/address' },
      nick: { anyOf: [{ type: 'null' }, { type: 'string' }] },
      kind: { const: 'person' },
      since: { type: ['null', 'string'], format: 'date' },
    },
    required: ['name', 'age'],
  };

  test('is JSON that fits the schema', async () => {
    const answer = await converse(runtime(simulator), 'Anna is thirty', format(schema) as object);
    expect(JSON.parse(contentOf(answer)[0]?.text ?? '')).toEqual({ name: 'Anna is thirty', age: 1 });
    const whole = await converse(
      runtime(simulator),
      'Anna is thirty',
      format({ ...schema, required: Object.keys(schema.properties) }) as object,
    );
    expect(JSON.parse(contentOf(whole)[0]?.text ?? '')).toEqual({
      name: 'Anna is thirty',
      age: 1,
      tags: ['a'],
      home: { street: 'Anna is thirty' },
      nick: null,
      kind: 'person',
      since: '2026-01-15',
    });
  });

  test('a schema that contains itself comes to an end', () => {
    const tree = {
      type: 'object',
      properties: { left: { $ref: '#' }, right: { $ref: '#' } },
      required: ['left'],
    };
    const value = valueFor(tree, { word: () => 'x', wants: (_name, _owner, depth) => depth < 2 });
    expect(JSON.stringify(value).length).toBeLessThan(300);
  });
});

describe('a guardrail', () => {
  const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1', trace: 'enabled' as const };

  test('blocks an input, at no cost', async () => {
    const answer = await converse(runtime(simulator), 'Tell me the forbidden word', { guardrailConfig });
    expect(answer).toMatchObject({ stopReason: 'guardrail_intervened', usage: { totalTokens: 0 } });
    expect(answer.trace?.guardrail?.inputAssessment?.abc123?.topicPolicy?.topics?.[0]?.action).toBe(
      'BLOCKED',
    );
    const events = await stream(runtime(simulator), 'Tell me the forbidden word', { guardrailConfig });
    expect(events.at(-1)?.metadata?.trace?.guardrail).toBeDefined();
  });

  test('masks an output', async () => {
    const answer = await converse(runtime(simulator), 'Repeat: confidential', { guardrailConfig });
    expect(answer.stopReason).toBe('guardrail_intervened');
    expect(contentOf(answer)[0]?.text).toContain('Repeat: {NAME}');
  });

  test('lets the rest pass, and says nothing unless asked', async () => {
    const quiet = { guardrailConfig: { ...guardrailConfig, trace: 'disabled' as const } };
    const answer = await converse(runtime(simulator), 'Hello', quiet);
    expect(answer.stopReason).toBe('end_turn');
    expect(answer.trace).toBeUndefined();
  });
});

test('a model that sleeps needs three calls, and falls asleep again with a reset', () => {
  const world = new World({ region: 'us-east-1', account: '123456789012', strict: true, now: Date.now });
  const modelId = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/b2c3d4e5f6a7';
  const model = findModel(modelId, 'us-east-1', world);
  const call = {
    operation: 'invoke' as const,
    modelId,
    model,
    body: {},
    headers: {},
    region: 'us-east-1',
    world,
  };
  const ask = () => stage(call, {}, () => jsonReply({}));
  expect(ask).toThrow('not ready');
  expect(ask).toThrow('not ready');
  expect(ask()).toMatchObject({ status: 200 });
  world.forget();
  expect(ask).toThrow('not ready');
});

test('the client’s words are counted: about four characters a token', async () => {
  const { usage } = await converse(runtime(simulator), 'x'.repeat(400), { modelId: claude });
  expect(usage?.inputTokens).toBe(104);
});
