import type { Source, Taker } from './source.ts';

/**
 * The items, and behind them what `tail` makes when they have ended well; undefined: nothing. What it throws is the
 * stream's failure.
 */
export function followed<T>(source: Source<T>, tail: () => T | undefined): Source<T> {
  return new Followed(source, tail);
}

class Followed<T> implements Source<T>, Taker<T> {
  readonly #source: Source<T>;
  readonly #tail: () => T | undefined;
  #taker: Taker<T> | undefined;
  #ended = false;

  constructor(source: Source<T>, tail: () => T | undefined) {
    this.#source = source;
    this.#tail = tail;
  }

  next(taker: Taker<T>): void {
    this.#taker = taker;
    if (this.#ended) taker.onEnd();
    else this.#source.next(this);
  }

  leave(): void {
    this.#ended = true;
    this.#taker = undefined;
    this.#source.leave();
  }

  onItem(item: T): void {
    this.#taker?.onItem(item, false);
  }

  onEnd(): void {
    this.#ended = true;
    let item: T | undefined;
    try {
      item = this.#tail();
    } catch (error) {
      this.#taker?.onError(error);
      return;
    }
    if (item === undefined) this.#taker?.onEnd();
    else this.#taker?.onItem(item, true);
  }

  onError(error: unknown): void {
    this.#ended = true;
    this.#taker?.onError(error);
  }
}
