import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Turn } from '../../support/captures.ts';
import {
  ask,
  hello,
  lanes,
  novaPro,
  sonnet45,
  sonnet55,
  tool,
  toolTurns,
  user,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Search results that a client has from several searches, each with its own idea of citations. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const found = (title: string, enabled?: boolean, texts = ['Water is wet.']) => ({
  type: 'search_result',
  source: 'https://example.com',
  title,
  content: texts.map((text) => ({ type: 'text', text })),
  ...(enabled !== undefined && { citations: { enabled } }),
});
const question = { type: 'text', text: 'Is it?' };
const inTurns = (...results: object[]): Turn[] => [
  user([...results.slice(0, 1), question]),
  ...toolTurns('toolu_1', 'look', { content: results.slice(1) }),
];
const sent = () => JSON.stringify(stack.simulator.calls.at(-1)?.body);
const count = (what: string) => sent().split(what).length - 1;

describe.each(lanes)('%s', (_, headers) => {
  const asks = async (messages: Turn[], model: string = sonnet45) => {
    const before = stack.simulator.calls.length;
    const said = await ask(stack, hello({ model, tools: [tool('look')], messages }), headers);
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(stack.simulator.calls.length - before).toBe(1);
    return said;
  };

  test.each([
    ['in one turn', (...results: object[]) => [user([...results, question])]],
    ['in a turn and in the result of a tool', inTurns],
  ])('where some are to be cited all are: %s', async (_, placed) => {
    for (const model of [sonnet45, sonnet55]) {
      const said = await asks(placed(found('A', true), found('B', false), found('C')), model);
      expect(count('"enabled":true')).toBe(3);
      expect(said.warnings).toContain('citations are on for all search results');
    }
  });

  test('where all say the same nothing is said', async () => {
    for (const enabled of [true, false, undefined]) {
      const said = await asks([user([found('A', enabled), found('B', enabled), question])]);
      expect(count(`"enabled":${enabled}`)).toBe(enabled === undefined ? 0 : 2);
      expect(said.warnings).toBe('');
    }
  });

  test('one without a text is named as text, and is none to be cited', async () => {
    const said = await asks(
      inTurns(found('A', true), found('B', false, []), found('C', true, [' ', 'Wet.'])),
    );
    expect(sent()).toContain('title=\\"B\\"');
    expect(count('"enabled":true')).toBe(2);
    expect(count('" "')).toBe(0);
    expect(said.warnings).toBe('');
  });
});

test('a model that cites nothing reads all of them', async () => {
  const messages = inTurns(found('A', true), found('B', false, []), found('C'));
  expect((await ask(stack, hello({ model: novaPro, tools: [tool('look')], messages }))).status).toBe(200);
  for (const title of ['A', 'B', 'C']) expect(sent()).toContain(`title=\\"${title}\\"`);
});
