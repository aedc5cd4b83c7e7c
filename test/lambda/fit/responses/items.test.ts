import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../lambda/canonical/types.ts';
import { itemMembers, partMembers } from '../../../../lambda/fit/responses/item-members.ts';
import { acceptedItem, acceptedItems } from '../../../../lambda/fit/responses/items.ts';

const accepted = (...items: Json[]) => acceptedItems(items, { encryptedMessages: true, encrypted: true });
/** Types whose ids must have a form of their own, which a list has not. */
const idPrefix = (type: string) =>
  ['message', 'function_call', 'custom_tool_call', 'reasoning'].includes(type);
const call = (given: JsonObject) => ({ type: 'function_call', ...given });

test.each<[string, Json, Json]>([
  ['what is no item goes on', 'a', 'a'],
  ['what is no part goes on', { role: 'user', content: ['a', { type: 'input_text', text: 'b', parsed: null }] }, { role: 'user', content: ['a', { type: 'input_text', text: 'b' }] }],
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
    const item = Object.fromEntries(
      members.map((name): [string, Json] => [name, name === 'type' ? type : []]),
    );
    const { id: _, ...kept } = item;
    const own = { internal_note: 1, parsed_arguments: {}, created_by: 'a', whatever: null };
    expect(accepted({ ...item, ...own })).toEqual([idPrefix(type) ? kept : item]);
  });

  test.each(Object.entries(partMembers))('and of each type of part: %s', (type, members) => {
    const part = Object.fromEntries(
      members.map((name): [string, Json] => [name, name === 'type' ? type : 'a']),
    );
    const content = [{ ...part, parsed: {}, index: 1 }];
    expect(accepted({ role: 'user', content })).toEqual([{ role: 'user', content: [part] }]);
  });

  test('what is newer than the table keeps all but what is known to be a client’s', () => {
    const item = { type: 'hologram', depth: 3, content: [{ type: 'hologram_part', depth: 3 }] };
    expect(accepted({ ...item, internal_note: 1, parsed_arguments: {} })).toEqual([item]);
  });
});

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
