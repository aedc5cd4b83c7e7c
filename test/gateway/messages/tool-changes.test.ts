import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claudes } from '../../support/claude-judge.ts';
import {
  ask,
  assistant,
  gptOss,
  hello,
  lanes,
  novaPro,
  opus55,
  tool,
  toolTurns,
  user,
} from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Tools that a conversation adds, removes and defines are offered, or are not, whichever model is asked. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
});
afterAll(() => stack.close());

const system = (...content: object[]) => ({ role: 'system', content });
const reference = (name: string) => ({ type: 'tool_reference', name });
const addition = (name: string) => ({ type: 'tool_addition', tool: reference(name) });
const removal = (name: string) => ({ type: 'tool_removal', tool: reference(name) });
const definition = (name: string, more: object = {}) => ({
  type: 'tool_addition',
  tool: { type: 'tool_definition', definition: { ...tool(name), ...more } },
});
const deferred = (name: string) => ({ ...tool(name), defer_loading: true });
const text = (value: string) => ({ type: 'text', text: value });

/** Conversations at whose end one tool, `wanted`, is offered, and no other. */
const conversations: [what: string, tools: object[], messages: object[]][] = [
  [
    'a deferred tool is added',
    [deferred('wanted'), deferred('other'), tool('gone')],
    [user('Weather in Paris?'), system(addition('wanted'), removal('gone'))],
  ],
  ['a tool is defined', [], [user('Weather in Paris?'), system(definition('wanted'))]],
  [
    'a tool is defined among others',
    [tool('gone')],
    [user('Weather in Paris?'), system(removal('gone'), definition('wanted'), text('Use it.'))],
  ],
  [
    'a tool is removed and added again',
    [tool('wanted'), tool('gone')],
    [
      user('Weather in Paris?'),
      system(removal('wanted'), removal('gone')),
      assistant('I cannot say.'),
      user('And now? Weather in Paris?'),
      system(addition('wanted')),
    ],
  ],
  [
    'a message of nothing else stands between two answers',
    [deferred('wanted'), tool('gone')],
    [
      user('Hello'),
      assistant('One.'),
      system(addition('wanted'), removal('gone')),
      assistant('Two.'),
      user('Weather in Paris?'),
    ],
  ],
  [
    'it stands before a user’s turn',
    [deferred('wanted'), tool('gone')],
    [
      user('Hello'),
      assistant('One.'),
      system(addition('wanted'), removal('gone'), text('From now on.')),
      user('Weather in Paris?'),
    ],
  ],
  [
    'it stands first',
    [deferred('wanted'), tool('gone')],
    [system(addition('wanted'), removal('gone')), user('Weather in Paris?')],
  ],
  [
    'a tool that was defined has been called before',
    [],
    [
      user('Hello'),
      system(definition('wanted')),
      ...toolTurns('toolu_1', 'wanted'),
      assistant('Sunny.'),
      user('And now? Weather in Paris?'),
    ],
  ],
  [
    'a summary has taken its place',
    [deferred('wanted'), tool('gone')],
    [
      user('Hello'),
      assistant([
        {
          type: 'compaction',
          content: 'They said hello.',
          tool_changes: [addition('wanted'), removal('gone')],
        },
      ]),
      user('Weather in Paris?'),
    ],
  ],
];

/** Models that Bedrock no longer has, and those that have no profile. */
const ended = /claude-(?:3-(?!7)|sonnet-4-2)/;

const asked: [model: string, way: string, headers: Record<string, string>][] = [
  ...claudes
    .filter((id) => !ended.test(id))
    .flatMap((id) =>
      lanes.map(([way, headers]): [string, string, Record<string, string>] => [`us.${id}`, way, headers]),
    ),
  [gptOss, 'by Converse', {}],
  [novaPro, 'by Converse', {}],
];

describe.each(conversations)('%s', (_, tools, messages) => {
  test.each(asked)('%s %s', async (model, _way, headers) => {
    const said = await ask(stack, hello({ model, tools, messages }), headers);
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(said.message?.content).toContainEqual(
      expect.objectContaining({ type: 'tool_use', name: 'wanted' }),
    );
    expect(said.message?.content.filter(({ type }) => type === 'tool_use')).toHaveLength(1);
  });
});

test.each(['us.anthropic.claude-opus-5', 'us.anthropic.claude-opus-4-8'])(
  'a tool that was defined can be chosen: %s',
  async (model) => {
    for (const [, headers] of lanes) {
      const messages = [user('Hello'), system(definition('a'))];
      const body = { model, tools: [tool('b')], messages, tool_choice: { type: 'tool', name: 'a' } };
      const said = await ask(stack, hello(body), headers);
      expect([said.status, said.error]).toEqual([200, undefined]);
      expect(said.message?.content).toContainEqual(expect.objectContaining({ type: 'tool_use', name: 'a' }));
    }
  },
);

test('what a model takes stays where it is, with the flags that it needs', async () => {
  const messages = [user('Weather in Paris?'), system(definition('a'), addition('b'), removal('c'))];
  const tools = [deferred('b'), tool('c')];
  const said = await ask(stack, hello({ model: opus55, tools, messages }));
  expect([said.status, said.warnings]).toEqual([200, '']);
  const sent = stack.simulator.calls.at(-1)?.body as Record<string, unknown>;
  expect(sent.messages).toEqual(messages);
  expect(sent.tools).toEqual(tools);
  expect(sent.anthropic_beta).toEqual(expect.arrayContaining(['inline-tools-2026-09-15']));
});

test('a definition is cleaned like any other tool', async () => {
  const odd = definition('a', { eager_input_streaming: true, allowed_callers: ['direct'], strict: true });
  const said = await ask(
    stack,
    hello({ model: opus55, tools: [tool('b')], messages: [user('Weather in Paris?'), system(odd)] }),
  );
  expect([said.status, said.warnings]).toEqual([200, '']);
  const sent = stack.simulator.calls.at(-1)?.body as Record<string, unknown>;
  expect(sent.messages).toEqual([user('Weather in Paris?'), system(definition('a'))]);
});

test.each([
  ['without a name', { input_schema: { type: 'object' } }, 'tool_definition.0.custom.name'],
  ['without a schema', { name: 'a' }, 'tool_definition.0.custom.input_schema'],
  ['that Anthropic runs', { type: 'web_search_20250305', name: 'web_search' }, 'tool_definition.0'],
])('a definition %s is a 400', async (_, tool, path) => {
  for (const [, headers] of lanes) {
    const block = { type: 'tool_addition', tool: { type: 'tool_definition', definition: tool } };
    const said = await ask(stack, hello({ model: opus55, messages: [user('Hi'), system(block)] }), headers);
    expect(said.status).toBe(400);
    expect(said.error?.message).toContain(path);
  }
});
