import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuses, type StandIn, says, sendsConverse, startStandIn } from '../../support/bedrock-stand-in.ts';
import type { Block, Turn } from '../../support/captures.ts';
import type { Message } from '../../support/message-stream.ts';
import {
  ask,
  byConverse,
  haiku45,
  hello,
  novaPro,
  sonnet45,
  sonnet55,
  tool,
  toolTurns,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** How answers end, and that they are the same on either way to Claude. */

let standIn: StandIn;
let stack: Stack;
/** On the simulator. */
let simulated: Stack;
beforeAll(async () => {
  simulated = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
  standIn = await startStandIn();
  stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '1' } });
});
beforeEach(() => standIn.script());
afterAll(async () => {
  await stack.close();
  await simulated.close();
  await standIn.close();
});

const streaming = [false, true];
const user = (content: string): Turn => ({ role: 'user', content });

describe('M78 why an answer ends', () => {
  const reasons: [string, string | number][] = [
    ['end_turn', 'end_turn'],
    ['tool_use', 'tool_use'],
    ['max_tokens', 'max_tokens'],
    ['stop_sequence', 'stop_sequence'],
    ['model_context_window_exceeded', 'model_context_window_exceeded'],
    ['guardrail_intervened', 'refusal'],
    ['content_filtered', 'refusal'],
    ['malformed_model_output', 500],
    ['malformed_tool_use', 500],
  ];
  test.each(reasons)('%s by Converse: %s', async (stopReason, expected) => {
    for (const stream of streaming) {
      const input = { city: 'Rome' };
      const block =
        expected === 'tool_use'
          ? { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input }
          : { type: 'text', text: 'Hello' };
      standIn.script(says([block], { stop_reason: stopReason }));
      const said = await ask(stack, hello({ model: novaPro, stream, tools: [tool('get_weather')] }));
      if (typeof expected === 'number') {
        expect(said.error?.type).toBe('api_error');
        expect(stream || said.status >= 500).toBe(true);
        expect(said.raw).not.toContain('message_stop');
        continue;
      }
      expect([said.status, said.message?.stop_reason]).toEqual([200, expected]);
      const details = said.message?.stop_details;
      if (expected === 'refusal') expect(details).toMatchObject({ type: 'refusal' });
      else expect(details ?? null).toBeNull();
      expect(said.message).toHaveProperty('stop_sequence');
    }
  });

  test.each(['end_turn', 'tool_use', 'max_tokens', 'stop_sequence', 'refusal', 'pause_turn', 'compaction'])(
    '%s by InvokeModel is told as it is',
    async (stop_reason) => {
      for (const stream of streaming) {
        standIn.script(
          says(undefined, { stop_reason, stop_sequence: stop_reason === 'stop_sequence' ? 'END' : null }),
        );
        const said = await ask(stack, hello({ stream, stop_sequences: ['END'] }));
        expect(said.message).toMatchObject({
          stop_reason,
          stop_sequence: stop_reason === 'stop_sequence' ? 'END' : null,
        });
      }
    },
  );

  test('a call ends an answer, whatever Bedrock calls its end', async () => {
    for (const stream of streaming) {
      const block = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Rome' } };
      standIn.script(says([block], { stop_reason: 'end_turn' }));
      const said = await ask(stack, hello({ model: novaPro, stream, tools: [tool('get_weather')] }));
      expect(said.message?.stop_reason).toBe('tool_use');
    }
  });
});

describe('M77 a guardrail has the last word', () => {
  const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
  test.each([
    ['native', sonnet55, {}],
    ['Claude by Converse', sonnet55, byConverse],
    ['another model', novaPro, {}],
  ])('%s', async (lane, model, headers: Record<string, string>) => {
    for (const stream of streaming) {
      const messages = [user('Say the forbidden word')];
      const said = await ask(simulated, hello({ model, stream, messages, guardrailConfig }), headers);
      expect([said.status, said.error]).toEqual([200, undefined]);
      expect(said.message?.content).toEqual([
        { type: 'text', text: 'Sorry, the guardrail blocked this request.' },
      ]);
      expect(said.message).toMatchObject({ stop_reason: 'refusal', stop_details: { type: 'refusal' } });
      expect(said.raw).not.toContain('amazon-bedrock');
      const operation = simulated.simulator.calls.at(-1)?.operation ?? '';
      expect(operation.startsWith('InvokeModel')).toBe(lane === 'native');
    }
  });
});

test.each(streaming)(
  'M79 the next model gets the same conversation in its own form (stream: %s)',
  async (stream) => {
    const thinking = { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmF0dXJl' };
    const [called, result] = toolTurns('toolu_1', 'get_weather') as [Turn, Turn];
    const thought = { ...called, content: [thinking, ...(called.content as Block[])] };
    standIn.script(refuses('ThrottlingException', 'Too many requests, please wait before trying again.'));
    const said = await ask(
      stack,
      hello({
        stream,
        messages: [user('Weather?'), thought, result],
        tools: [tool('get_weather')],
        fallbacks: [novaPro],
      }),
    );
    expect([said.status, said.error]).toEqual([200, undefined]);
    const streams = stream
      ? ['InvokeModelWithResponseStream', 'ConverseStream']
      : ['InvokeModel', 'Converse'];
    expect(standIn.calls.map(({ operation, modelId }) => [operation, modelId])).toEqual([
      [streams[0], sonnet55],
      [streams[1], novaPro],
    ]);
    expect(JSON.stringify(standIn.calls[0]?.native)).toContain('c2lnbmF0dXJl');
    const { converse } = standIn.last();
    expect(JSON.stringify(converse)).not.toMatch(/signature|c2lnbmF0dXJl|anthropic/);
    expect(converse.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(said.headers.get('x-gateway-model')).toBe(novaPro);
  },
);

describe('M80 either way the answer is the same', () => {
  const asked: [string, object][] = [
    ['a text', { messages: [user('Tell me about the sea.')] }],
    ['a call', { messages: [user('What is the weather in Paris?')], tools: [tool('get_weather')] }],
    [
      'two calls',
      { messages: [user('Weather of both Paris and Rome [[parallel:2]]')], tools: [tool('get_weather')] },
    ],
    [
      'what follows a result',
      { messages: [user('Weather?'), ...toolTurns('toolu_1', 'get_weather')], tools: [tool('get_weather')] },
    ],
    [
      'thinking',
      {
        messages: [user('Tell me about the sea.')],
        thinking: { type: 'enabled', budget_tokens: 1024 },
        max_tokens: 4000,
      },
    ],
    ['what is redacted', { messages: [user('[[redacted]] Tell me about the sea.')] }],
    ['an end that was asked for', { messages: [user('one two three four')], stop_sequences: ['three'] }],
    ['a limit', { messages: [user('one two three four five six seven')], max_tokens: 3 }],
    ['several texts', { messages: [user('[[texts:3]]')] }],
  ];
  const same = ({ id: _, content, usage, ...rest }: Message, ids: 'with ids' | 'without') => ({
    ...rest,
    content: content.map(({ id, ...block }) => ({ ...block, ...(id && ids === 'with ids' && { id }) })),
    usage: {
      input_tokens: usage.input_tokens,
      output_tokens: usage.output_tokens,
      cache_read_input_tokens: usage.cache_read_input_tokens ?? 0,
      cache_creation_input_tokens: usage.cache_creation_input_tokens ?? 0,
    },
  });

  test.each(asked)('%s', async (_, more) => {
    const answers: Message[] = [];
    for (const headers of [{}, byConverse]) {
      for (const stream of streaming) {
        const said = await ask(simulated, hello({ model: sonnet45, ...more, stream }), headers);
        expect([said.status, said.error]).toEqual([200, undefined]);
        answers.push(said.message!);
      }
    }
    const [whole, streamed, converse, converseStreamed] = answers as [Message, Message, Message, Message];
    expect(same(streamed, 'with ids')).toEqual(same(whole, 'with ids'));
    expect(same(converseStreamed, 'without')).toEqual(same(converse, 'without'));
    expect(comparable(converse)).toEqual(comparable(whole));
  });

  /** Details of a refusal and nulls that only one of the forms has say nothing. */
  const comparable = (message: Message) => {
    const { stop_details: _, container: __, ...rest } = same(message, 'without') as Record<string, unknown>;
    return rest;
  };
});

test.each(streaming)(
  'numbers of a cache are told apart from what was read afresh (stream: %s)',
  async (stream) => {
    standIn.script(
      sendsConverse({
        inputTokens: 10,
        outputTokens: 2,
        totalTokens: 132,
        cacheReadInputTokens: 100,
        cacheWriteInputTokens: 20,
        cacheDetails: [{ ttl: '1h', inputTokens: 20 }],
      }),
    );
    const said = await ask(stack, hello({ model: haiku45, stream }), byConverse);
    expect(said.message?.usage).toMatchObject({
      input_tokens: 10,
      output_tokens: 2,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      cache_creation: { ephemeral_1h_input_tokens: 20, ephemeral_5m_input_tokens: 0 },
    });
  },
);
