import { describe, expect, test } from 'vitest';
import { refuses, says, sendsConverse } from '../../support/bedrock-replies.ts';
import type { Block, Turn } from '../../support/captures.ts';
import {
  ask,
  byConverse,
  gptOss,
  haiku45,
  hello,
  novaPro,
  sonnet45,
  sonnet55,
  tool,
  toolTurns,
  user,
} from '../../support/messages.ts';
import { scriptedGateway } from '../../support/scripted-gateway.ts';

/** How answers end, and who gives them. */

const gateway = scriptedGateway();

const streaming = [false, true];

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
      gateway.bedrock.script(says([block], { stop_reason: stopReason }));
      const said = await ask(gateway.stack, hello({ model: novaPro, stream, tools: [tool('get_weather')] }));
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
        gateway.bedrock.script(
          says(undefined, { stop_reason, stop_sequence: stop_reason === 'stop_sequence' ? 'END' : null }),
        );
        const said = await ask(gateway.stack, hello({ stream, stop_sequences: ['END'] }));
        expect(said.message).toMatchObject({
          stop_reason,
          stop_sequence: stop_reason === 'stop_sequence' ? 'END' : null,
        });
      }
    },
  );

  test.each([
    ['a model that takes no sequences', gptOss],
    ['one that does not stream with tools either', 'us.meta.llama3-3-70b-instruct-v1:0'],
  ])('the sequence at which the gateway has ended it: %s', async (_, model) => {
    for (const stream of streaming) {
      gateway.bedrock.script(says([{ type: 'text', text: 'Thought\nObservation: made up' }]));
      const stop_sequences = ['\nAction:', '\nObservation:'];
      const body = hello({ model, stream, stop_sequences, tools: [tool('get_weather')] });
      const said = await ask(gateway.stack, body);
      expect(said.message).toMatchObject({
        content: [{ type: 'text', text: 'Thought' }],
        stop_reason: 'stop_sequence',
        stop_sequence: '\nObservation:',
      });
    }
  });

  test('a call ends an answer, whatever Bedrock calls its end', async () => {
    for (const stream of streaming) {
      const block = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Rome' } };
      gateway.bedrock.script(says([block], { stop_reason: 'end_turn' }));
      const said = await ask(gateway.stack, hello({ model: novaPro, stream, tools: [tool('get_weather')] }));
      expect(said.message?.stop_reason).toBe('tool_use');
    }
  });
});

test.each(streaming)(
  'M79 the next model gets the same conversation in its own form (stream: %s)',
  async (stream) => {
    const thinking = { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmF0dXJl' };
    const [called, result] = toolTurns('toolu_1', 'get_weather') as [Turn, Turn];
    const thought = { ...called, content: [thinking, ...(called.content as Block[])] };
    gateway.bedrock.script(
      refuses('ThrottlingException', 'Too many requests, please wait before trying again.'),
    );
    // A model that has failed is passed over for a while.
    const model = stream ? sonnet45 : sonnet55;
    const said = await ask(
      gateway.stack,
      hello({
        model,
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
    expect(gateway.bedrock.calls.map(({ operation, modelId }) => [operation, modelId])).toEqual([
      [streams[0], model],
      [streams[1], novaPro],
    ]);
    expect(JSON.stringify(gateway.bedrock.calls[0]?.native)).toContain('c2lnbmF0dXJl');
    const { converse } = gateway.bedrock.last();
    expect(JSON.stringify(converse)).not.toMatch(/signature|c2lnbmF0dXJl|anthropic/);
    expect(converse.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(said.headers.get('x-gateway-model')).toBe(novaPro);
  },
);

test.each(streaming)(
  'numbers of a cache are told apart from what was read afresh (stream: %s)',
  async (stream) => {
    gateway.bedrock.script(
      sendsConverse({
        inputTokens: 10,
        outputTokens: 2,
        totalTokens: 132,
        cacheReadInputTokens: 100,
        cacheWriteInputTokens: 20,
        cacheDetails: [{ ttl: '1h', inputTokens: 20 }],
      }),
    );
    const said = await ask(gateway.stack, hello({ model: haiku45, stream }), byConverse);
    expect(said.message?.usage).toMatchObject({
      input_tokens: 10,
      output_tokens: 2,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      cache_creation: { ephemeral_1h_input_tokens: 20, ephemeral_5m_input_tokens: 0 },
    });
  },
);
