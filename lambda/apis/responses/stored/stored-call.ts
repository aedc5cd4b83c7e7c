import { ByteBudget } from '../../../bounds.ts';
import { isObject, list } from '../../../canonical/json.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import type { Fields } from '../../shared/json.ts';
import { Ids } from '../ids.ts';
import type { Kept } from '../rendering.ts';
import { sinceSummary } from './compacted.ts';
import { type Conversation, readConversation } from './conversation.ts';
import { History } from './history.ts';
import { isReference, replayed } from './records.ts';
import { bothGiven, noConversation } from './refusals.ts';
import type { Shelf, StoredDeps } from './shelf.ts';
import { storeAnswer } from './store-answer.ts';

export interface StoredCallDeps extends Pick<StoredDeps, 'report'> {
  shelf: Shelf;
  requestId: string;
  /** Epoch milliseconds. */
  now: () => number;
}

/** One request of Responses, what it refers to, and what is to be stored of it. */
export class StoredCall implements Kept {
  readonly #deps: StoredCallDeps;
  readonly #history: History;
  readonly #ids: Ids;
  #body: Fields = {};
  #previous: string | undefined;
  #conversationId: string | undefined;
  #conversation: Conversation | undefined;
  #chain: string[] = [];
  #own: readonly unknown[] = [];
  #before: readonly JsonObject[] = [];
  /** Bytes of what was read for it, as JSON. */
  #bytes = 0;
  readonly #budget = new ByteBudget();

  constructor(deps: StoredCallDeps) {
    this.#deps = deps;
    this.#history = new History(deps.shelf);
    this.#ids = new Ids(deps.requestId);
  }

  /** Takes in a body that has been checked. Throws a 400 when it names two histories. */
  begin(body: Fields): void {
    const { previous_response_id: previous, conversation, input } = body;
    this.#body = body;
    if (typeof previous === 'string') this.#previous = previous;
    if (conversation != null) {
      this.#conversationId = isObject(conversation) ? String(conversation.id ?? '') : String(conversation);
    }
    if (this.#previous !== undefined && this.#conversationId !== undefined) throw bothGiven();
    this.#own = typeof input === 'string' ? [{ role: 'user', content: input }] : list(input);
  }

  /** It refers to what has to be read first. */
  get refers(): boolean {
    return (this.#previous ?? this.#conversationId) !== undefined || this.#own.some(isReference);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many items stand before the client's own. */
  get before(): number {
    return this.#before.length;
  }

  /** What was said before, and the client's items, once all that they refer to has been read. */
  get said(): readonly unknown[] {
    return [...this.#before, ...this.#own];
  }

  /** What was said before, and then the client's items, with those in place of references to them that are stored. */
  async whole(): Promise<unknown[]> {
    this.#before = sinceSummary(await this.#earlier());
    for (const item of this.#before) this.#count(sizeOf(item));
    this.#own = await this.#resolved();
    return [...this.said];
  }

  async #earlier(): Promise<JsonObject[]> {
    if (this.#previous !== undefined) {
      const { items, chain } = await this.#history.upTo(this.#previous);
      this.#chain = chain;
      return items;
    }
    if (this.#conversationId === undefined) return [];
    this.#conversation = await readConversation(this.#deps.shelf, this.#conversationId);
    if (!this.#conversation) throw noConversation(this.#conversationId, 'conversation');
    return this.#conversation.items.map(replayed);
  }

  async #resolved(): Promise<unknown[]> {
    const ids = new Set(this.#own.filter(isReference).map(({ id }) => id));
    const found = ids.size > 0 ? await this.#history.items(ids) : new Map<string, JsonObject>();
    const sized = new Map(
      [...found].map(([id, item]) => [id, { item: replayed(item), bytes: sizeOf(item) }]),
    );
    return this.#own.map((item) => {
      const stored = isReference(item) ? sized.get(item.id) : undefined;
      if (stored) this.#count(stored.bytes);
      return stored?.item ?? item;
    });
  }

  /** Throws a 413 where a short request stands for more than goes to Bedrock. */
  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.spend(bytes);
  }

  /** What the answer says of all this: what was asked for, in every event alike. */
  members(): JsonObject {
    return {
      previous_response_id: this.#previous ?? null,
      ...(this.#conversationId !== undefined && { conversation: { id: this.#conversationId } }),
      store: this.#isWanted,
    };
  }

  get #isWanted(): boolean {
    return this.#body.store !== false;
  }

  /** Stores an answer that is complete; a warning where that did not work. Never rejects. */
  save(response: JsonObject): Promise<string | undefined> {
    return storeAnswer(response, {
      ...this.#deps,
      id: this.#ids.response,
      input: this.#own,
      chain: this.#chain,
      isWanted: this.#isWanted,
      conversation: this.#conversation,
    });
  }
}

const sizeOf = (item: JsonObject): number => Buffer.byteLength(JSON.stringify(item));
