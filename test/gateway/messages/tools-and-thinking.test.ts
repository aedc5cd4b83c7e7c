import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConverseBlock } from '../../support/bedrock-answers.ts';
import { type StandIn, says, startStandIn } from '../../support/bedrock-stand-in.ts';
import type { Block, MessagesBody, Turn } from '../../support/captures.ts';
import {
  ask,
  byConverse,
  gptOss,
  haiku45,
  hello,
  opus55,
  sonnet45,
  sonnet55,
  tool,
  toolTurns,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Tools, sampling and thinking, in the model's own API and by Converse. */

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

const lanes: [string, Record<string, string>][] = [
  ['native', {}],
  ['by Converse', byConverse],
];

/** Asks for something that is answered. */
async function answered(body: MessagesBody, headers: Record<string, string> = {}) {
  const said = await ask(stack, body, headers);
  expect([said.status, said.error]).toEqual([200, undefined]);
  expect(standIn.calls).toHaveLength(1);
  return { said, call: standIn.last() };
}

const user = (content: string | object[]): Turn => ({ role: 'user', content: content as Block[] });
const assistant = (content: string | object[]): Turn => ({ role: 'assistant', content: content as Block[] });
const text = (value: string, more = {}) => ({ type: 'text', text: value, ...more });
const _ephemeral = { type: 'ephemeral' };

describe('tools', () => {
  test('M37 a tool of Claude’s own beside the client’s', async () => {
    const tools = [{ type: 'bash_20250124', name: 'bash' }, tool('get_weather')];
    const { call } = await answered(hello({ model: sonnet45, tools }));
    expect(call.operation).toBe('InvokeModel');
    expect(call.native.tools).toEqual(tools);
  });

  test('M38 a model that cannot be forced is asked, with a warning', async () => {
    const tool_choice = { type: 'tool', name: 'get_weather' };
    const { call, said } = await answered(
      hello({ model: opus55, tools: [tool('get_weather')], tool_choice }),
    );
    expect(JSON.stringify(call.native.tool_choice ?? {})).not.toMatch(/"(tool|any)"/);
    expect(call.native.tools).toEqual([tool('get_weather')]);
    expect(JSON.stringify([call.native.system, call.native.messages])).toContain('get_weather');
    expect(said.warnings).toContain('tool_choice');
  });

  test.each(lanes)(
    'M39 a call cannot be forced while a budget is thought through: %s',
    async (_, headers) => {
      const { call } = await answered(
        hello({
          model: sonnet45,
          max_tokens: 4000,
          tools: [tool('get_weather')],
          tool_choice: { type: 'any' },
          thinking: { type: 'enabled', budget_tokens: 2000 },
        }),
        headers,
      );
      const fields = call.converse.additionalModelRequestFields;
      const thinks = (call.native.thinking ?? fields?.thinking)?.type === 'enabled';
      const forced = /"any"/.test(
        JSON.stringify([call.native.tool_choice, call.converse.toolConfig?.toolChoice, fields?.tool_choice]),
      );
      expect([thinks, forced]).not.toEqual([true, true]);
    },
  );

  test('M40 no call, though there were some', async () => {
    const messages = [user('Weather?'), ...toolTurns('toolu_1', 'get_weather'), user('Thank you')];
    const tools = [tool('get_weather')];
    for (const stream of [false, true]) {
      const call = { type: 'tool_use', id: 'toolu_2', name: 'get_weather', input: {} };
      standIn.script(says([text('I look again.'), call]));
      const body = hello({ model: gptOss, messages, tools, tool_choice: { type: 'none' }, stream });
      const { said, call: sent } = await answered(body);
      const blocks = sent.converse.messages.flatMap(({ content }) => content);
      expect(blocks.filter(({ toolUse }) => toolUse)).toHaveLength(1);
      expect(blocks.filter(({ toolResult }) => toolResult)).toHaveLength(1);
      expect(sent.converse.toolConfig?.toolChoice).toBeUndefined();
      // Whatever the model says, no call comes of it.
      expect(said.message).toMatchObject({ content: [text('I look again.')], stop_reason: 'end_turn' });
    }
  });

  test('M41 one call at a time, by Converse', async () => {
    const tool_choice = { type: 'auto', disable_parallel_tool_use: true };
    const { call } = await answered(
      hello({ model: sonnet45, tools: [tool('get_weather')], tool_choice }),
      byConverse,
    );
    expect(call.operation).toBe('Converse');
    expect(call.converse.additionalModelRequestFields).toMatchObject({ tool_choice });
    expect(call.converse.toolConfig).not.toHaveProperty('toolChoice');
  });

  test.each(lanes)('M81 the history may call a tool that is not there: %s', async (_, headers) => {
    const messages = [user('Weather?'), ...toolTurns('toolu_1', 'gone')];
    for (const tools of [[tool('get_weather')], [], undefined]) {
      standIn.script();
      await answered(hello({ messages, tools }), headers);
    }
  });
});

describe('sampling and thinking', () => {
  test.each(lanes)('M42 a temperature or a top_p, not both: %s', async (_, headers) => {
    const { call, said } = await answered(hello({ model: haiku45, temperature: 0.5, top_p: 0.9 }), headers);
    const { native, converse } = call;
    const sent = [
      native.temperature ?? converse.inferenceConfig?.temperature,
      native.top_p ?? converse.inferenceConfig?.topP,
    ];
    expect(sent.filter((value) => value !== undefined)).toHaveLength(1);
    expect(`${said.warnings} ${said.ignored}`).toMatch(/top_p|temperature/);
  });

  const silent = { type: 'thinking', thinking: '', signature: 'c2lnbmF0dXJl' };
  const redacted = { type: 'redacted_thinking', data: 'cmVkYWN0ZWQ=' };
  const spoken = { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmVk' };
  const following = (...thoughts: object[]) => [
    user('Weather?'),
    assistant([
      ...thoughts,
      { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } },
    ]),
    user([{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny.' }]),
  ];
  const thinking = { type: 'adaptive' };
  const tools = [tool('get_weather')];
  const thoughts = (content: ConverseBlock[] = []) =>
    content.flatMap(({ reasoningContent }) => reasoningContent ?? []);

  test('M43 thinking that says nothing keeps its signature', async () => {
    const { call } = await answered(hello({ messages: following(silent), tools, thinking }), byConverse);
    expect(thoughts(call.converse.messages[1]?.content)).toEqual([
      { reasoningText: { text: '', signature: silent.signature } },
    ]);
  });

  test.each(lanes)('M44 what is redacted stays where it was: %s', async (_, headers) => {
    for (const order of [
      [redacted, spoken],
      [spoken, redacted, silent],
    ]) {
      standIn.script();
      const { call } = await answered(hello({ messages: following(...order), tools, thinking }), headers);
      if (call.operation === 'InvokeModel') {
        const [, sent] = call.native.messages ?? [];
        expect(sent?.content.slice(0, -1)).toEqual(order);
        continue;
      }
      expect(thoughts(call.converse.messages[1]?.content)).toEqual(
        order.map((block) =>
          'data' in block
            ? { redactedContent: block.data }
            : { reasoningText: { text: block.thinking, signature: block.signature } },
        ),
      );
    }
  });
});

describe('what a model has called', () => {
  test.each(lanes)('comes back as it was said: %s', async (_, headers) => {
    const call = { type: 'tool_use', id: 'toolu_bdrk_01', name: 'get_weather', input: { city: 'Rome' } };
    standIn.script(says([text('I look.'), call]));
    const { said } = await answered(hello({ tools: [tool('get_weather')] }), headers);
    expect(said.message).toMatchObject({
      content: [text('I look.'), call],
      stop_reason: 'tool_use',
      model: sonnet55,
    });
  });
});
