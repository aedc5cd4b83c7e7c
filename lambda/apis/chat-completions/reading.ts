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
  legacyCallIds: OpenCalls;
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

/** Ids of calls that wait for a result: those since the user has spoken last come before older ones. */
export class OpenCalls {
  readonly #recent = new Queue<string>();
  readonly #interrupted = new Queue<string>();

  push(id: string): void {
    this.#recent.push(id);
  }

  shift(): string | undefined {
    return this.#recent.shift() ?? this.#interrupted.shift();
  }

  /** The user has spoken before all of them had one. */
  interrupt(): void {
    for (let id = this.#recent.shift(); id !== undefined; id = this.#recent.shift())
      this.#interrupted.push(id);
  }
}
