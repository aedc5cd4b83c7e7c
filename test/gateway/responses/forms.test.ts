import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../lambda/canonical/types.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/**
 * Forms in which clients write the same request: what a model is asked by Converse it is asked in its own Responses too,
 * whose validation is strict, and mostly without a call that is refused first.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const gpt = 'global.openai.gpt-5.6-sol';
const image = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='; // biome-ignore format: one line
const user = { role: 'user', content: 'Hi' };
const f = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } };
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }; // biome-ignore format: one line
const call = (more: JsonObject = {}) => ({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}', ...more }); // biome-ignore format: one line
const result = (more: JsonObject = {}) => ({ type: 'function_call_output', call_id: 'c', output: 'ok', ...more }); // biome-ignore format: one line
const patched = (more: JsonObject): JsonObject[] => [
  user,
  { type: 'apply_patch_call', call_id: 'c', operation: { type: 'delete_file', path: 'a' } },
  { type: 'apply_patch_call_output', call_id: 'c', ...more },
];
const found = (tool: Json): JsonObject => ({
  tools: [{ type: 'tool_search', execution: 'client' }],
  input: [
    user,
    { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'a' } },
    { type: 'tool_search_output', call_id: 'c', execution: 'client', tools: [tool] },
  ],
});

async function ask(body: JsonObject, headers?: Record<string, string>) {
  const before = stack.simulator.calls.length;
  const response = await stack.post('/responses', { model: gpt, ...body }, headers);
  const { error } = (await response.json()) as { error?: { message: string } | null };
  return {
    status: response.status,
    error: error?.message,
    ignored: response.headers.get('x-gateway-ignored'),
    operations: stack.simulator.calls.slice(before).map(({ operation }) => operation),
  };
}

const texts = { input_text: { type: 'input_text', text: 'a' }, output_text: { type: 'output_text', text: 'a' }, text: { type: 'text', text: 'a' }, string: 'a' }; // biome-ignore format: one line
const messages = ['user', 'assistant', 'system', 'developer'].flatMap((role) => [
  ...Object.entries(texts).map(([name, part]): [string, JsonObject] => [
    `${name} of ${role}`,
    { input: [user, { role, content: [part] }, user] },
  ]),
  [`no content of ${role}`, { input: [user, { role, content: null }, user] }] as [string, JsonObject],
]);
const results = Object.entries({ ...texts, nothing: null, image: { type: 'input_image', image_url: image, detail: 'original', extra: 1 } }).map(([name, part]): [string, JsonObject] => [`a result: ${name}`, { tools: [f], input: [user, call(), result({ output: part === null ? null : [part] })] }]); // biome-ignore format: one line
const states = ['failed', 'odd', null].flatMap((status): [string, JsonObject][] => [
  [`status ${status} of a call`, { tools: [f], input: [user, call({ status }), result({ status })] }],
  [`status ${status} of a message`, { input: [user, { role: 'assistant', content: 'a', status, phase: status }, user] }],
  [`status ${status} of a patch`, { tools: [{ type: 'apply_patch' }], input: patched({ status, output: 'a' }) }],
]); // biome-ignore format: a table
const tools: [string, Json][] = [
  ['nested', { type: 'function', function: { name: 'f', parameters: {} } }],
  ['without a type', { name: 'f', parameters: {} }],
  ['with a type of null', { type: null, name: 'f' }],
  ['with notes of the client', { ...f, note: 1, cache_control: { type: 'ephemeral' } }],
  ['custom, nested', { type: 'custom', custom: { name: 'f' } }],
  ['a nested grammar', { type: 'custom', name: 'f', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } } }],
  ['a namespace that says nothing of itself', { type: 'namespace', name: 'n', tools: [f] }],
  ['an empty namespace', { type: 'namespace', name: 'n', description: 'd', tools: [] }],
  ['a namespace of what nobody runs', { type: 'namespace', name: 'n', description: 'd', tools: [{ type: 'web_search' }, { type: 'namespace', name: 'm', description: 'd', tools: [f] }] }],
  ['of OpenAI’s', { type: 'file_search', vector_store_ids: ['a'] }],
]; // biome-ignore format: a table
const offers = tools.flatMap(([name, tool]): [string, JsonObject][] => [
  [`a tool ${name}`, { tools: [tool], input: 'Hi' }],
  [`an additional tool ${name}`, { input: [{ type: 'additional_tools', tools: [tool] }, user] }],
  [`a tool that was found, ${name}`, found(tool)],
]);
const choices: [string, Json][] = [
  ['nested', { type: 'function', function: { name: 'f' } }],
  ['without a type', { name: 'f' }],
  ['a mode as an object', { type: 'auto' }],
  ['a demand as an object', { type: 'any' }],
  ['allowed tools, nested', { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] } }],
  ['allowed tools without a mode', { type: 'allowed_tools', tools: [{ type: 'function', name: 'f' }] }],
  ['allowed tools, some of them OpenAI’s', { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'web_search' }, { type: 'function', name: 'f' }] }],
  ['none that is there is allowed', { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'web_search' }] }],
]; // biome-ignore format: a table
const choosing = choices.map(([name, tool_choice]): [string, JsonObject] => [
  `a choice: ${name}`,
  { tools: [f, { type: 'web_search' }], tool_choice, input: 'Hi' },
]);
const formats: [string, Json][] = [
  ['text with members of others', { type: 'text', json_schema: null, schema: null }],
  ['JSON that needs no schema', { type: 'json_object', schema: null }],
  ['a schema without a name', { type: 'json_schema', schema }],
  ['a schema with a name that is none', { type: 'json_schema', name: 'a b', schema, description: null }],
  ['a schema with a long name', { type: 'json_schema', name: 'a'.repeat(65), schema }],
  ['a nested schema', { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } }],
  ['a schema with notes of the client', { type: 'json_schema', name: 'a', schema, json_schema: null, note: 1 }],
]; // biome-ignore format: a table
const formed = formats.map(([name, format]): [string, JsonObject] => [`a format: ${name}`, { text: { format }, input: 'JSON' }]); // biome-ignore format: one line
const others: [string, JsonObject][] = [
  ['the id of a call on its result', { tools: [f], input: [user, call({ id: 'fc_1' }), result({ id: 'fc_1' })] }],
  ['an id that is too long on a result', { tools: [f], input: [user, call(), result({ id: 'a'.repeat(65) })] }],
  ['an id twice', { input: [user, { type: 'message', id: 'msg_1', role: 'assistant', content: 'a' }, user, { type: 'message', id: 'msg_1', role: 'assistant', content: 'b' }, user] }],
  ['a patch that wrote parts', { tools: [{ type: 'apply_patch' }], input: patched({ output: [texts.input_text], status: 'in_progress' }) }],
  ['no earlier summary is wanted', { reasoning: { effort: 'low', generate_summary: 'none' }, input: 'Hi' }],
  ['a demand without tools', { tool_choice: 'required', input: 'Hi' }],
  ['a time that prompts are not kept for', { prompt_cache_options: { mode: 'explicit', ttl: '12h' }, input: 'Hi' }],
  ['the message of an agent', { input: [user, { type: 'agent_message', author: '/a', recipient: '/b', content: [texts.input_text] }] }],
]; // biome-ignore format: a table

describe('the form that a client has for it', () => {
  test.each([...messages, ...results, ...states, ...offers, ...choosing, ...formed, ...others])(
    'goes to the model’s own Responses in OpenAI’s: %s',
    async (_, body) => {
      expect(await ask(body)).toMatchObject({ status: 200, operations: ['CreateResponse'] });
      expect((await ask(body, { 'x-gateway-path': 'converse' })).status).toBe(200);
    },
  );
});

describe('what nobody has there', () => {
  test.each<[string, JsonObject]>([
    ['an image of the assistant’s', { input: [user, { role: 'assistant', content: [{ type: 'input_image', image_url: image }] }, user] }],
    ['a patch that drew', { input: patched({ output: [{ type: 'input_image', image_url: image }] }) }],
    ['a namespace with a name that is none', { input: [user, call({ namespace: 'a b' }), result()] }],
    ['JSON of a schema that is no `json_schema`', { text: { format: { type: 'json_object', schema } }, input: 'JSON' }],
    ['a computer that nobody answers for', { input: [{ type: 'computer_call', id: 'cu_1', call_id: 'c', action: {} }, user] }],
    ['a shell that was found', { ...found({ type: 'shell' }), reasoning: { effort: 'none' } }],
  ])('goes by Converse at once: %s', async (_, body) => {
    expect(await ask(body)).toMatchObject({ status: 200, operations: ['Converse'] });
  }); // biome-ignore format: a table

  test.each<[string, JsonObject]>([
    ['an item that is newer than this', { input: [user, { type: 'hologram', depth: 3 }, user] }],
    ['a snapshot of a client’s', { input: [{ type: 'ghost_snapshot', ghost_commit: {} }, user] }],
    ['what is to be included', { include: ['odd'], input: 'Hi' }],
    ['how a conversation is to be managed', { context_management: [{ type: 'odd' }], input: 'Hi' }],
    ['a context of thoughts', { reasoning: { context: 'odd' }, input: 'Hi' }],
    ['a custom tool that is chosen as a function', { tools: [{ type: 'custom', name: 'f' }], tool_choice: { type: 'function', name: 'f' }, input: 'Hi' }],
    ['a namespace that is chosen', { tools: [{ type: 'namespace', name: 'n', description: 'd', tools: [f] }], tool_choice: { type: 'namespace', name: 'n' }, input: 'Hi' }],
  ])('goes by Converse when it is refused: %s', async (_, body) => {
    expect(await ask(body)).toMatchObject({ status: 200, operations: ['CreateResponse', 'Converse'] });
  }); // biome-ignore format: a table

  test.each<[string, JsonObject]>([
    ['reasoning.max_tokens', { reasoning: { max_tokens: 1000 }, input: 'Hi' }],
    ['text.tone', { text: { tone: 'kind' }, input: 'Hi' }],
  ])('is left out when it is refused, and named: %s', async (name, body) => {
    expect(await ask(body)).toMatchObject({
      status: 200,
      ignored: name,
      operations: ['CreateResponse', 'CreateResponse'],
    });
  });

  test('stays refused in the model’s words where Converse cannot carry the request either', async () => {
    const pdf = `data:application/pdf;base64,${Buffer.from('%PDF-1.4').toString('base64')}`;
    const content = [{ type: 'input_file', file_data: pdf, filename: 'a.pdf' }];
    const { status, error } = await ask({ input: [{ role: 'user', content }, { type: 'hologram' }] });
    expect(status).toBe(400);
    expect(error).toMatch(/^Invalid value: 'hologram'/);
  });

  test('stays refused where the client wants no other lane', async () => {
    const { status, error } = await ask(
      { input: [user, { type: 'hologram' }] },
      { 'x-gateway-path': 'native' },
    );
    expect(status).toBe(400);
    expect(error).toMatch(/^Invalid value: 'hologram'/);
  });

  test('an empty conversation is refused in the gateway’s words', async () => {
    expect(await ask({ input: [] })).toMatchObject({ status: 400, operations: [] });
  });
});
