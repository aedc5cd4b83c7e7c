import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, byConverse, haiku45, hello, novaPro, toolTurns, user } from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Documents whose text is given, to a simulator that takes and cites them as Converse does. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
});
afterAll(() => stack.close());

const document = (more: object = {}) => ({
  type: 'document',
  source: { type: 'text', media_type: 'text/plain', data: 'Water is wet.' },
  ...more,
});
const cited = document({ citations: { enabled: true } });
const chunks = document({ source: { type: 'content', content: [{ type: 'text', text: 'Water is wet.' }] } });
const question = { type: 'text', text: 'Is it?' };
const llama = 'us.meta.llama3-3-70b-instruct-v1:0';

const sent = () => JSON.stringify(stack.simulator.calls.at(-1)?.body);
const bytes = Buffer.from('Water is wet.').toString('base64');

describe('a document whose text is given', () => {
  test.each([haiku45, novaPro, llama])('is read by %s', async (model) => {
    for (const each of [document(), chunks]) {
      const said = await ask(stack, hello({ model, messages: [user([each, question])] }), byConverse);
      expect([said.status, said.error]).toEqual([200, undefined]);
      expect(sent()).toContain(`"source":{"bytes":"${bytes}"}`);
    }
  });

  test.each([novaPro, llama])('and is not cited by %s, which says so', async (model) => {
    const said = await ask(stack, hello({ model, messages: [user([cited, question])] }), byConverse);
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(sent()).not.toContain('citations');
    expect(said.headers.get('x-gateway-warnings')).toContain('citations were left out');
  });

  test('is cited by Claude, which takes it as a text', async () => {
    const messages = [user([cited, question])];
    const said = await ask(stack, hello({ model: haiku45, messages }), byConverse);
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(sent()).toContain('"source":{"text":"Water is wet."},"citations":{"enabled":true}');
  });

  test('is not cited in the result of a tool', async () => {
    const messages = [user('Read it'), ...toolTurns('t1', 'read', { content: [cited] })];
    const tools = [{ name: 'read', input_schema: { type: 'object' } }];
    const said = await ask(stack, hello({ model: haiku45, messages, tools }), byConverse);
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(sent()).not.toContain('citations');
  });
});
