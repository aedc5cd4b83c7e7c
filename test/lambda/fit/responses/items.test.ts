import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../lambda/canonical/types.ts';
import {
  annotationMembers,
  itemMembers,
  partMembers,
} from '../../../../lambda/fit/responses/item-members.ts';
import { acceptedItem, acceptedItems } from '../../../../lambda/fit/responses/items.ts';

const accepted = (...items: Json[]) => acceptedItems(items, { encryptedMessages: true, encrypted: true });
const prefixes: Record<string, string> = { message: 'msg', function_call: 'fc', custom_tool_call: 'ctc', reasoning: 'rs' }; // biome-ignore format: a table
/** A value that each member may have. */
const valueFor = (type: string, name: string): Json => {
  const own: Record<string, Json> = { type, id: `${prefixes[type] ?? 'x'}_1`, status: 'completed', phase: 'commentary', role: type === 'additional_tools' ? 'developer' : 'user' }; // biome-ignore format: a table
  return own[name] ?? 'a';
};
const call = (given: JsonObject) => ({ type: 'function_call', ...given });

test.each<[string, Json, Json]>([
  ['what is no item goes on', 'a', 'a'],
  ['a string is a part', { role: 'user', content: ['a', { type: 'input_text', text: 'b', parsed: null }] }, { role: 'user', content: [{ type: 'input_text', text: 'a' }, { type: 'input_text', text: 'b' }] }],
  ['what is no part goes on', { role: 'user', content: [1, null] }, { role: 'user', content: [1, null] }],
  ['text has the name that it has where it stands', { role: 'developer', content: [{ type: 'output_text', text: 'a', annotations: [] }, { type: 'text', text: 'b' }] }, { role: 'developer', content: [{ type: 'input_text', text: 'a' }, { type: 'input_text', text: 'b' }] }],
  ['and in what the assistant said', { role: 'assistant', content: [{ type: 'input_text', text: 'a' }, 'b', { type: 'refusal', refusal: 'c' }] }, { role: 'assistant', content: [{ type: 'output_text', text: 'a' }, { type: 'output_text', text: 'b' }, { type: 'refusal', refusal: 'c' }] }],
  ['and in a result, without what a client adds', { type: 'function_call_output', call_id: 'c', output: ['a', { type: 'output_text', text: 'b', annotations: [] }, { type: 'input_image', image_url: 'i', meta: 1 }] }, { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'a' }, { type: 'input_text', text: 'b' }, { type: 'input_image', image_url: 'i' }] }],
  ['a result that says nothing is empty', { type: 'custom_tool_call_output', call_id: 'c', output: null }, { type: 'custom_tool_call_output', call_id: 'c', output: '' }],
  ['of a patch there is text, and how it ended', { type: 'apply_patch_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'a' }, 'b'], status: 'error' }, { type: 'apply_patch_call_output', call_id: 'c', output: 'a\nb', status: 'failed' }],
  ['states and phases that nobody knows are left out', { role: 'assistant', content: 'a', status: 'failed', phase: 'odd' }, { role: 'assistant', content: 'a' }],
  ['ids of any type are short texts', { type: 'function_call_output', id: 5, call_id: 'c', output: 'a' }, { type: 'function_call_output', call_id: 'c', output: 'a' }],
  ['tools in an item are the developer’s', { type: 'additional_tools', tools: [] }, { type: 'additional_tools', role: 'developer', tools: [] }],
  ['a message without a type has its own kind of id', { role: 'user', id: 'item_1', content: 'a' }, { role: 'user', content: 'a' }],
  ['an id of the right kind stays', { role: 'user', id: 'msg_1', content: 'a' }, { role: 'user', id: 'msg_1', content: 'a' }],
  ['a call without an action has no arguments', { type: 'shell_call', call_id: 'c' }, call({ call_id: 'c', name: 'shell', arguments: '{}' })],
  ['a call that has an id alone is called by it', { type: 'local_shell_call', id: 'l', action: { type: 'exec', command: ['ls'] }, status: 'completed' }, call({ call_id: 'l', name: 'local_shell', arguments: '{"command":["ls"]}', status: 'completed' })],
  ['a status that nobody knows is left out', { type: 'shell_call', call_id: 'c', status: 'odd' }, call({ call_id: 'c', name: 'shell', arguments: '{}' })],
  ['an output goes by the same id as its call', { type: 'local_shell_call_output', id: 'l', output: 'a' }, { type: 'function_call_output', call_id: 'l', output: 'a' }],
  ['an output in parts is text', { type: 'shell_call_output', call_id: 'c', output: [{ stdout: 'a' }] }, { type: 'function_call_output', call_id: 'c', output: '[{"stdout":"a"}]' }],
])('%s', (_, given, expected) => {
  expect(accepted(given)).toEqual([expected]);
}); // biome-ignore format: a table

describe('members that a client writes for itself', () => {
  test.each(Object.entries(itemMembers))('are left out of each type of item: %s', (type, members) => {
    const item = Object.fromEntries(members.map((name) => [name, valueFor(type, name)]));
    const own = { internal_note: 1, parsed_arguments: {}, created_by: 'a', whatever: null };
    expect(accepted({ ...item, ...own })).toEqual([item]);
  });

  test.each(Object.entries(partMembers))('and of each type of part: %s', (type, members) => {
    const part = Object.fromEntries(
      members.map((name): [string, Json] => [name, name === 'type' ? type : 'a']),
    );
    const content = [{ ...part, parsed: {}, index: 1 }];
    const role = type === 'output_text' || type === 'refusal' ? 'assistant' : 'user';
    expect(accepted({ role, content })).toEqual([{ role, content: [part] }]);
  });

  test.each(Object.entries(annotationMembers))('and of each type of annotation: %s', (type, members) => {
    const annotation = Object.fromEntries(members.map((name) => [name, name === 'type' ? type : 'a']));
    const said = (annotations: Json[]) => ({ role: 'assistant', content: [{ type: 'output_text', text: 'a', annotations }] }); // biome-ignore format: one line
    const newer = { type: 'hologram', depth: 3 };
    expect(accepted(said([{ ...annotation, citation: { title: 'a' } }, newer]))).toEqual([said([annotation, newer])]); // biome-ignore format: one line
  });

  test('what is newer than the table keeps all but what is known to be a client’s', () => {
    const item = { type: 'hologram', depth: 3, content: [{ type: 'hologram_part', depth: 3 }] };
    expect(accepted({ ...item, internal_note: 1, parsed_arguments: {} })).toEqual([item]);
  });
});

test.each(['__proto__', 'constructor', 'toString', '__defineGetter__'])(
  'a type is no member of every object: %s',
  (type) => {
    const item = JSON.parse(`{"type": "${type}", "x": 1, "content": [{"type": "${type}", "y": 2}]}`);
    expect(accepted(item)).toEqual([item]);
  },
);

test('N10 what newer builds of Codex write has types that the runtime knows', () => {
  const items = accepted(
    { type: 'agent_message', content: [{ type: 'output_text', text: 'a' }], encrypted_content: 'e' },
    { type: 'context_compaction', encrypted_content: 'c' },
    { type: 'local_shell_call', call_id: 'l', action: { type: 'exec', command: ['ls'] } },
    { type: 'local_shell_call_output', call_id: 'l', output: 'b' },
  );
  expect(items).toEqual([
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'a' }],
      encrypted_content: 'e',
    },
    { type: 'compaction', encrypted_content: 'c' },
    call({ call_id: 'l', name: 'local_shell', arguments: '{"command":["ls"]}' }),
    { type: 'function_call_output', call_id: 'l', output: 'b' },
  ]);
});

test('an agent’s message is readable for whom it was encrypted', () => {
  const content: Json[] = [
    { type: 'input_text', text: 'a' },
    { type: 'encrypted_content', encrypted_content: 'e' },
  ];
  const message = { type: 'agent_message', author: 'b', recipient: 'c', content };
  const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] };
  expect(acceptedItems([message], { encryptedMessages: false, encrypted: true })).toEqual([said]);
  expect(accepted(message)).toEqual([{ ...said, content: [...said.content, content[1]] }]);
});

test('an id is given once, and a message that says nothing is none', () => {
  const made = call({ id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' });
  const output = { type: 'function_call_output', call_id: 'c', output: 'a' };
  expect(accepted(made, { ...output, id: 'fc_1' })).toEqual([made, output]);
  expect(accepted({ role: 'assistant', content: null }, { role: 'user' })).toEqual([]);
});

test('a call and its output without any id stay a pair', () => {
  const [made, output] = accepted({ type: 'shell_call' }, { type: 'shell_call_output', output: 'a' });
  expect((made as JsonObject).call_id).toBe((output as JsonObject).call_id);
});

test('tools in items are looked at, all other items are left alone', () => {
  const none = () => [];
  expect(acceptedItem({ type: 'additional_tools', tools: [{ type: 'x' }] }, none)).toEqual({ type: 'additional_tools', tools: [] }); // biome-ignore format: one line
  const others: Json[] = ['a', { type: 'message', tools: [1] }, { type: 'additional_tools' }];
  for (const item of others) expect(acceptedItem(item, none)).toBe(item);
});
