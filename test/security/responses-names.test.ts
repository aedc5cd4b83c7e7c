import { describe, expect, test } from 'vitest';
import { novaPro, qwen, sonnet } from '../support/asking-responses.ts';
import { scriptedGateway } from '../support/scripted-gateway.ts';
import { member, statusesOf } from './ordinary-names.ts';

const gateway = scriptedGateway();

const user = { role: 'user', content: 'Hello' };
const items = (...more: object[]) => ({ input: [user, ...more] });
const parts = (...content: object[]) => ({ input: [{ role: 'user', content }] });
const text = { type: 'input_text', text: 'x' };
const fn = (name: string, more: object = {}) => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: {} },
  ...more,
});
const call = (more: object = {}) => ({
  type: 'function_call',
  call_id: 't',
  name: 'f',
  arguments: '{}',
  ...more,
});
const output = (more: object = {}) => ({ type: 'function_call_output', call_id: 't', output: 'r', ...more });
const called = (given: object, result: object = {}) => ({
  tools: [fn('f')],
  ...items(call(given), output(result)),
});

/** Where a name may stand in a request, and what else the request has then. */
const places: Record<string, (name: string) => object> = {
  model: (model) => ({ model }),
  instructions: (instructions) => ({ instructions }),
  'type of an item': (type) => items({ type, [type]: 'x' }),
  'role of a message': (role) => items({ role, content: 'x' }),
  'member of an item': (name) => items({ ...user, ...member(name, { a: 1 }) }),
  'type of a part': (type) => parts({ type, [type]: 'x', text: 'x' }),
  'type of a part of an answer': (type) => items({ role: 'assistant', content: [{ type, text: 'x' }] }, user),
  'type of an image': (name) => parts({ type: 'input_image', image_url: `data:${name};base64,QUJD` }),
  'ending of a file': (name) => parts(text, { type: 'input_file', filename: `a.${name}`, file_data: 'QUJD' }),
  'name of a tool': (name) => ({ tools: [fn(name)] }),
  'type of a tool': (type) => ({ tools: [{ type, name: 'f' }] }),
  'member of a tool': (name) => ({ tools: [fn('f', member(name, 1))] }),
  'name of a namespace': (name) => ({ tools: [{ type: 'namespace', name, tools: [fn('f')] }] }),
  'tool of a namespace': (name) => ({ tools: [{ type: 'namespace', name: 'n', tools: [fn(name)] }] }),
  'name of a custom tool': (name) => ({ tools: [{ type: 'custom', name }] }),
  'syntax of a grammar': (syntax) => ({
    tools: [{ type: 'custom', name: 'f', format: { type: 'grammar', syntax, definition: 'x' } }],
  }),
  'name of a property': (name) => ({
    tools: [fn('f', { parameters: { type: 'object', properties: member(name, { type: 'string' }) } })],
  }),
  tool_choice: (name) => ({ tools: [fn('f')], tool_choice: name }),
  'type of tool_choice': (type) => ({ tools: [fn('f')], tool_choice: { type, [type]: {} } }),
  'tool that is chosen': (name) => ({ tools: [fn('f')], tool_choice: { type: 'function', name } }),
  'tool that is allowed': (name) => ({
    tools: [fn('f')],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name }] },
  }),
  'namespace that is allowed': (name) => ({
    tools: [fn('f')],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'namespace', name }] },
  }),
  'tool of a call': (name) => called({ name }),
  'namespace of a call': (namespace) => called({ namespace }),
  'id of a call': (id) => called({ call_id: id }, { call_id: id }),
  'id of the item of a call': (id) => called({ id }),
  'name of an output': (name) => called({}, { call_id: undefined, name }),
  'argument of a call': (name) => called({ arguments: `{"${name}": 1}` }),
  'argument of a call, as an object': (name) => called({ arguments: member(name, 1) }),
  'part of an output': (type) => called({}, { output: [{ type, [type]: 'x' }] }),
  'status of an output': (status) => called({}, { status }),
  'operation of a patch': (type) =>
    items(
      { type: 'apply_patch_call', call_id: 'p', operation: { type, path: 'a', ...member(type, 1) } },
      { type: 'apply_patch_call_output', call_id: 'p', status: 'completed', output: 'ok' },
    ),
  'action of a shell': (name) =>
    items(
      {
        type: 'local_shell_call',
        id: 's',
        call_id: 's',
        action: { type: name, command: ['ls'], ...member(name, 1) },
      },
      { type: 'local_shell_call_output', id: 's', output: 'ok' },
    ),
  'id of a reference': (id) => items({ type: 'item_reference', id }),
  'id of reasoning': (id) => items({ type: 'reasoning', id, summary: [] }, user),
  'what is sealed': (name) =>
    items({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: name }, user),
  'tool that a search has found': (name) =>
    items(
      { type: 'tool_search_call', call_id: 's', execution: 'client', arguments: {} },
      { type: 'tool_search_output', call_id: 's', execution: 'client', tools: [fn(name)] },
    ),
  'what is configured': (name) => items({ type: 'configuration_update', reasoning: { effort: name } }),
  effort: (effort) => ({ reasoning: { effort, ...member(effort, 1) } }),
  summary: (summary) => ({ reasoning: { summary } }),
  'type of a format': (type) => ({ text: { format: { type, name: 'n', schema: {} } } }),
  'name of a format': (name) => ({
    text: { format: { type: 'json_schema', name, schema: { type: 'object' } } },
  }),
  include: (name) => ({ include: [name] }),
  service_tier: (service_tier) => ({ service_tier }),
  'member of metadata': (name) => ({ metadata: member(name, 'v') }),
  'stream option': (name) => ({ stream_options: member(name, true) }),
  parameter: (name) => member(name, { a: 1 }),
  'field of the model': (name) => ({ additionalModelRequestFields: member(name, { a: 1 }) }),
  fallback: (name) => ({ fallbacks: [name] }),
};

describe('names that every object has are nothing special in Responses', () => {
  test.each(Object.entries(places))('%s', async (_, make) => {
    for (const model of [sonnet, novaPro, qwen]) {
      const statuses = await statusesOf((name) =>
        gateway.stack.post('/responses', { model, input: 'Hello', ...make(name) }),
      );
      // One as the other: no name of these means anything to the gateway, or is left out by it.
      expect([...statuses]).toHaveLength(1);
    }
  });
});
