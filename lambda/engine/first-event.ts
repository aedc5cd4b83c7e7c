import type { ConverseEvent, EventBatches } from '../canonical/types.ts';

/**
 * Waits for the first event of a stream, so that what fails before it can still be tried again or become an
 * HTTP status. The events come out whole; leaving them early leaves the source.
 */
export async function withFirstEvent(events: EventBatches): Promise<EventBatches> {
  const iterator = events[Symbol.asyncIterator]();
  let first = await iterator.next();
  while (!first.done && first.value.length === 0) first = await iterator.next();
  let pending: IteratorResult<ConverseEvent[]> | undefined = first;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const result = pending;
        pending = undefined;
        return result ? Promise.resolve(result) : iterator.next();
      },
      return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    }),
  };
}

/**
 * Applies `each` to every batch, and calls `done` once the events have ended (true), or have failed or been
 * left (false): then the source may still be at work, and someone has to end it.
 */
export function mapBatches(
  events: EventBatches,
  each: (batch: ConverseEvent[]) => ConverseEvent[],
  done: (complete: boolean) => void = () => {},
): EventBatches {
  return {
    [Symbol.asyncIterator]() {
      const iterator = events[Symbol.asyncIterator]();
      const onError = (error: unknown) => {
        done(false);
        throw error;
      };
      const onResult = (result: IteratorResult<ConverseEvent[]>): IteratorResult<ConverseEvent[]> => {
        try {
          if (!result.done) return { done: false, value: each(result.value) };
        } catch (error) {
          onError(error);
        }
        done(true);
        return result;
      };
      return {
        // This runs for every batch, and an async function would make three promises of it.
        next: () => iterator.next().then(onResult, onError),
        async return() {
          done(false);
          return (await iterator.return?.()) ?? { done: true, value: undefined };
        },
      };
    },
  };
}

/** An answer that came in one piece, as a stream of one batch. */
export async function* oneBatch(batch: ConverseEvent[]): EventBatches {
  yield batch;
}
