import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuses, type StandIn, says, sendsConverse, startStandIn } from '../../support/bedrock-stand-in.ts';
import type { Block, Turn } from '../../support/captures.ts';
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

/** How answers end, and who gives them. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
  stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '1' } });
});
beforeEach(() => standIn.script());
afterAll(async () => {
  await stack.close();
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

test.each(streaming)(
  'M79 the next model gets the same conversation in its own form (stream: %s)',
  async (stream) => {
    const thinking = { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmF0dXJl' };
    const [called, result] = toolTurns('toolu_1', 'get_weather') as [Turn, Turn];
    const thought = { ...called, content: [thinking, ...(called.content as Block[])] };
    standIn.script(refuses('ThrottlingException', 'Too many requests, please wait before trying again.'));
    // A model that has failed is passed over for a while.
    const model = stream ? sonnet45 : sonnet55;
    const said = await ask(
      stack,
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
    expect(standIn.calls.map(({ operation, modelId }) => [operation, modelId])).toEqual([
      [streams[0], model],
      [streams[1], novaPro],
    ]);
    expect(JSON.stringify(standIn.calls[0]?.native)).toContain('c2lnbmF0dXJl');
    const { converse } = standIn.last();
    expect(JSON.stringify(converse)).not.toMatch(/signature|c2lnbmF0dXJl|anthropic/);
    expect(converse.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(said.headers.get('x-gateway-model')).toBe(novaPro);
  },
);

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
