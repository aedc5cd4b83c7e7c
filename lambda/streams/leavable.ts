import type { Source, Taker } from './source.ts';

/** A source that can be ended early, as if it had come to its end. */
export interface Leavable<T> extends Source<T> {
  /** What has been given is enough: the source is left, and the next thing it gives is its end. */
  enough(): void;
}

export function leavableSource<T>(source: Source<T>): Leavable<T> {
  let over = false;
  return {
    next(taker: Taker<T>) {
      if (over) taker.onEnd();
      else source.next(taker);
    },
    leave: () => source.leave(),
    enough() {
      over = true;
      source.leave();
    },
  };
}
