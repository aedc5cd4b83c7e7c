import type { StateKey } from '../../auth/state-key.ts';
import type { ByteBudget } from '../../bounds.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';

/** What is needed to read content parts. */
export interface PartContext {
  /** What the https URLs in them gave. */
  fetched: ReadonlyMap<string, FetchedMedia>;
  /** Counts what the request becomes beyond its own text. */
  bytes: ByteBudget;
}

/** What is needed to read a conversation. */
export interface ConversationContext extends PartContext {
  /** Opens the reasoning that tool call ids carry. */
  stateKey: StateKey;
}

/** What is needed to read one message of it. */
export interface MessageContext extends ConversationContext {
  /** Calls in the older form, which has no ids, that no result has come for yet. */
  legacyCallIds: Queue<string>;
  /** Calls whose ids carried reasoning once and do not any more. */
  lostStates: number;
}

/** First in, first out, where `Array.shift` would move all that is left each time. */
export class Queue<T> {
  readonly #items: T[] = [];
  #next = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    return this.#next < this.#items.length ? this.#items[this.#next++] : undefined;
  }
}
