import type { EventBatches, Usage } from '../../canonical/types.ts';
import { type ApiError, toApiError } from '../../errors.ts';
import { ChunkEncoder, closingChunks, errorEvent } from './stream.ts';
import type { AnswerHead, Telling } from './telling.ts';

export interface OpenedChoice {
  events: EventBatches;
}

export interface StreamToTell {
  /** One choice for each answer that was asked for; who answers is known only when they have begun. */
  opened: Promise<{ choices: OpenedChoice[]; head: AnswerHead }>;
  telling: Telling;
  includeUsage: boolean;
  onOutcome(usages: Usage[]): void;
  onError(error: ApiError): void;
}

/**
 * The answer's server-sent events, one string for each batch of Bedrock's. Ends either with the closing chunks
 * or with one error event, never with both, and never throws.
 */
export async function* tellStream(stream: StreamToTell): AsyncGenerator<string> {
  const { telling, includeUsage } = stream;
  try {
    const { choices, head } = await stream.opened;
    const encoders = choices.map((_, index) => new ChunkEncoder(head, telling, { index, includeUsage }));
    const [encoder] = encoders;
    const [only] = choices;
    if (only && encoder && choices.length === 1) {
      // Not by way of `inTurn`: one generator less for each event.
      for await (const batch of only.events) {
        const text = encoder.push(batch);
        if (text !== '') yield text;
      }
    } else {
      for await (const [index, batch] of inTurn(choices.map(({ events }) => events))) {
        const text = encoders[index]?.push(batch) ?? '';
        if (text !== '') yield text;
      }
    }
    const told = encoders.flatMap(({ metadata }) => (metadata ? [metadata] : []));
    stream.onOutcome(told.map(({ usage }) => usage));
    yield closingChunks(encoders, head, telling, includeUsage);
  } catch (thrown) {
    const error = toApiError(thrown);
    stream.onError(error);
    yield errorEvent(error);
  }
}

/** Items of several sources as they arrive, each with its source's number. */
async function* inTurn<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<readonly [number, T]> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const pending = new Map(iterators.map((iterator, i) => [i, next(iterator, i)]));
  try {
    while (pending.size > 0) {
      const { i, result } = await Promise.race(pending.values());
      if (result.done) pending.delete(i);
      else {
        pending.set(i, next(iterators[i] as AsyncIterator<T>, i));
        yield [i, result.value];
      }
    }
  } finally {
    for (const iterator of iterators) iterator.return?.()?.catch(() => {});
    for (const promise of pending.values()) promise.catch(() => {});
  }
}

async function next<T>(iterator: AsyncIterator<T>, i: number) {
  return { i, result: await iterator.next() };
}
