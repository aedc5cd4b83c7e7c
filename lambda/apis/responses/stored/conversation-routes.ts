import type { Context } from 'hono';
import type { JsonObject } from '../../../canonical/types.ts';
import { badRequest } from '../../shared/bad-request.ts';
import { readBody } from '../../shared/body.ts';
import type { GatewayEnv } from '../../shared/env.ts';
import { readArray, readObject } from '../../shared/json.ts';
import {
  addItems,
  type Conversation,
  isThere,
  newHead,
  readConversation,
  takeOut,
  writeHead,
} from './conversation.ts';
import { pageOf } from './pages.ts';
import { inputId, storedItems } from './records.ts';
import { noConversation, noItem, noRoute, storeUnavailable } from './refusals.ts';
import type { Shelf, StoredDeps } from './shelf.ts';

export interface ConversationDeps extends Pick<StoredDeps, 'newId' | 'report'> {
  shelf: Shelf;
  /** Epoch milliseconds. */
  now: () => number;
}

/** OpenAI's own bounds (https://platform.openai.com/docs/api-reference/conversations/create). */
const mostItems = 20;
const mostMetadata = { entries: 16, name: 64, value: 512 };

/** The routes below /conversations (https://platform.openai.com/docs/api-reference/conversations). */
export async function conversations(c: Context<GatewayEnv>, deps: ConversationDeps): Promise<Response> {
  c.get('request').trace.note({ api: 'conversations' });
  const [id, part, itemId, ...more] = (c.req.param('id') ?? '').split('/').filter((each) => each !== '');
  if (id === undefined && c.req.method === 'POST') return create(c, deps);
  if (id === undefined || (part !== undefined && part !== 'items') || more.length > 0)
    throw noRoute(c.req.method, c.req.path);
  if (part === undefined && c.req.method === 'DELETE') return takeAway(c, deps, id);
  const conversation = await readConversation(deps.shelf, id);
  if (!conversation) throw noConversation(id);
  if (itemId !== undefined) return oneItem(c, deps, conversation, itemId);
  return part === 'items' ? itemsOf(c, deps, conversation) : whole(c, deps, conversation);
}

async function create(c: Context<GatewayEnv>, deps: ConversationDeps): Promise<Response> {
  const text = await c.req.text();
  const { items, metadata } = text.trim() === '' ? {} : await readBody(c);
  const head = newHead(deps.now(), readMetadata(metadata));
  const id = `conv_${deps.newId()}`;
  const given = readItems(items ?? [], deps);
  await written(deps, async () => {
    if (given.length > 0)
      await addItems(deps.shelf, { id, head }, given, { at: deps.now(), by: deps.newId() });
    await writeHead(deps.shelf, id, head);
  });
  return c.json(resourceOf({ id, head }));
}

/** What has become too large to be read can be deleted all the same. */
async function takeAway(c: Context<GatewayEnv>, { shelf }: ConversationDeps, id: string): Promise<Response> {
  if (!(await isThere(shelf, id))) throw noConversation(id);
  await shelf.clear(id);
  return c.json({ id, object: 'conversation.deleted', deleted: true });
}

async function whole(
  c: Context<GatewayEnv>,
  deps: ConversationDeps,
  conversation: Conversation,
): Promise<Response> {
  const { id, head } = conversation;
  if (c.req.method === 'GET') return c.json(resourceOf(conversation));
  const { metadata } = await readBody(c);
  const changed = { ...head, metadata: readMetadata(metadata) };
  await written(deps, () => writeHead(deps.shelf, id, changed));
  return c.json(resourceOf({ id, head: changed }));
}

async function itemsOf(
  c: Context<GatewayEnv>,
  deps: ConversationDeps,
  conversation: Conversation,
): Promise<Response> {
  if (c.req.method === 'DELETE') throw noRoute(c.req.method, c.req.path);
  if (c.req.method === 'GET') return c.json(pageOf(conversation.items, (name) => c.req.query(name)));
  const items = readItems((await readBody(c)).items, deps);
  await written(deps, () => addItems(deps.shelf, conversation, items, { at: deps.now(), by: deps.newId() }));
  return c.json(pageOf(items, (name) => ({ order: 'asc', limit: String(mostItems) })[name]));
}

async function oneItem(
  c: Context<GatewayEnv>,
  deps: ConversationDeps,
  conversation: Conversation,
  itemId: string,
): Promise<Response> {
  const item = conversation.items.find(({ id }) => id === itemId);
  if (!item) throw noItem(itemId);
  if (c.req.method === 'GET') return c.json(item);
  if (c.req.method === 'POST') throw noRoute(c.req.method, c.req.path);
  await written(deps, () => takeOut(deps.shelf, conversation, itemId));
  return c.json(resourceOf(conversation));
}

const resourceOf = ({ id, head }: Pick<Conversation, 'id' | 'head'>) => ({
  id,
  object: 'conversation',
  created_at: head.created_at,
  metadata: head.metadata,
});

function readItems(given: unknown, { newId }: Pick<ConversationDeps, 'newId'>): JsonObject[] {
  const items = readArray(given, 'items');
  if (items.length > mostItems)
    throw badRequest(
      `Invalid value for 'items': it has ${items.length} items; at most ${mostItems} are taken.`,
      'items',
    );
  for (const [i, item] of items.entries()) {
    if (
      typeof readObject(item, `items[${i}]`).role !== 'string' &&
      typeof (item as JsonObject).type !== 'string'
    )
      throw badRequest(
        `Invalid value for 'items[${i}]': an item has a \`type\`, and a message a \`role\`.`,
        `items[${i}]`,
      );
  }
  return storedItems(items, inputId(newId()));
}

function readMetadata(given: unknown): JsonObject {
  if (given == null) return {};
  const entries = Object.entries(readObject(given, 'metadata'));
  const { entries: most, name, value } = mostMetadata;
  const isRight = ([key, text]: [string, unknown]) =>
    key.length <= name && typeof text === 'string' && text.length <= value;
  if (entries.length > most || !entries.every(isRight))
    throw badRequest(
      `Invalid value for 'metadata': at most ${most} texts of up to ${value} characters, under names of up to ${name}.`,
      'metadata',
    );
  return Object.fromEntries(entries) as JsonObject;
}

/** What could not be written was not done as far as the client is told. */
async function written(deps: ConversationDeps, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof RangeError)
      throw badRequest(`Invalid value for 'items': ${error.message}.`, 'items');
    deps.report('store: the table does not answer', error);
    throw storeUnavailable(error);
  }
}
