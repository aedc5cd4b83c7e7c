import { expect, test } from 'vitest';
import { chat, runtimeCalls } from '../support/chat.ts';
import { startStack } from '../support/stack.ts';

/** The form that tools had before they had ids. */

const declared = (name: string) => ({ name, parameters: { type: 'object', properties: {} } });
const called = (name: string) => ({
  role: 'assistant',
  content: null,
  function_call: { name, arguments: '{}' },
});
const user = (content: string) => ({ role: 'user', content });

interface Block {
  toolUse?: { name: string; toolUseId: string };
  toolResult?: { toolUseId: string; content: object[] };
}

test.each([
  [
    'the latest call, where an earlier one was never answered',
    [called('weather'), user('What time is it?'), called('clock')],
  ],
  ['an earlier call, where no later one waits', [called('clock'), user('Hurry!')]],
])('a result belongs to %s', async (_, between) => {
  const stack = await startStack();
  const messages = [user('Hello'), ...between, { role: 'function', name: 'clock', content: 'ten past nine' }];
  expect(
    (await chat(stack, '', { functions: [declared('weather'), declared('clock')], messages })).status,
  ).toBe(200);
  const sent = runtimeCalls(stack)[0]?.body as { messages: { content: Block[] }[] };
  const blocks = sent.messages.flatMap(({ content }) => content);
  const ids = blocks.flatMap(({ toolUse }) => toolUse ?? []).filter(({ name }) => name === 'clock');
  const results = blocks.flatMap(({ toolResult }) => toolResult ?? []);
  expect(results.find(({ toolUseId }) => toolUseId === ids[0]?.toolUseId)).toMatchObject({
    content: [{ text: 'ten past nine' }],
  });
  await stack.close();
});
