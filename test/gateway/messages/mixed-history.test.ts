import { afterAll, beforeAll, expect, test } from 'vitest';
import { signatureOfResponses } from '../../../lambda/canonical/reasoning.ts';
import { signatureOf } from '../../../local/simulator/answer/ids.ts';
import { ask, hello, sonnet45, sonnet55, user } from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Histories that other models or other turns of a session have left. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
const last = () => JSON.stringify(stack.simulator.calls.at(-1)?.body);

test('what GPT thought does not cost Claude what Claude thought', async () => {
  const thought = (thinking: string, signature: string, text: string) => ({
    role: 'assistant',
    content: [
      { type: 'thinking', thinking, signature },
      { type: 'text', text },
    ],
  });
  const own = signatureOf('Hm.');
  const messages = [
    user('A'),
    thought('x', signatureOfResponses.write('gAAAA'), 'B'),
    user('C'),
    thought('Hm.', own, 'D'),
    user('E'),
  ];
  const before = stack.simulator.calls.length;
  expect((await ask(stack, hello({ model: sonnet55, messages }))).status).toBe(200);
  expect(stack.simulator.calls.length - before).toBe(1);
  expect([last().includes(own), last().includes('responses.1.')]).toEqual([true, false]);
});

test.each([sonnet45, sonnet55])('a compaction that failed takes nothing away: %s', async (model) => {
  const content = [
    { type: 'compaction', content: null },
    { type: 'text', text: 'Nice.' },
  ];
  const messages = [
    user('My dog is called Bello.'),
    { role: 'assistant', content },
    user('What is it called?'),
  ];
  expect((await ask(stack, hello({ model, messages }))).status).toBe(200);
  expect(last()).toContain('Bello');
});

test.each([sonnet45, sonnet55])('a session that has paused after a compaction goes on: %s', async (model) => {
  const content = [{ type: 'compaction', content: 'The dog is called Bello.' }];
  const messages = [user('My dog is called Bello.'), { role: 'assistant', content }];
  expect((await ask(stack, hello({ model, messages }))).status).toBe(200);
  expect(last()).toContain('Bello');
});

test('a system prompt may be marked for a guardrail', async () => {
  const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
  const system = [{ type: 'guarded_text', text: 'Be kind.' }];
  const said = await ask(stack, hello({ model: sonnet55, guardrailConfig, system, messages: [user('Hi')] }));
  expect(said.status).toBe(200);
  expect(last()).toContain('guardContent');
});
