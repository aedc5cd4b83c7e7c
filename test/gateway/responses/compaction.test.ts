import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { respond, sonnet, toolNames, usesOf } from '../../support/asking-responses.ts';
import { captured, type Item, type ResponsesBody, readCapture } from '../../support/responses-captures.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** Conversations that are shortened, in the three ways in which clients ask for it; and how long one is. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

test('R13 Codex asks for it in words, without its tools', async () => {
  const heard = await respond(stack, captured('codex/responses-compact-inline', sonnet));
  expect([heard.status, heard.response.status]).toEqual([200, 'completed']);
  expect(toolNames(heard)).toEqual([...new Set(usesOf(heard).map(({ name }) => name))]);
  expect(heard.response.output?.map(({ type }) => type)).not.toContain('function_call');
});

test('R14 R15 by a trigger: one item, which brings the summary back', async () => {
  const heard = await respond(stack, captured('codex/responses-compact-trigger', sonnet));
  const [item, ...others] = heard.response.output ?? [];
  expect(heard.events).toEqual(
    expect.arrayContaining(['response.created', 'response.output_item.done', 'response.completed']),
  );
  expect([item?.type, others]).toEqual(['compaction', []]);
  expect(heard.response.usage).toMatchObject({ total_tokens: expect.any(Number) });
  expect(JSON.stringify(heard.sent?.messages.at(-1))).toContain('Reply with the summary alone');

  const after = captured('codex/responses-compact-after', sonnet);
  const input = after.input.map((each) => (each.type === 'compaction' ? (item as Item) : each));
  const next = await respond(stack, { ...after, input });
  expect([next.status, next.warnings]).toEqual([200, '']);
  expect(JSON.stringify(next.sent?.messages)).toContain('Summary of the conversation so far');
});

test.each([
  ['says nothing', '[[empty]] Go on.'],
  ['calls a tool all the same', '[[call:look {}]] Go on.'],
])('a model that %s has not summarized, and the conversation is not given up for it', async (_, content) => {
  const look = { type: 'function', name: 'look', parameters: { type: 'object' } };
  const input = [{ role: 'user', content }];
  const whole = await respond(stack, { model: sonnet, input }, { path: '/responses/compact' });
  expect([whole.status, whole.error?.code]).toEqual([502, 'model_error']);
  const trigger = { type: 'compaction_trigger' };
  const streamed = await respond(stack, {
    model: sonnet,
    tools: [look],
    input: [...input, trigger],
    stream: true,
  });
  expect(streamed.response).toMatchObject({ status: 'failed', output: [], error: { code: 'server_error' } });
  expect(streamed.events.at(-1)).toBe('response.failed');
});

describe('R36 a summary that is not whole does not take the place of the conversation', () => {
  test.each<[string, string, object, unknown[]]>([
    ['cut off', '[[stop:max_tokens]]', {}, [400, null, null]],
    ['cut off by the client’s bound', '[[stop:max_tokens]]', { max_output_tokens: 50 }, [400, null, 'max_output_tokens']],
    ['cut off before its first word', '[[cut-arguments]]', {}, [400, null, null]],
    ['filtered', '[[stop:content_filtered]]', {}, [400, 'content_filter', null]],
    ['withheld by a guardrail', '[[stop:guardrail_intervened]]', {}, [400, 'content_filter', null]],
    ['refused', '[[stop:refusal]]', {}, [400, 'content_filter', null]],
  ])('%s', async (_, content, more, expected) => {
    const input = [{ role: 'user', content }];
    const heard = await respond(stack, { model: sonnet, input, ...more }, { path: '/responses/compact' });
    const { code = null, param = null } = heard.error ?? {};
    expect([heard.status, code, param]).toEqual(expected);
    expect(heard.response.output).toBeUndefined();
  });
}); // biome-ignore format: a table

test('R15 a summary of another service is left out', async () => {
  const heard = await respond(stack, captured('codex/responses-compact-after', sonnet));
  expect(heard.status).toBe(200);
  expect(heard.warnings).toContain('compaction');
});

describe('R36 POST /responses/compact', () => {
  const path = '/responses/compact';

  test('keeps the user’s messages and makes one item of the rest', async () => {
    const input = [
      { role: 'developer', content: 'D' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: null },
      { type: 'message', role: 'user', id: 'msg_own', content: [{ type: 'input_text', text: 'Go' }] },
    ];
    const heard = await respond(stack, { model: sonnet, input }, { path });
    const { object, created_at, usage, output } = heard.response;
    expect([heard.status, object, typeof created_at]).toEqual([200, 'response.compaction', 'number']);
    expect(output).toEqual([
      {
        id: expect.stringMatching(/^msg_/),
        type: 'message',
        status: 'completed',
        role: 'user',
        content: [{ type: 'input_text', text: 'Hi' }],
      },
      expect.objectContaining({ id: 'msg_own', role: 'user', content: [{ type: 'input_text', text: 'Go' }] }),
      expect.objectContaining({ type: 'compaction', encrypted_content: expect.stringMatching(/^gw1\./) }),
    ]);
    expect(usage).toMatchObject({ input_tokens: expect.any(Number) });

    const next = await respond(stack, {
      model: sonnet,
      input: [...(output ?? []), { role: 'user', content: 'So?' }],
    });
    expect(JSON.stringify(next.sent?.messages)).toContain('Summary of the conversation so far');
  });

  test('as a client sends it', async () => {
    const { body } = readCapture('openai-node/compact');
    const heard = await respond(stack, { ...body, model: sonnet, stream: true }, { path });
    expect(heard.response.object).toBe('response.compaction');
  });

  test.each([[undefined], [[]], [7]])('without a conversation: %j', async (input) => {
    const heard = await respond(stack, { model: sonnet, input } as ResponsesBody, { path });
    expect([heard.status, heard.error?.param]).toEqual([400, 'input']);
  });
});

describe('R35 POST /responses/input_tokens', () => {
  const path = '/responses/input_tokens';

  test.each(['openai-node/input_tokens', 'openai-py/input_tokens'])('%s', async (name) => {
    const { body } = readCapture(name);
    const heard = await respond(stack, { ...body, model: sonnet }, { path });
    expect(heard.response).toEqual({ object: 'response.input_tokens', input_tokens: expect.any(Number) });
    expect(heard.response.input_tokens).toBeGreaterThan(0);
    expect(heard.warnings).toContain('estimated');
    expect(heard.sent).toBeUndefined();
  });

  test('refuses what cannot be asked', async () => {
    const unknown = await respond(stack, { model: 'nonesuch', input: 'x' }, { path });
    expect(unknown.status).toBe(404);
    const broken = await respond(stack, { model: sonnet, input: [{ role: 'x' }] }, { path });
    expect([broken.status, broken.error?.param]).toEqual([400, 'input[0].role']);
  });
});
