import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  blocksOf,
  qwen,
  reasoningOf,
  respond,
  sonnet,
  textOf,
  usesOf,
} from '../../support/asking-responses.ts';
import { keysFile } from '../../support/keys-file.ts';
import { captured, type Item, readCapture } from '../../support/responses-captures.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** What clients carry from one request to the next, and what would have to be stored. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const claude = 'us.anthropic.claude-sonnet-4-6';
const tools = [
  { type: 'function', name: 'f', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
];
const user = { role: 'user', content: '[[call:f {"city":"Paris"}]] Hello' };

/** A first turn of a model that thinks and calls a tool: its items. */
async function begun(more: object = {}): Promise<Item[]> {
  const heard = await respond(stack, {
    model: claude,
    input: [user],
    tools,
    reasoning: { effort: 'high', summary: 'auto' },
    ...more,
  });
  const items = heard.response.output ?? [];
  expect(items.map(({ type }) => type)).toEqual(expect.arrayContaining(['reasoning', 'function_call']));
  return items;
}

/** The next turn, in which the client sends `items` and the result of the call. */
function next(items: Item[], model = claude) {
  const { call_id } = items.find(({ type }) => type === 'function_call') ?? {};
  const output = { type: 'function_call_output', call_id, output: 'sunny' };
  return respond(stack, { model, input: [user, ...items, output], tools, reasoning: { effort: 'high' } });
}

const foreign = { type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: 'gAAAAAB' };
const changedAt = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

describe('reasoning', () => {
  test('R20 of another service is left out, with one warning', async () => {
    const input = [user, foreign, { role: 'assistant', content: 'A' }, foreign, { ...user, content: 'B' }];
    const heard = await respond(stack, { model: claude, input });
    expect([heard.status, reasoningOf(heard).length]).toEqual([200, 0]);
    expect(heard.warnings.match(/reasoning of 2 item/g)).toHaveLength(1);
  });

  test('R21 of Claude does not go to Qwen', async () => {
    const heard = await next(await begun(), qwen);
    expect([heard.status, reasoningOf(heard).length, usesOf(heard).length]).toEqual([200, 0, 1]);
    expect(heard.warnings).toContain('reasoning');
  });

  test('R22 that was changed is left out', async () => {
    const items = await begun();
    const [reasoning] = items;
    const sealed = String(reasoning?.encrypted_content);
    for (const at of [5, 40, sealed.length - 2]) {
      const call = items.find(({ type }) => type === 'function_call');
      const changed = { ...reasoning, encrypted_content: changedAt(sealed, at) };
      const heard = await next([changed, { ...call, call_id: 'call_plain' }]);
      expect([heard.status, reasoningOf(heard).length]).toEqual([200, 0]);
    }
  });

  test('R26 references to reasoning and text, as the AI SDK sends them', async () => {
    const input = [{ role: 'user', content: '[[call:f {"city":"Paris"}]] Hello' }];
    const heard = await respond(stack, {
      model: claude,
      input,
      tools,
      reasoning: { effort: 'high', summary: 'auto' },
    });
    const items = heard.response.output ?? [];
    const references = items.map((item) =>
      item.type === 'function_call' ? item : { type: 'item_reference', id: item.id },
    );
    const second = await next(references);
    const sent = blocksOf(second).map((block) => Object.keys(block)[0]);
    expect(second.status).toBe(200);
    expect(sent.slice(1, 1 + items.length)).toEqual(
      items.map(({ type }) =>
        type === 'reasoning' ? 'reasoningContent' : type === 'message' ? 'text' : 'toolUse',
      ),
    );
    expect(JSON.stringify(blocksOf(second))).toContain(JSON.stringify(textOf(heard)).slice(1, -1));
  });

  test.each([2, 3])('R26 with references that nothing has it is refused, turn %i', async (turn) => {
    const heard = await respond(stack, captured(`ai-sdk/responses-turn${turn}`, claude));
    expect([heard.status, heard.error?.param]).toEqual([404, 'input']);
  });

  test('R27 a reference to unknown reasoning is ignored', async () => {
    const input = [
      user,
      { type: 'item_reference', id: 'rs_0123' },
      { role: 'assistant', content: 'A' },
      user,
    ];
    expect((await respond(stack, { model: claude, input })).status).toBe(200);
  });

  test('R28 a reference to an unknown text is a 404', async () => {
    const input = [user, { type: 'item_reference', id: 'msg_0123' }, user];
    const heard = await respond(stack, { model: claude, input });
    expect([heard.status, heard.error?.param, heard.error?.type]).toEqual([
      404,
      'input',
      'invalid_request_error',
    ]);
    expect(heard.error?.message).toContain("Item with id 'msg_0123' not found.");
  });

  test.each([2, 3, 4])('R80 thoughts as text, as pydantic-ai sends them, turn %i', async (turn) => {
    const [, call] = (await begun()).filter(({ type }) => type !== 'message');
    const { input, ...body } = captured(`pydantic-ai/responses-turn${turn}`, claude);
    // The state is in the id of a call that was made here.
    const first = input.find(({ call_id: id }) => id !== undefined)?.call_id;
    const withState = input.map((item) =>
      item.call_id !== undefined && item.call_id === first ? { ...item, call_id: call?.call_id } : item,
    );
    const heard = await respond(stack, { ...body, input: withState });
    const turns = heard.sent?.messages.filter(({ role }) => role === 'assistant') ?? [];
    expect(heard.status).toBe(200);
    expect(reasoningOf(heard)).toHaveLength(1);
    expect(JSON.stringify(turns[0])).not.toContain('<think>');
  });
});

describe('what would have to be stored', () => {
  const hello = { model: sonnet, input: 'Hello' };

  test('R30 an earlier response', async () => {
    const heard = await respond(stack, { ...hello, previous_response_id: 'resp_1' });
    expect([heard.status, heard.error?.code, heard.error?.param]).toEqual([
      400,
      'previous_response_not_found',
      'previous_response_id',
    ]);
  });

  test('N08 one of another key’s is as unknown as any', async () => {
    const records = ['one', 'two'].map((name) => ({ name, key: `sk-${name}` }));
    const own = await startStack({ env: { API_KEY: '', API_KEY_FILE: await keysFile(records) } });
    const as = (name: string) => ({ headers: { authorization: `Bearer sk-${name}` } });
    const { id } = (await respond(own, hello, as('one'))).response;
    const asked = ['resp_1', id].map((each) =>
      respond(own, { ...hello, previous_response_id: each }, as('two')),
    );
    const [unknown, others] = await Promise.all(asked);
    const said = JSON.stringify(others?.error).replace(String(id), 'resp_1');
    expect([others?.status, JSON.parse(said)]).toEqual([unknown?.status, unknown?.error]);
    await own.close();
  });

  test.each([true, false, undefined])('R31 store %s', async (store) => {
    const heard = await respond(stack, { ...hello, ...(store !== undefined && { store }) });
    expect([heard.status, heard.response.store]).toEqual([200, false]);
  });

  test('R32 an answer in the background', async () => {
    const { body } = readCapture('openai-node/responses-background');
    const heard = await respond(stack, { ...body, model: sonnet });
    expect([heard.status, heard.error?.code, heard.error?.param]).toEqual([
      400,
      'unsupported_parameter',
      'background',
    ]);
  });

  test('R33 a conversation', async () => {
    const { body } = readCapture('openai-node/responses-conversation');
    const heard = await respond(stack, { ...body, model: sonnet });
    expect([heard.status, heard.error?.param]).toEqual([404, 'conversation']);
  });

  test.each([
    ['GET', '/responses/resp_x'],
    ['GET', '/responses/resp_x?stream=true&starting_after=3'],
    ['DELETE', '/responses/resp_x'],
    ['POST', '/responses/resp_x/cancel'],
    ['GET', '/responses/resp_x/input_items'],
  ])('R34 %s %s', async (method, path) => {
    const headers = { authorization: `Bearer ${stack.apiKey}` };
    const answer = await fetch(`${stack.baseUrl}${path}`, { method, headers });
    const { error } = (await answer.json()) as { error: { message: string; type: string } };
    expect(answer.status).toBe(404);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toContain("Response with id 'resp_x' not found.");
  });
});

describe('R17 a WebSocket', () => {
  test('is refused in a way that clients go on from at once', async () => {
    const answer = await stack.get('/responses');
    expect(answer.status).toBe(426);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
