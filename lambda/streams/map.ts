import type { Receiver, Source } from './source.ts';

/** How a stream has ended. One that failed has an error; one that was cancelled has none. */
export type StreamEnd = { complete: true } | { complete: false; error?: unknown };

/**
 * `each` of every item; what it throws is the stream's failure. `done` is called once the items have ended, have
 * failed or have been cancelled: unless they are complete, the producer may still be running, and the caller must
 * abort it.
 */
export function map<T, U>(
  source: Source<T>,
  each: (item: T) => U,
  done?: (end: StreamEnd) => void,
): Source<U> {
  return new Mapped(source, each, done);
}

class Mapped<T, U> implements Source<U>, Receiver<T> {
  readonly #source: Source<T>;
  readonly #each: (item: T) => U;
  #done: ((end: StreamEnd) => void) | undefined;
  #receiver: Receiver<U> | undefined;

  constructor(source: Source<T>, each: (item: T) => U, done?: (end: StreamEnd) => void) {
    this.#source = source;
    this.#each = each;
    this.#done = done;
  }

  pull(receiver: Receiver<U>): void {
    this.#receiver = receiver;
    this.#source.pull(this);
  }

  cancel(): void {
    this.#receiver = undefined;
    this.#finish({ complete: false });
    this.#source.cancel();
  }

  onItem(item: T, last: boolean): void {
    let value: U;
    try {
      value = this.#each(item);
    } catch (error) {
      this.#source.cancel();
      this.onError(error);
      return;
    }
    this.#receiver?.onItem(value, last);
  }

  onEnd(): void {
    this.#finish({ complete: true });
    this.#receiver?.onEnd();
  }

  onError(error: unknown): void {
    this.#finish({ complete: false, error });
    this.#receiver?.onError(error);
  }

  #finish(end: StreamEnd): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(end);
  }
}
