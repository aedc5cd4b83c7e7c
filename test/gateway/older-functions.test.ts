import { expect, test } from 'vitest';
import { chat, runtimeCalls } from '../support/chat.ts';
import { startStack } from '../support/stack.ts';

/** The form that tools had before they had ids. */

test('a result belongs to the latest call, also where an earlier one was never answered', async () => {
  const stack = await startStack();
  const declared = (name: string) => ({ name, parameters: { type: 'object', properties: {} } });
  const called = (name: string) => ({
    role: 'assistant',
    content: null,
    function_call: { name, arguments: '{}' },
  });
  const messages = [
    { role: 'user', content: 'How is the weather?' },
    called('weather'),
    { role: 'user', content: 'Never mind, what time is it?' },
    called('clock'),
    { role: 'function', name: 'clock', content: 'ten past nine' },
  ];
  await chat(stack, '', { functions: [declared('weather'), declared('clock')], messages });
  const sent = runtimeCalls(stack)[0]?.body as { messages: { content: object[] }[] };
  expect(sent.messages.at(-1)?.content).toMatchObject([
    { toolResult: { content: [{ text: 'ten past nine' }] } },
  ]);
  await stack.close();
});
