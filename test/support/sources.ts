import type { Source } from '../../lambda/streams/source.ts';

/** What an iterable gives, as a source: its items, its end, what it throws. */
export function sourceOf<T>(items: AsyncIterable<T> | readonly T[]): Source<T> {
  const iterator = eachOf(items);
  let left = false;
  return {
    next(taker) {
      iterator.next().then(
        ({ done, value }) => left || (done ? taker.onEnd() : taker.onItem(value, false)),
        (error) => left || taker.onError(error),
      );
    },
    leave() {
      left = true;
      void iterator.return(undefined);
    },
  };
}

async function* eachOf<T>(items: AsyncIterable<T> | readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** The items of a source, for `for await`; leaving the loop leaves the source. */
export function itemsOf<T>(source: Source<T>): AsyncIterableIterator<T, undefined> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      new Promise((resolve, reject) =>
        source.next({
          onItem: (value) => resolve({ done: false, value }),
          onEnd: () => resolve({ done: true, value: undefined }),
          onError: reject,
        }),
      ),
    async return() {
      source.leave();
      return { done: true, value: undefined };
    },
  };
}
