import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, byConverse, hello, novaPro, sonnet45, sonnet55 } from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/**
 * Claude Code's line for Anthropic's billing at the head of a system prompt. Bedrock takes it in a block of its own and
 * refuses it joined with other text, as programs between the two send it.
 */

const line = 'x-anthropic-billing-header: cc_version=2.1.332.000; cc_entrypoint=cli;';
const prompt = 'You are a coding agent.';
const block = (text: string) => ({ type: 'text', text });

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const systemSent = () => (stack.simulator.calls.at(-1)!.body as { system?: unknown }).system;

/** A system prompt, what goes to Claude in its own API, and what by Converse. */
const prompts: [name: string, given: unknown, native: unknown, converse: unknown][] = [
  ['in a block of its own', [block(line), block(prompt)], [block(line), block(prompt)], [{ text: prompt }]],
  ['alone', line, line, undefined],
  ['joined with the prompt in a string', `${line}\n\n${prompt}`, prompt, [{ text: prompt }]],
  [
    'joined with the prompt in a block',
    [block(`${line}\n${prompt}`), block('Be brief.')],
    [block(prompt), block('Be brief.')],
    [{ text: prompt }, { text: 'Be brief.' }],
  ],
  ['joined with line ends of Windows', `${line}\r\n${prompt}`, prompt, [{ text: prompt }]],
  ['behind another block', [block(prompt), block(line)], [block(prompt)], [{ text: prompt }]],
];

describe.each(prompts)('%s', (_, system, native, converse) => {
  test.each([sonnet45, sonnet55])('%s', async (model) => {
    expect((await ask(stack, hello({ model, system }))).status).toBe(200);
    expect(systemSent()).toEqual(native);
    expect((await ask(stack, hello({ model, system }), byConverse)).status).toBe(200);
    expect(systemSent()).toEqual(converse);
  });

  test('another model', async () => {
    expect((await ask(stack, hello({ model: novaPro, system }))).status).toBe(200);
    expect(systemSent()).toEqual(converse);
  });
});

test.each([sonnet45, novaPro])('the prompt of a client of OpenAI’s is sent without it: %s', async (model) => {
  const messages = [
    { role: 'system', content: `${line}\n\n${prompt}` },
    { role: 'user', content: 'Hello' },
  ];
  expect((await stack.post('/chat/completions', { model, messages })).status).toBe(200);
  expect(systemSent()).toEqual([{ text: prompt }]);
  const asked = { model, instructions: `${line}\n${prompt}`, input: 'Hello' };
  expect((await stack.post('/responses', asked)).status).toBe(200);
  expect(systemSent()).toEqual([{ text: prompt }]);
});

test('what one client has written in its place changes nothing for others', async () => {
  const odd = [block('x-anthropic-billing-header: mine'), block(prompt)];
  const own = await ask(stack, hello({ model: sonnet55, system: odd }));
  expect([own.status, systemSent()]).toEqual([200, [block(prompt)]]);
  expect(own.headers.get('x-gateway-warnings')).toContain('billing');
  const other = await ask(stack, hello({ model: sonnet55, system: [block(line), block(prompt)] }));
  expect([other.status, systemSent()]).toEqual([200, [block(line), block(prompt)]]);
  expect(other.headers.get('x-gateway-warnings')).toBeNull();
});
