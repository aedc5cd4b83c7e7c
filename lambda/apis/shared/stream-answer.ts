import type { EventBatches, Usage } from '../../canonical/types.ts';
import { type ApiError, toApiError } from '../../errors.ts';
import type { Spell } from '../../fields.ts';
import { later } from '../../streams/from-promise.ts';
import { mapped } from '../../streams/map.ts';
import { merged } from '../../streams/merge.ts';
import type { Source, Taker } from '../../streams/source.ts';
import { ChunkEncoder } from '../chat-completions/encoder.ts';
import { closingChunks, errorEvent } from '../chat-completions/encoder-end.ts';
import type { AnswerHead, Telling } from '../chat-completions/telling.ts';

export interface StreamToTell {
  /** One choice for each answer that was asked for; who answers is known only when they have begun. */
  opened: Promise<{ choices: EventBatches[]; head: AnswerHead }>;
  telling: Telling;
  /** What this client calls the fields of its request. */
  spell: Spell;
  includeUsage: boolean;
  onOutcome(usages: Usage[]): void;
  onError(error: ApiError): void;
}

/**
 * The answer's server-sent events, one string for each batch of Bedrock's. Ends either with the closing chunks
 * or with one error event, never with both, and never fails.
 */
export function tellStream(stream: StreamToTell): Source<string> {
  return new ToldStream(stream);
}

class ToldStream implements Source<string>, Taker<string> {
  readonly #stream: StreamToTell;
  readonly #chunks: Source<string>;
  /** Who answers, once that is known. */
  #telling: { encoders: ChunkEncoder[]; head: AnswerHead } | undefined;
  #taker: Taker<string> | undefined;
  /** What goes out with what comes next. */
  #held = '';
  #over = false;

  constructor(stream: StreamToTell) {
    this.#stream = stream;
    this.#chunks = later(this.#open());
  }

  next(taker: Taker<string>): void {
    this.#taker = taker;
    if (this.#over) taker.onEnd();
    else this.#chunks.next(this);
  }

  leave(): void {
    this.#over = true;
    this.#taker = undefined;
    this.#chunks.leave();
  }

  onItem(text: string, last: boolean): void {
    // The end goes out with the last event, and not every event has something to tell.
    if (last || text === '') {
      this.#held = text;
      this.#chunks.next(this);
    } else this.#taker?.onItem(text, false);
  }

  onEnd(): void {
    try {
      this.#finish(this.#closing());
    } catch (thrown) {
      this.onError(thrown);
    }
  }

  onError(thrown: unknown): void {
    const error = toApiError(thrown).spelled(this.#stream.spell);
    this.#stream.onError(error);
    this.#finish(errorEvent(error));
  }

  #finish(text: string): void {
    this.#over = true;
    this.#taker?.onItem(this.#held + text, true);
  }

  async #open(): Promise<Source<string>> {
    const { opened, telling, includeUsage } = this.#stream;
    const { choices, head } = await opened;
    const encoders = choices.map((_, index) => new ChunkEncoder(head, telling, { index, includeUsage }));
    this.#telling = { encoders, head };
    return merged(choices.map((events, i) => mapped(events, (batch) => encoders[i]!.push(batch))));
  }

  #closing(): string {
    if (!this.#telling) return '';
    const { encoders, head } = this.#telling;
    const { telling, includeUsage, onOutcome } = this.#stream;
    onOutcome(encoders.flatMap(({ metadata }) => metadata?.usage ?? []));
    return closingChunks(encoders, head, telling, includeUsage);
  }
}
