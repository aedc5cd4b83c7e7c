import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Turn } from '../../support/captures.ts';
import type { Message } from '../../support/messages.ts';
import {
  ask,
  byConverse,
  hello,
  novaPro,
  sonnet45,
  sonnet55,
  tool,
  toolTurns,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** On either way to Claude a client gets the same answer, and a guardrail's last word. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
});
afterAll(() => stack.close());

const streaming = [false, true];
const user = (content: string): Turn => ({ role: 'user', content });

describe('M77 a guardrail has the last word', () => {
  const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
  test.each([
    ['native', sonnet55, {}],
    ['Claude by Converse', sonnet55, byConverse],
    ['another model', novaPro, {}],
  ])('%s', async (lane, model, headers: Record<string, string>) => {
    for (const stream of streaming) {
      const messages = [user('Say the forbidden word')];
      const said = await ask(stack, hello({ model, stream, messages, guardrailConfig }), headers);
      expect([said.status, said.error]).toEqual([200, undefined]);
      expect(said.message?.content).toEqual([
        { type: 'text', text: 'Sorry, the guardrail blocked this request.' },
      ]);
      expect(said.message).toMatchObject({ stop_reason: 'refusal', stop_details: { type: 'refusal' } });
      expect(said.raw).not.toContain('amazon-bedrock');
      const operation = stack.simulator.calls.at(-1)?.operation ?? '';
      expect(operation.startsWith('InvokeModel')).toBe(lane === 'native');
    }
  });
});

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
        const said = await ask(stack, hello({ model: sonnet45, ...more, stream }), headers);
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
