import type { StateKey } from '../../auth/state-key.ts';
import type { PartContext } from '../content/context.ts';

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

  clear(): void {
    this.#next = this.#items.length;
  }

  shift(): T | undefined {
    return this.#next < this.#items.length ? this.#items[this.#next++] : undefined;
  }
}
