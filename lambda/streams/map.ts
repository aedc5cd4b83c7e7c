import type { Source, Taker } from './source.ts';

/**
 * `each` of every item; what it throws is the stream's failure. `done` is called once the items have ended (true),
 * or have failed or been left (false): then whatever gives them may still be at work, and someone has to end it.
 */
export function mapped<T, U>(
  source: Source<T>,
  each: (item: T) => U,
  done?: (complete: boolean) => void,
): Source<U> {
  return new Mapped(source, each, done);
}

class Mapped<T, U> implements Source<U>, Taker<T> {
  readonly #source: Source<T>;
  readonly #each: (item: T) => U;
  #done: ((complete: boolean) => void) | undefined;
  #taker: Taker<U> | undefined;

  constructor(source: Source<T>, each: (item: T) => U, done?: (complete: boolean) => void) {
    this.#source = source;
    this.#each = each;
    this.#done = done;
  }

  next(taker: Taker<U>): void {
    this.#taker = taker;
    this.#source.next(this);
  }

  leave(): void {
    this.#taker = undefined;
    this.#finish(false);
    this.#source.leave();
  }

  onItem(item: T, last: boolean): void {
    let value: U;
    try {
      value = this.#each(item);
    } catch (error) {
      this.#source.leave();
      this.onError(error);
      return;
    }
    this.#taker?.onItem(value, last);
  }

  onEnd(): void {
    this.#finish(true);
    this.#taker?.onEnd();
  }

  onError(error: unknown): void {
    this.#finish(false);
    this.#taker?.onError(error);
  }

  #finish(complete: boolean): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(complete);
  }
}
