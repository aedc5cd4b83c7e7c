import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runtimeCalls } from '../../support/chat.ts';
import type { Stack } from '../../support/stack.ts';
import { as, clientOf, startStoring } from '../../support/storing.ts';

/** What Converse takes, a model that speaks Responses itself takes as well, whichever way the gateway asks it. */

const gpt = 'global.openai.gpt-5.6-sol';
const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
let stack: Stack;
beforeAll(async () => {
  const MODEL_ALIASES = JSON.stringify({
    bounded: { model: gpt, inferenceConfig: { maxTokens: 77 } },
    stopped: { model: gpt, inferenceConfig: { stopSequences: ['STOP'] } },
    claude: { model: haiku, inferenceConfig: { temperature: 0.3, stopSequences: ['STOP'] } },
  });
  stack = await startStoring({ env: { MODEL_ALIASES, AWS_MAX_ATTEMPTS: '3' } });
});
afterAll(() => stack.close());
beforeEach(() => {
  stack.simulator.calls.length = 0;
});

const sent = () => runtimeCalls(stack).at(-1);
async function ask(body: object, headers: Record<string, string> = {}) {
  const response = await stack.post(
    '/responses',
    { model: gpt, input: 'Hi', ...body },
    { ...as('one'), ...headers },
  );
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const said = { role: 'user', content: 'Hi' };
const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];
const call = (more = {}) => ({
  type: 'function_call',
  call_id: 'call_1',
  name: 'look',
  arguments: '{}',
  ...more,
});
const result = (more = {}) => ({ type: 'function_call_output', call_id: 'call_1', output: 'ok', ...more });
const patch = {
  type: 'apply_patch_call',
  call_id: 'c1',
  status: 'completed',
  operation: { type: 'delete_file', path: 'a' },
};
const shell = {
  type: 'local_shell_call',
  id: 'lsh_1',
  call_id: 'c1',
  status: 'completed',
  action: { type: 'exec', command: ['ls'], env: {} },
};
const long = `call_${'x'.repeat(70)}`;
const mark = { cache_control: { type: 'ephemeral' } };
const text = (more = {}) => ({ type: 'input_text', text: 'a', ...more });

test.each<[string, object]>([
  ['a call without its result', { input: [said, call(), said], tools }],
  ['a result without its call', { input: [said, result()], tools }],
  ['a long id', { input: [said, call({ call_id: long }), result({ call_id: long })], tools }],
  ['a name with a dot', { tools: [{ ...tools[0], name: 'files.look' }] }],
  ['such a name in the history', { input: [said, call({ name: 'files.look' }), result()], tools }],
  ['what a hosted tool has left', { input: [said, { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } }, said] }],
  ['a patch without its result', { input: [said, patch, said] }],
  ['a result without its patch', { input: [said, { type: 'apply_patch_call_output', call_id: 'c1', status: 'completed', output: 'x' }, said] }],
  ['a search without its result', { input: [said, { type: 'tool_search_call', call_id: 'c1', execution: 'client', arguments: { query: 'a' } }, said] }],
  ['a shell without its result', { input: [said, shell, said] }],
  ['a shell whose result has the id of its item', { input: [said, shell, { type: 'local_shell_call_output', id: 'lsh_1', output: 'x' }, said] }],
  ['a shell that has no id but the item’s', { input: [said, { ...shell, call_id: undefined }, { type: 'local_shell_call_output', id: 'lsh_1', output: 'x' }, said] }],
  ['JSON that only an id speaks of', { input: [said, call({ call_id: 'json_1' }), result({ call_id: 'json_1' })], tools, text: { format: { type: 'json_object' } } }],
  ['arguments as an object', { input: [said, call({ arguments: {} }), result()], tools }],
  ['a schema without a type', { tools: [{ ...tools[0], parameters: { properties: { a: { type: 'string' } } } }] }],
  ['an empty schema', { tools: [{ ...tools[0], parameters: {} }] }],
  ['a choice by its name elsewhere', { tools, tool_choice: 'any' }],
  ['a tool with a mark for the cache', { tools: [{ ...tools[0], ...mark }] }],
  ['JSON that no text speaks of', { text: { format: { type: 'json_object' } } }],
  ['no summary of reasoning', { reasoning: { summary: 'none', effort: 'low' } }],
  ['a long name for the cache', { prompt_cache_key: 'k'.repeat(65) }],
  ['a file as base64 alone', { input: [{ role: 'user', content: [text(), { type: 'input_file', filename: 'a.csv', file_data: 'YSxi' }] }] }],
  ['a file without a type', { input: [{ role: 'user', content: [text(), { type: 'input_file', filename: 'a.csv', file_data: 'data:;base64,YSxi' }] }] }],
  ['five marks', { input: [{ role: 'user', content: Array.from({ length: 5 }, () => text(mark)) }] }],
])('%s', async (_, body) => {
  const status = async (path?: string) => (await ask(body, path ? { 'x-gateway-path': path } : {})).status;
  expect([await status('converse'), await status()]).toEqual([200, 200]);
}); // biome-ignore format: a table

test('what only Converse mends is a clear 400 where the native way is demanded', async () => {
  const { status, text: words } = await ask(
    { input: [said, call(), said], tools },
    { 'x-gateway-path': 'native' },
  );
  expect([status, JSON.parse(words).error.message]).toEqual([
    400,
    expect.stringContaining('calls without results'),
  ]);
});

test('a history whose ids another key has sealed', async () => {
  const as_ = async (key: string, body: object) => stack.post('/responses', { model: gpt, ...body }, as(key));
  const first = (await (
    await as_('one', { input: 'Use the tool', tools, tool_choice: { type: 'function', name: 'look' } })
  ).json()) as { output: { type: string; call_id?: string }[] };
  const made = first.output.find(({ type }) => type === 'function_call');
  const input = [said, made, { type: 'function_call_output', call_id: made?.call_id, output: 'ok' }];
  expect((await as_('two', { input, tools })).status).toBe(200);
});

describe('defaults of an alias', () => {
  test('hold where a client says null', async () => {
    await ask({ model: 'bounded', max_output_tokens: null });
    expect(sent()?.body).toMatchObject({ max_output_tokens: 77 });
    const messages = [{ role: 'user', content: 'Hi' }];
    const nothing = { temperature: null, stop_sequences: null };
    await stack.post('/messages', { model: 'claude', max_tokens: 50, messages, ...nothing }, as('one'));
    expect(sent()?.body).toMatchObject({ temperature: 0.3, stop_sequences: ['STOP'] });
  });

  test('of stop sequences are minded by the gateway: the API has none', async () => {
    expect((await ask({ model: 'stopped' })).status).toBe(200);
    expect(sent()?.operation).toBe('Converse');
  });
});

test('a PDF as base64 alone is read by the model itself', async () => {
  const file = { filename: 'a', file_data: Buffer.from('%PDF-1.4').toString('base64') };
  const { status } = await ask({ input: [{ role: 'user', content: [{ type: 'input_file', ...file }] }] });
  expect([status, sent()?.operation]).toEqual([200, 'CreateResponse']);
  expect(JSON.stringify(sent()?.body)).toContain('data:application/pdf;base64,');
});

describe('marks for the cache', () => {
  const marks = () => JSON.stringify(sent()?.body).match(/prompt_cache_breakpoint/g)?.length ?? 0;

  test.each<[string, object]>([
    ['of a part, in Anthropic’s words', { role: 'user', content: [text(mark), text()] }],
    ['of a message', { role: 'user', content: 'Hi', ...mark }],
    ['of a message with parts', { role: 'user', content: [text(), text()], ...mark }],
    [
      'in OpenAI’s words',
      { role: 'user', content: [text({ prompt_cache_breakpoint: { mode: 'explicit' } })] },
    ],
  ])('reach the model: %s', async (_, item) => {
    expect((await ask({ input: [item] })).status).toBe(200);
    expect([sent()?.operation, marks()]).toEqual(['CreateResponse', 1]);
  });

  test('of more than four the last stay, with a warning', async () => {
    const content = Array.from({ length: 6 }, (_, i) => text({ text: `part ${i}`, ...mark }));
    const { headers } = await ask({ input: [{ role: 'user', content }] });
    expect(marks()).toBe(4);
    expect(JSON.stringify(sent()?.body)).toContain('{"type":"input_text","text":"part 1"}');
    expect(headers.get('x-gateway-warnings')).toContain('2 marks for the cache');
  });

  test('of tools are left out and named', async () => {
    const { headers } = await ask({ tools: [{ ...tools[0], ...mark }] });
    expect([marks(), headers.get('x-gateway-ignored')]).toEqual([
      0,
      expect.stringContaining('cache_control'),
    ]);
  });
});

test('a stored conversation without more input is compacted', async () => {
  const openai = clientOf(stack);
  const items = [{ type: 'message' as const, role: 'user' as const, content: 'My dog is Bello.' }];
  const { id } = await openai.conversations.create({ items });
  const { output } = await openai.responses.compact({ model: haiku, conversation: id } as never);
  expect(output.filter(({ type }) => type === 'compaction')).toHaveLength(1);
});

test('what a model cites is no reason to ask another one by Converse', async () => {
  const input = [{ role: 'user', content: '[[citations]] Hi' }];
  const { output } = JSON.parse((await ask({ model: haiku, input })).text);
  expect(JSON.stringify(output)).toMatch(/"file_citation".*"url_citation"/);
  stack.simulator.calls.length = 0;
  const { status, headers } = await ask({ input: [...input, ...output, said] });
  expect([status, headers.get('x-gateway-warnings')]).toEqual([200, expect.not.stringContaining('Converse')]);
  expect(runtimeCalls(stack).map(({ operation }) => operation)).toEqual(['CreateResponse']);
});

test('a stored answer is kept whatever its text holds', async () => {
  for (const model of [gpt, haiku]) {
    const body = { model, input: 'Hi', instructions: 'a\u2028b\u2029c', stream: true };
    const events = (await (await stack.post('/responses', body, as('one'))).text()).trim().split('\n\n');
    const { response } = JSON.parse(events.at(-1)?.split('\ndata: ')[1] ?? '');
    const kept = await stack.get(`/responses/${response.id}`, as('one'));
    expect([response.store, kept.status]).toEqual([true, 200]);
  }
});

test('a text of another type in a document of a message', async () => {
  const source = { type: 'text', media_type: 'text/markdown', data: '# Sky' };
  const content = [
    { type: 'document', source },
    { type: 'text', text: 'What is it?' },
  ];
  const body = { model: haiku, max_tokens: 50, messages: [{ role: 'user', content }] };
  expect((await stack.post('/messages', body, as('one'))).status).toBe(200);
  expect(sent()?.operation).toBe('InvokeModel');
});
