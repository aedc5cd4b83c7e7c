import type { Source } from './source.ts';

/**
 * Waits for the first event of a stream, so that what fails before it can still be tried again or become an
 * HTTP status. The events come out whole.
 */
export function withFirstEvent<T>(events: Source<T[]>): Promise<Source<T[]>> {
  return new Promise((resolve, reject) => {
    events.pull({
      onItem(batch, last) {
        if (batch.length > 0) resolve(withFirst(batch, last, events));
        else events.pull(this);
      },
      onEnd: () => resolve(events),
      onError: reject,
    });
  });
}

function withFirst<T>(item: T, last: boolean, source: Source<T>): Source<T> {
  let first: T | undefined = item;
  return {
    pull(receiver) {
      const given = first;
      first = undefined;
      if (given === undefined) source.pull(receiver);
      else receiver.onItem(given, last);
    },
    cancel() {
      first = undefined;
      source.cancel();
    },
  };
}
