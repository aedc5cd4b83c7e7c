import type { Source } from '../../lambda/streams/source.ts';

/** What an iterable gives, as a source: its items, its end, what it throws. */
export function sourceOf<T>(items: AsyncIterable<T> | readonly T[]): Source<T> {
  const iterator = eachOf(items);
  let left = false;
  return {
    pull(receiver) {
      iterator.next().then(
        ({ done, value }) => left || (done ? receiver.onEnd() : receiver.onItem(value, false)),
        (error) => left || receiver.onError(error),
      );
    },
    cancel() {
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
        source.pull({
          onItem: (value) => resolve({ done: false, value }),
          onEnd: () => resolve({ done: true, value: undefined }),
          onError: reject,
        }),
      ),
    async return() {
      source.cancel();
      return { done: true, value: undefined };
    },
  };
}
