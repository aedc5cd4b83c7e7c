/**
 * Items that come one after another, each in its own time, and each when it is asked for. Callbacks instead of an
 * AsyncIterable: a stage of a stream that waits with promises makes three of them for each item, and a streamed
 * event goes through six stages (`docs/performance.md`).
 */
export interface Source<T> {
  /**
   * Asks for the next item: one of `receiver`'s functions is called once, now or later. Not to be called again before
   * that. What has ended or failed has only its end to give.
   */
  pull(receiver: Receiver<T>): void;
  /** Nobody wants the rest: a receiver that waits is not called any more. */
  cancel(): void;
}

export interface Receiver<T> {
  /** `last`: it is known already that only the end comes after it; it is still to be asked for. */
  onItem(item: T, last: boolean): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/** A source of one item that is there already. */
export function single<T>(item: T): Source<T> {
  let given = false;
  return {
    pull(receiver) {
      if (given) return receiver.onEnd();
      given = true;
      receiver.onItem(item, true);
    },
    cancel() {
      given = true;
    },
  };
}
