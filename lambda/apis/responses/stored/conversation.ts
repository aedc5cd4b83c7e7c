import { ByteBudget } from '../../../bounds.ts';
import { list } from '../../../canonical/json.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import { isId } from './records.ts';
import { expiryOf, type Shelf } from './shelf.ts';

/**
 * A conversation at the place of its id: `head`; what was added, under names that sort by time; and, for each item
 * that was taken out, an entry with its id. Nothing is ever rewritten but the head, so that requests at the same time lose
 * nothing of each other. All of it is gone at once, so many days after it was made.
 */
export interface Conversation {
  id: string;
  head: Head;
  items: JsonObject[];
}

export interface Head {
  /** Epoch seconds. */
  created_at: number;
  metadata: JsonObject;
  /** Epoch seconds. */
  expiresAt: number;
}

const headEntry = 'head';
const added = 'a';
const removed = 'x';

/** Undefined for one that is not there. */
export async function readConversation(
  shelf: Shelf,
  id: string,
  bytes = new ByteBudget(),
): Promise<Conversation | undefined> {
  if (!id.startsWith('conv_') || !isId(id)) return undefined;
  const entries = await shelf.read(id, bytes);
  const head = entries.get(headEntry) as unknown as Head | undefined;
  if (!head) return undefined;
  const items = [...entries]
    .filter(([name]) => name.startsWith(added))
    .flatMap(([, content]) => list(content.items) as JsonObject[])
    .filter((item) => !entries.has(`${removed}${String(item.id)}`));
  return { id, head, items };
}

/** Whether there is one, however much it has grown to. */
export async function isThere(shelf: Shelf, id: string): Promise<boolean> {
  if (!id.startsWith('conv_') || !isId(id)) return false;
  return (await shelf.read(id, new ByteBudget(), headEntry)).has(headEntry);
}

export async function writeHead(shelf: Shelf, id: string, head: Head): Promise<void> {
  await shelf.write(id, headEntry, { ...head }, head.expiresAt);
}

/** `at`: epoch milliseconds; `by`: tells additions of the same millisecond apart. */
export async function addItems(
  shelf: Shelf,
  { id, head }: Pick<Conversation, 'id' | 'head'>,
  items: readonly JsonObject[],
  { at, by }: { at: number; by: string },
): Promise<void> {
  const name = `${added}${String(at).padStart(15, '0')}${by.slice(0, 32)}`;
  await shelf.write(id, name, { items: [...items] }, head.expiresAt);
}

export async function takeOut(shelf: Shelf, { id, head }: Conversation, itemId: string): Promise<void> {
  await shelf.write(id, `${removed}${itemId}`, {}, head.expiresAt);
}

export const newHead = (now: number, metadata: JsonObject): Head => ({
  created_at: Math.floor(now / 1000),
  metadata,
  expiresAt: expiryOf(now),
});
