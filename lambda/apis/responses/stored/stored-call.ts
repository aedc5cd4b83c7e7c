import { isObject, list } from '../../../canonical/json.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import { settlesWithin } from '../../../settles-within.ts';
import type { Fields } from '../../shared/json.ts';
import { Ids } from '../ids.ts';
import type { Kept } from '../rendering.ts';
import { addItems, type Conversation, readConversation } from './conversation.ts';
import { History } from './history.ts';
import {
  inputId,
  isReference,
  itemEntry,
  replayed,
  responseEntry,
  responseOf,
  storedItems,
} from './records.ts';
import { bothGiven, noConversation } from './refusals.ts';
import { expiryOf, type Shelf, type StoredDeps } from './shelf.ts';

/** Milliseconds that an answer waits for being stored. */
const patienceMs = 5000;

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

  /** What was said before, once it has been read. */
  get earlier(): readonly JsonObject[] {
    return this.#before;
  }

  /** What was said before, and then the client's items, with those in place of references to them that are stored. */
  async whole(): Promise<unknown[]> {
    const given = this.#own;
    const [before, own] = await Promise.all([this.#earlier(), this.#resolved()]);
    this.#own = own;
    this.#before = before;
    const read = [...before, ...own.filter((item, i) => item !== given[i])];
    this.#bytes = read.reduce((sum: number, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0);
    return [...before, ...own];
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
    return this.#own.map((item) => {
      const stored = isReference(item) ? found.get(item.id) : undefined;
      return stored ? replayed(stored) : item;
    });
  }

  /** What the answer says of all this. A failed one is not stored. */
  members(status: unknown): JsonObject {
    return {
      previous_response_id: this.#previous ?? null,
      ...(this.#conversationId !== undefined && { conversation: { id: this.#conversationId } }),
      store: this.#wanted && status !== 'failed',
    };
  }

  get #wanted(): boolean {
    return this.#body.store !== false;
  }

  /** Stores an answer that is complete; a warning where that did not work. Never rejects. */
  async save(response: JsonObject): Promise<string | undefined> {
    if (response.status !== 'completed' && response.status !== 'incomplete') return undefined;
    const works = this.#works(response);
    if (works.length === 0) return undefined;
    let failure: unknown = new Error(`the table took more than ${patienceMs} ms`);
    let isDone = false;
    const all = Promise.all(works).then(
      () => {
        isDone = true;
      },
      (error) => {
        failure = error;
      },
    );
    await settlesWithin(patienceMs, all);
    if (isDone) return undefined;
    this.#deps.report('store: an answer was not stored', failure);
    const why = failure instanceof RangeError ? failure.message : 'the store does not answer';
    return `the answer was not stored: ${why}; send its items yourself`;
  }

  #works(response: JsonObject): Promise<void>[] {
    const { shelf, now } = this.#deps;
    const input = storedItems(this.#own, inputId(this.#ids.response.slice('resp_'.length)));
    const output = list(response.output) as JsonObject[];
    const conversation = this.#conversation;
    return [
      ...(conversation
        ? [
            addItems(shelf, conversation, [...input, ...output], {
              at: now(),
              by: this.#ids.response.slice(5),
            }),
          ]
        : []),
      ...(this.#wanted ? this.#record(response, input, output, expiryOf(now())) : []),
    ];
  }

  #record(
    response: JsonObject,
    input: JsonObject[],
    output: JsonObject[],
    expiresAt: number,
  ): Promise<void>[] {
    const { shelf } = this.#deps;
    const id = this.#ids.response;
    // Models that speak Responses have ids of their own, which do not say whose they are.
    const others = output.filter((item) => typeof item.id === 'string' && responseOf(item.id) !== id);
    return [
      shelf.write(id, responseEntry, { response, input, chain: this.#chain }, expiresAt),
      ...others.map((item) => shelf.write(String(item.id), itemEntry, { response: id }, expiresAt)),
    ];
  }
}
