import type { Receiver, Source } from './source.ts';

/**
 * The items, and behind them what `tail` makes when they have ended well; undefined: nothing. What it throws is the
 * stream's failure.
 */
export function append<T>(source: Source<T>, tail: () => T | undefined): Source<T> {
  return new Followed(source, tail);
}

class Followed<T> implements Source<T>, Receiver<T> {
  readonly #source: Source<T>;
  readonly #tail: () => T | undefined;
  #receiver: Receiver<T> | undefined;
  #ended = false;

  constructor(source: Source<T>, tail: () => T | undefined) {
    this.#source = source;
    this.#tail = tail;
  }

  pull(receiver: Receiver<T>): void {
    this.#receiver = receiver;
    if (this.#ended) receiver.onEnd();
    else this.#source.pull(this);
  }

  cancel(): void {
    this.#ended = true;
    this.#receiver = undefined;
    this.#source.cancel();
  }

  onItem(item: T): void {
    this.#receiver?.onItem(item, false);
  }

  onEnd(): void {
    this.#ended = true;
    let item: T | undefined;
    try {
      item = this.#tail();
    } catch (error) {
      this.#receiver?.onError(error);
      return;
    }
    if (item === undefined) this.#receiver?.onEnd();
    else this.#receiver?.onItem(item, true);
  }

  onError(error: unknown): void {
    this.#ended = true;
    this.#receiver?.onError(error);
  }
}
