import { isObject } from '../../canonical/json.ts';
import { saidBefore } from '../../canonical/said-before.ts';
import type { Role } from '../../canonical/types.ts';
import { readList, readName, readObject, readString, wrongValue } from '../anthropic/reading.ts';
import type { Fields } from '../shared/json.ts';

/** A content block with all the members that its type must have. */
export interface Block extends Fields {
  type: string;
}

/** A message whose content is checked; a string is one text block. */
export interface Turn {
  role: Role;
  content: readonly Block[];
  /** The path of its content. */
  at: string;
}

type Check = (value: unknown, path: string) => unknown;

/** What a block must have; one of another type passes, and is translated or left out later. */
const required = new Map<string, Readonly<Record<string, Check>>>([
  ['text', { text: readString }],
  ['guarded_text', { text: readString }],
  ['image', { source: readObject }],
  ['document', { source: readObject }],
  ['search_result', { source: readString, title: readString, content: readBlocks }],
  ['thinking', { thinking: readString }],
  ['redacted_thinking', { data: readString }],
  ['tool_use', { id: readName, name: readName, input: readObject }],
  ['tool_result', { tool_use_id: readName }],
]);

/**
 * Checks a conversation, in whichever shape it will be sent: each value is looked at once, and what follows relies on
 * it. Throws a 400 that names the path.
 */
export function readConversation(messages: readonly unknown[]): Turn[] {
  const isOver = saidBefore(messages);
  return messages.map((item, i) => {
    const message = readObject(item, `messages.${i}`);
    const role = readRole(message.role, `messages.${i}.role`);
    const at = `messages.${i}.content`;
    // One that only orders something has none.
    const content = role === 'system' && message.content == null ? [] : readContent(message.content, at);
    return { role, content: isOver(i) ? [] : content, at };
  });
}

/** A string, or a list of blocks. */
export function readContent(content: unknown, at: string): Block[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongValue(content, at, 'a string or a list of content blocks');
  return readBlocks(content, at);
}

function readRole(role: unknown, path: string): Role {
  if (role === 'user' || role === 'assistant' || role === 'system') return role;
  throw wrongValue(role, path, "'user', 'assistant' or 'system'");
}

function readBlocks(content: unknown, at: string): Block[] {
  return readList(content, at).map((item, i) => readBlock(item, `${at}.${i}`));
}

function readBlock(item: unknown, at: string): Block {
  const block = readObject(item, at);
  const type = readString(block.type, `${at}.type`);
  for (const [name, check] of Object.entries(required.get(type) ?? {})) check(block[name], `${at}.${name}`);
  if (type === 'tool_result' && block.content != null) readContent(block.content, `${at}.content`);
  return block as Block;
}

/** The blocks of a list that has been checked; none of what is no list. */
export const blocksOf = (content: unknown): Block[] =>
  Array.isArray(content) ? content.filter((block): block is Block => isObject(block)) : [];
