import type { ByteBudget } from '../../../bounds.ts';
import type { JsonObject } from '../../../canonical/types.ts';

/**
 * Where one caller's answers are kept, sealed with his key: places with named entries. Another caller's shelf has
 * nothing of it at the same place. What is too old is not there any more.
 */
export interface Shelf {
  /**
   * The entries of a place by their names, in their order; of `only` one name, where that is enough. Rejects with a 503
   * when it cannot be looked up, a 413 as `unpack`.
   */
  read(place: string, budget: ByteBudget, only?: string): Promise<ReadonlyMap<string, JsonObject>>;
  /** Rejects when it may not have been written. `expiresAt`: epoch seconds. */
  write(place: string, name: string, content: JsonObject, expiresAt: number): Promise<void>;
  /** Takes everything away. Rejects with a 503. */
  clear(place: string): Promise<void>;
}

/** What storing takes beside serving. */
export interface StoredDeps {
  /** Of who calls; undefined for those whom no key of the gateway's tells apart. */
  shelfOf: ShelfOf;
  /** Random letters and digits, 32 of them. */
  newId: () => string;
  /** Said when something was not stored although it should have been. */
  report: (message: string, error: unknown) => void;
}

export type ShelfOf = (caller: StoringCaller) => Shelf | undefined;

export interface StoringCaller {
  /** The name of the key. */
  name: string;
  keyless: boolean;
  stateKey: Uint8Array;
}

export const bounds = {
  /** Bytes of one stored answer with its input, and of one addition to a conversation. */
  bytes: 8 << 20,
  /** Stored answers that one request may lead to: the turns of a chain, and those whose items it refers to. */
  reads: 500,
  /** Reads at once: each may be of `bytes`. */
  readsAtOnce: 8,
  /** Days after which what is stored is gone. OpenAI keeps responses as long. */
  days: 30,
} as const;

/** Epoch seconds at which what is stored now, in epoch milliseconds, is gone. */
export const expiryOf = (now: number): number => Math.floor(now / 1000) + bounds.days * 86_400;
