import type { Receiver, Source } from './source.ts';

/** A source that can be ended early, as if it had come to its end. */
export interface Stoppable<T> extends Source<T> {
  /** What has been given is enough: the source is left, and the next thing it gives is its end. */
  enough(): void;
}

export function stoppableSource<T>(source: Source<T>): Stoppable<T> {
  let over = false;
  return {
    pull(receiver: Receiver<T>) {
      if (over) receiver.onEnd();
      else source.pull(receiver);
    },
    cancel: () => source.cancel(),
    enough() {
      over = true;
      source.cancel();
    },
  };
}
