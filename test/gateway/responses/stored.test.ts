import { randomBytes } from 'node:crypto';
import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { list } from '../../../lambda/canonical/json.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { sonnet } from '../../support/asking-responses.ts';
import { runtimeCalls } from '../../support/chat.ts';
import { readCapture } from '../../support/responses-captures.ts';
import type { Stack } from '../../support/stack.ts';
import { as, clientOf, startStoring, storedItems } from '../../support/storing.ts';

/** Answers that are stored, asked for by OpenAI's own client. */

let stack: Stack;
let openai: OpenAI;
beforeAll(async () => {
  stack = await startStoring();
  openai = clientOf(stack);
});
beforeEach(() => stack.simulator.dynamoDb.forget());
afterAll(() => stack.close());

const model = sonnet;
const gpt = 'global.openai.gpt-5.6-sol';
const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: InstanceType<typeof OpenAI.APIError>) => [error.status, error.code ?? null, error.param ?? null],
  );
/** What was said to the model in its last call, as one text. */
const said = () =>
  JSON.stringify((runtimeCalls(stack).at(-1)?.body as ConverseRequest | undefined)?.messages);

/** The client's type lacks what says whether it is stored. */
type Answer = OpenAI.Responses.Response & { store?: boolean };

async function streamed(body: object): Promise<Answer> {
  const stream = await openai.responses.create({
    model,
    stream: true,
    ...body,
  } as OpenAI.Responses.ResponseCreateParamsStreaming);
  let last: unknown;
  for await (const event of stream) if ('response' in event) last = event.response;
  return last as Answer;
}
const whole = (body: object): Promise<Answer> =>
  openai.responses.create({ model, ...body } as OpenAI.Responses.ResponseCreateParamsNonStreaming);

describe.each([
  ['whole', whole],
  ['streamed', streamed],
])('an answer that is %s', (_, ask) => {
  test.each([model, gpt])('of %s is there afterwards as it was', async (model) => {
    const made = await ask({ model, input: 'Hello' });
    const { output_text: _, ...got } = await openai.responses.retrieve(made.id);
    const { output_text: _t, ...answer } = made;
    expect([made.store, made.status]).toEqual([true, 'completed']);
    expect(got).toEqual(answer);
  });

  test('store: false leaves nothing', async () => {
    const made = await ask({ input: 'Hello', store: false });
    expect([made.store, storedItems(stack)]).toEqual([false, []]);
    expect(await refusal(openai.responses.retrieve(made.id))).toEqual([404, null, null]);
  });

  test('chains by previous_response_id: each turn knows those before', async () => {
    const first = await ask({ input: 'My dog is called Bello.' });
    const second = await ask({ input: 'And my cat Mimi.', previous_response_id: first.id });
    const third = await ask({ input: 'Who are they?', previous_response_id: second.id });
    expect(third.previous_response_id).toBe(second.id);
    const texts = ['Bello', first.output_text, 'Mimi', second.output_text, 'Who are they?'].filter(Boolean);
    const at = texts.map((text) => said().indexOf(JSON.stringify(text).slice(1, -1)));
    expect(at.every((place) => place >= 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  test('appends to its conversation', async () => {
    const conversation = await openai.conversations.create({
      items: [{ role: 'user', content: 'My dog is called Bello.' }],
      metadata: { a: 'b' },
    });
    const made = await ask({ input: 'Hello', conversation: conversation.id });
    expect(made.conversation).toEqual({ id: conversation.id });
    expect(said()).toContain('Bello');
    await ask({ input: 'Who?', conversation: { id: conversation.id } });
    const items = await openai.conversations.items.list(conversation.id, { order: 'asc' });
    const roles = items.data.flatMap((item) => ('role' in item ? [item.role] : []));
    expect(roles).toEqual(['user', 'user', 'assistant', 'user', 'assistant']);
  });

  describe.each(['chain', 'conversation'])('a summary in a %s', (way) => {
    const trigger = { type: 'compaction_trigger' };
    async function talk(inputs: unknown[], model: string) {
      const conversation = way === 'conversation' ? (await openai.conversations.create({})).id : undefined;
      let last: Answer | undefined;
      for (const input of inputs) {
        const before = conversation ? { conversation } : last ? { previous_response_id: last.id } : {};
        last = await ask({ model, input, ...before });
      }
      return last;
    }
    const bello = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'My dog is called Bello.' },
    ];

    test.each([model, gpt])('takes the place of what it was made of: %s', async (model) => {
      await talk([bello, [{ role: 'user', content: 'And my cat Mimi.' }, trigger], 'Who are they?'], model);
      const sent = JSON.stringify(runtimeCalls(stack).at(-1)?.body);
      for (const text of ['Be brief.', 'Bello', 'Mimi', 'Summary of the conversation so far', 'Who are they'])
        expect(sent).toContain(text);
      expect(sent).not.toContain('You said: “My dog');
    });

    test('takes nothing’s place when it was cut off', async () => {
      const cut = [{ role: 'user', content: '[[stop:max_tokens]] And my cat Mimi.' }, trigger];
      await talk([bello, cut, 'Who are they?'], model);
      expect(said()).toContain('You said: “My dog');
      expect(said()).not.toContain('Summary of the conversation so far');
    });
  });

  test('says nothing false when it cannot be stored', async () => {
    stack.simulator.dynamoDb.failing.set('PutItem', { exception: 'InternalServerError', status: 500 });
    const made = await ask({ input: 'Hello' });
    expect([made.status, made.store]).toEqual(['completed', false]);
    expect(made).toMatchObject({ bedrock: { warnings: [expect.stringContaining('was not stored')] } });
    stack.simulator.dynamoDb.failing.clear();
    expect(await refusal(openai.responses.retrieve(made.id))).toEqual([404, null, null]);
  });
});

describe('R29 the AI SDK as it is set by default', () => {
  test('refers to what was said in the first turn, and the second knows it', async () => {
    const user = { role: 'user', content: 'My dog is called Bello.' };
    const first = await whole({ input: [user], reasoning: { effort: 'high', summary: 'auto' } });
    const references = first.output.map(({ id }) => ({ type: 'item_reference', id }));
    const second = await whole({
      input: [user, ...references, { role: 'user', content: 'What did you say?' }],
    });
    expect(second.status).toBe('completed');
    expect(said()).toContain(JSON.stringify(first.output_text).slice(1, -1));
  });

  test('the same of a model that speaks Responses', async () => {
    const first = await whole({ model: gpt, input: 'Hello' });
    const references = first.output.map(({ id }) => ({ type: 'item_reference', id }));
    await whole({
      model: gpt,
      input: [{ role: 'user', content: 'Hello' }, ...references, { role: 'user', content: 'B' }],
    });
    const sent = JSON.stringify(runtimeCalls(stack).at(-1)?.body);
    expect(sent).toContain(JSON.stringify(first.output_text).slice(1, -1));
    expect(sent).not.toContain('item_reference');
    expect(sent).toContain('"store":false');
  });

  test('R27, R28 what nothing has is as without a store', async () => {
    const ask = (id: string) =>
      whole({
        input: [
          { role: 'user', content: 'A' },
          { type: 'item_reference', id },
          { role: 'user', content: 'B' },
        ],
      });
    expect(await refusal(ask('msg_0123'))).toEqual([404, null, 'input']);
    expect((await ask('rs_0123')).status).toBe('completed');
  });
});

describe('what is stored', () => {
  test('is listed with what was said before, the newest first', async () => {
    const first = await whole({ input: 'One' });
    const second = await whole({ input: [{ role: 'user', content: 'Two' }], previous_response_id: first.id });
    const texts = (items: object[]) => items.flatMap((item) => ('role' in item ? [item.role] : []));
    const page = await openai.responses.inputItems.list(second.id, { limit: 2 });
    expect([texts(page.data), page.has_more]).toEqual([['user', 'assistant'], true]);
    const all: object[] = [];
    for await (const item of openai.responses.inputItems.list(second.id, { limit: 1, order: 'asc' }))
      all.push(item);
    expect(texts(all)).toEqual(['user', 'assistant', 'user']);
  });

  test('is gone when it has been deleted, and so is the chain', async () => {
    const first = await whole({ input: 'One' });
    const second = await whole({ input: 'Two', previous_response_id: first.id });
    await openai.responses.delete(first.id);
    expect(await refusal(openai.responses.retrieve(first.id))).toEqual([404, null, null]);
    expect(await refusal(openai.responses.delete(first.id))).toEqual([404, null, null]);
    expect(await refusal(whole({ input: 'Three', previous_response_id: second.id }))).toEqual([
      400,
      'previous_response_not_found',
      'previous_response_id',
    ]);
  });

  test('is one key’s alone, and shows nothing to whoever reads the table', async () => {
    const made = await whole({ input: 'My dog is called Bello.' });
    const { id } = await openai.conversations.create({ items: [{ role: 'user', content: 'Bello' }] });
    const other = clientOf(stack, 'two');
    const unknown = 'resp_00000000000000000000000000000000';
    const words = async (answer: Promise<unknown>, id: string) =>
      String(await answer.catch((error) => error.message)).replace(id, 'ID');
    for (const call of [
      (each: string) => other.responses.retrieve(each),
      (each: string) => other.responses.delete(each),
      (each: string) => other.responses.inputItems.list(each),
      (each: string) => other.responses.create({ model, input: 'A', previous_response_id: each }),
    ]) {
      expect(await words(call(made.id), made.id)).toBe(await words(call(unknown), unknown));
    }
    expect(await refusal(other.conversations.retrieve(id))).toEqual([404, null, null]);
    expect(await refusal(other.responses.create({ model, input: 'A', conversation: id }))).toEqual([
      404,
      null,
      'conversation',
    ]);
    const referring = [
      { role: 'user' as const, content: 'A' },
      ...made.output.map((item) => ({ type: 'item_reference' as const, id: String(item.id) })),
      { role: 'user' as const, content: 'A' },
    ];
    expect((await refusal(other.responses.create({ model, input: referring })))?.[0]).toBe(404);
    expect(JSON.stringify(storedItems(stack))).not.toMatch(/Bello|resp_|conv_|"one"/);
    expect((await openai.responses.retrieve(made.id)).id).toBe(made.id);
  });

  test('may be larger than an item of DynamoDB', async () => {
    const text = randomBytes(900_000).toString('base64');
    const made = await whole({ input: `Remember ${text}` });
    expect(storedItems(stack).length).toBeGreaterThan(1);
    const { data } = await openai.responses.inputItems.list(made.id);
    expect(JSON.stringify(data)).toContain(text);
  });

  test('does not become more than a request may send, however often it is named', async () => {
    const made = await whole({ input: [{ role: 'user', content: 'x'.repeat(1_000_000) }] });
    const { data } = await openai.responses.inputItems.list(made.id);
    const id = data[0]?.id;
    const input = Array.from({ length: 400 }, () => ({ type: 'item_reference', id }));
    const calls = runtimeCalls(stack).length;
    expect((await refusal(whole({ input })))?.[0]).toBe(413);
    expect(runtimeCalls(stack).length).toBe(calls);
    const strange = Array.from({ length: 501 }, (_, i) => ({ type: 'item_reference', id: `msg_${i}` }));
    expect(await refusal(whole({ input: strange }))).toEqual([400, null, 'input']);
  });

  test('cannot be streamed again or cancelled, and background is refused', async () => {
    const { id } = await whole({ input: 'One' });
    expect(await refusal(openai.responses.retrieve(id, { stream: true }))).toEqual([400, null, 'stream']);
    expect((await refusal(openai.responses.cancel(id)))?.[0]).toBe(400);
    expect(await refusal(whole({ input: 'One', background: true }))).toEqual([
      400,
      'unsupported_parameter',
      'background',
    ]);
  });

  test('is not claimed while the table is throttled, and the log says so', async () => {
    stack.logs.length = 0;
    const failure = { exception: 'ProvisionedThroughputExceededException', status: 400 };
    stack.simulator.dynamoDb.failing.set('PutItem', failure);
    const answer = await stack.post('/responses', { model, input: 'Hello' }, as('one'));
    expect(await answer.json()).toMatchObject({ status: 'completed', store: false });
    expect(answer.headers.get('x-gateway-warnings')).toContain('was not stored');
    const message = 'store: an answer was not stored';
    expect(stack.logs).toContainEqual(expect.objectContaining({ level: 'warn', message }));
  });

  test.each([model, gpt])(
    'of %s that breaks off says one thing of itself in all its events, and is not there',
    async (model) => {
      const body = { model, stream: true, input: '[[reset-mid-stream:3]] Hello' };
      const text = await (await stack.post('/responses', body, as('one'))).text();
      const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
      const told = events.flatMap(({ response }) => response ?? []);
      expect(told.map(({ status }) => status)).toEqual(['in_progress', 'in_progress', 'failed']);
      for (const member of ['id', 'model', 'store', 'created_at', 'previous_response_id'])
        expect(new Set(told.map((each) => each[member])).size, member).toBe(1);
      expect(await refusal(openai.responses.retrieve(told[0].id))).toEqual([404, null, null]);
    },
  );

  test('that cannot be looked up is a 503, before any model is asked', async () => {
    const { id } = await whole({ input: 'One' });
    const calls = runtimeCalls(stack).length;
    stack.simulator.dynamoDb.failing.set('Query', { exception: 'InternalServerError', status: 500 });
    const answer = await stack.post('/responses', { model, input: 'A', previous_response_id: id }, as('one'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ error: { code: 'store_unavailable' } });
    expect(runtimeCalls(stack).length).toBe(calls);
  });

  test('an unknown conversation and two histories are refused', async () => {
    expect(await refusal(whole({ input: 'A', conversation: 'conv_x' }))).toEqual([404, null, 'conversation']);
    const both = { input: 'A', conversation: 'conv_x', previous_response_id: 'resp_x' };
    expect(await refusal(whole(both))).toEqual([400, null, 'previous_response_id']);
    expect(await refusal(whole({ input: 'A', previous_response_id: 'x'.repeat(100_000) }))).toEqual([
      400,
      'previous_response_not_found',
      'previous_response_id',
    ]);
  });

  test('errors name the client’s own items', async () => {
    const { id } = await whole({ input: 'One' });
    const answer = await stack.post(
      '/responses',
      { model, previous_response_id: id, input: [{ role: 'x' }] },
      as('one'),
    );
    expect(await answer.json()).toMatchObject({ error: { param: 'input[0].role' } });
  });
});

describe('conversations', () => {
  test('items are added, read, listed and taken out', async () => {
    const { id } = await openai.conversations.create();
    const added = await openai.conversations.items.create(id, {
      items: ['A', 'B'].map((content) => ({ type: 'message', role: 'user', content })),
    });
    const [a, b] = added.data.map((item) => String(item.id));
    expect(await openai.conversations.items.retrieve(String(a), { conversation_id: id })).toMatchObject({
      role: 'user',
    });
    expect(await openai.conversations.items.delete(String(a), { conversation_id: id })).toMatchObject({ id });
    const rest = await openai.conversations.items.list(id);
    expect(rest.data.map((item) => item.id)).toEqual([b]);
    expect(await refusal(openai.conversations.items.retrieve(String(a), { conversation_id: id }))).toEqual([
      404,
      null,
      null,
    ]);
  });

  test('metadata is changed, and all of it deleted', async () => {
    const { id, metadata } = await openai.conversations.create({ metadata: { a: 'b' } });
    const changed = await openai.conversations.update(id, { metadata: { c: 'd' } });
    expect([metadata, changed.metadata]).toEqual([{ a: 'b' }, { c: 'd' }]);
    expect(await openai.conversations.delete(id)).toMatchObject({ id, deleted: true });
    expect([await refusal(openai.conversations.retrieve(id)), storedItems(stack)]).toEqual([
      [404, null, null],
      [],
    ]);
  });

  test.each([
    ['GET', '/conversations'],
    ['DELETE', '/conversations'],
    ['GET', '/conversations/ID/other'],
    ['DELETE', '/conversations/ID/items'],
    ['GET', '/conversations/ID/items/msg_1/more'],
    ['PUT', '/conversations/ID'],
    ['GET', '/conversations/conv_nothing'],
    ['GET', '/conversations/ID/items/msg_1'],
  ])('%s %s is refused', async (method, path) => {
    const { id } = await openai.conversations.create();
    const answer = await fetch(`${stack.baseUrl}${path.replace('ID', id)}`, { method, headers: as('one') });
    expect(answer.status).toBe(method === 'PUT' ? 405 : 404);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test.each([
    { items: 'x' },
    { items: [1] },
    { items: [{}] },
    { items: Array(21).fill({ role: 'user', content: 'A' }) },
    { metadata: 'x' },
    { metadata: { a: 1 } },
    { metadata: { a: 'x'.repeat(513) } },
  ])('%j is a 400', async (body) => {
    const answer = await stack.post('/conversations', body, as('one'));
    expect([answer.status, storedItems(stack)]).toEqual([400, []]);
  });

  test('what cannot be written is a 503', async () => {
    stack.simulator.dynamoDb.failing.set('PutItem', { exception: 'InternalServerError', status: 500 });
    expect(await refusal(openai.conversations.create())).toEqual([503, 'store_unavailable', null]);
  });

  test('answers at once lose nothing of each other', async () => {
    const { id } = await openai.conversations.create();
    await Promise.all(['One', 'Two', 'Three'].map((input) => whole({ input, conversation: id })));
    const items = await openai.conversations.items.list(id);
    const inputs = items.data.filter((item) => 'role' in item && item.role === 'user');
    expect([inputs.length, new Set(items.data.map((item) => item.id)).size]).toEqual([3, items.data.length]);
  });
});

describe('other routes', () => {
  test('that has become too large to be read can be deleted', async () => {
    const { id } = await openai.conversations.create({});
    const items = [{ role: 'user', content: 'x'.repeat(5_200_000) }];
    for (let i = 0; i < 5; i += 1)
      expect((await stack.post(`/conversations/${id}/items`, { items }, as('one'))).status).toBe(200);
    expect((await refusal(openai.conversations.retrieve(id)))?.[0]).toBe(413);
    expect((await refusal(clientOf(stack, 'two').conversations.delete(id)))?.[0]).toBe(404);
    expect(await openai.conversations.delete(id)).toEqual({ id, object: 'conversation.deleted', deleted: true }); // biome-ignore format: one line
    expect(storedItems(stack)).toEqual([]);
    expect((await refusal(openai.conversations.delete(id)))?.[0]).toBe(404);
  });

  test('counting and compacting know what was said before', async () => {
    const { id } = await whole({ input: `My dog is called Bello. ${'He barks. '.repeat(200)}` });
    const count = async (body: object) => {
      const answer = await stack.post('/responses/input_tokens', { model, input: 'A', ...body }, as('one'));
      return ((await answer.json()) as { input_tokens: number }).input_tokens;
    };
    expect((await count({ previous_response_id: id })) - (await count({}))).toBeGreaterThan(300);
    const compacted = await openai.responses.compact({ model, previous_response_id: id });
    expect(JSON.stringify(compacted.output)).toContain('Bello');
    expect(compacted.output.filter(({ type }) => type === 'compaction')).toHaveLength(1);
    const [item] = (await openai.responses.inputItems.list(id)).data;
    const input = [
      { type: 'item_reference', id: item?.id },
      { role: 'user', content: 'And Mimi.' },
    ];
    const referring = await openai.responses.compact({ model, input } as never);
    expect(referring.output.map(({ type }) => type)).toEqual(['message', 'message', 'compaction']);
    expect(JSON.stringify(referring.output)).toMatch(/Bello.*Mimi/);
  });

  test.each(['openai-node', 'agents-js', 'ai-sdk'])('%s goes on from a response', async (client) => {
    const capture = readCapture(`${client}/responses-previous-id`);
    const tools = [
      {
        type: 'function',
        name: 'get_weather',
        parameters: { type: 'object', properties: {} },
        strict: false,
      },
    ];
    const first = await whole({ input: '[[call:get_weather {}]] Hello', tools });
    const call = first.output.find((item) => item.type === 'function_call');
    const input = list(capture.body?.input).map((item) =>
      item.call_id === undefined ? item : { ...item, call_id: call?.call_id },
    );
    const second = await whole({ ...capture.body, model, input, previous_response_id: first.id });
    expect([second.status, second.previous_response_id]).toEqual(['completed', first.id]);
    expect(said()).toContain('get_weather');
  });
});

/* From here on each test has a gateway of its own, to whose Bedrock the processes of the first cannot come back. */

describe('a store of another kind', () => {
  test('is not of callers whom no key tells apart', async () => {
    const own = await startStoring({ env: { CALLER_CREDENTIALS: 'without-key' } });
    const headers = {
      authorization: 'Bearer sk-made-up',
      'x-aws-access-key-id': 'AKIAIOSFODNN7EXAMPLE',
      'x-aws-secret-access-key': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    };
    const answer = await own.post('/responses', { model, input: 'Hello' }, headers);
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ store: false })]);
    const next = await own.post('/responses', { model, input: 'A', previous_response_id: 'resp_1' }, headers);
    expect([next.status, (await own.post('/conversations', {}, headers)).status]).toEqual([400, 404]);
    expect(storedItems(own)).toEqual([]);
    await own.close();
  });

  test('in memory', async () => {
    const own = await startStoring({ env: { STORE: 'memory' } });
    const client = clientOf(own);
    const first = await client.responses.create({ model, input: 'My dog is called Bello.' });
    await client.responses.create({ model, input: 'Who?', previous_response_id: first.id });
    expect(JSON.stringify(runtimeCalls(own).at(-1)?.body)).toContain('Bello');
    expect((await client.responses.retrieve(first.id)).output_text).toBe(first.output_text);
    await client.responses.delete(first.id);
    expect(await refusal(client.responses.retrieve(first.id))).toEqual([404, null, null]);
    expect(own.simulator.dynamoDb.calls).toEqual([]);
    await own.close();
  });

  test('that does not exist holds up no answer', async () => {
    const own = await startStoring({ env: { STORE: 'no-such-table' } });
    const answer = await own.post('/responses', { model, input: 'Hello' }, as('one'));
    expect([answer.status, ((await answer.json()) as Answer).store]).toEqual([200, false]);
    const next = await own.post(
      '/responses',
      { model, input: 'A', previous_response_id: 'resp_1' },
      as('one'),
    );
    expect(next.status).toBe(503);
    await own.close();
  });

  test('none: there are no conversations, and nothing says so differently than of any path', async () => {
    const own = await startStoring({ env: { STORE: '' } });
    const answer = await own.post('/conversations', {}, as('one'));
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: expect.objectContaining({ code: 'unknown_url' }) },
    ]);
    await own.close();
  });
});

describe.each([
  ['whole', whole],
  ['streamed', streamed],
])('an answer of a technique, %s', (_, ask) => {
  test('is stored as well', async () => {
    const own = await startStoring({ env: { ENABLE_OPTIMISATION: 'true' } });
    const client = clientOf(own);
    const asked = { model, input: 'Hello', optimisation: 're2' };
    const answer =
      ask === whole
        ? await client.responses.create(asked)
        : await client.responses.stream(asked).finalResponse();
    expect((await client.responses.retrieve(answer.id)).output_text).toBe(answer.output_text);
    await own.close();
  });
});
