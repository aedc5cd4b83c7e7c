import type { StreamedAnswer } from '../../engine/types.ts';
import { type GatewayError, toGatewayError } from '../../errors.ts';
import type { Spell } from '../../fields.ts';
import { fromPromise } from '../../streams/from-promise.ts';
import { map } from '../../streams/map.ts';
import { merge } from '../../streams/merge.ts';
import type { Receiver, Source } from '../../streams/source.ts';
import type { StreamEncoder } from '../api.ts';

export interface AnswerToStream {
  /** One choice for each answer that was asked for; who answers is known only when they have begun. */
  opened: Promise<{ choices: StreamedAnswer[]; model: string; progress?: Source<string> }>;
  encoder: StreamEncoder;
  /** What this client calls the fields of its request. */
  spell: Spell;
  onError(error: GatewayError): void;
}

/**
 * The answer's server-sent events, one string for each batch of Bedrock's. It ends either as the encoder ends a stream
 * that went well or with one error event, never with both, and never fails.
 */
export function streamAnswer(answer: AnswerToStream): AnswerStream {
  return new StreamAnswer(answer);
}

export interface AnswerStream extends Source<string> {
  /** What is to go out in a silence: what was held back, for events may be numbered, then the encoder's heartbeat. */
  heartbeat(): string;
}

class StreamAnswer implements AnswerStream, Receiver<string> {
  readonly #answer: AnswerToStream;
  readonly #chunks: Source<string>;
  #receiver: Receiver<string> | undefined;
  /** What goes out with what comes next. */
  #held = '';
  #over = false;

  constructor(answer: AnswerToStream) {
    this.#answer = answer;
    this.#chunks = fromPromise(this.#open());
  }

  pull(receiver: Receiver<string>): void {
    this.#receiver = receiver;
    if (this.#over) receiver.onEnd();
    else this.#chunks.pull(this);
  }

  cancel(): void {
    this.#over = true;
    this.#receiver = undefined;
    this.#chunks.cancel();
  }

  heartbeat(): string {
    const held = this.#held;
    this.#held = '';
    return held + this.#answer.encoder.heartbeat();
  }

  onItem(item: string, last: boolean): void {
    const text = this.#held === '' ? item : this.#held + item;
    // The end goes out with the last event, and not every event has something to say.
    if (last || text === '') {
      this.#held = text;
      this.#chunks.pull(this);
    } else {
      this.#held = '';
      this.#receiver?.onItem(text, false);
    }
  }

  onEnd(): void {
    const { encoder } = this.#answer;
    try {
      this.#finish(encoder.end(), encoder.last?.());
    } catch (thrown) {
      this.onError(thrown);
    }
  }

  onError(thrown: unknown): void {
    const { encoder, spell, onError } = this.#answer;
    const error = toGatewayError(thrown).spelled(spell);
    onError(error);
    this.#finish(encoder.fail(error));
  }

  #finish(text: string, last?: Promise<string>): void {
    if (last)
      last.then(
        (more) => this.#finish(text + more),
        (error) => this.onError(error),
      );
    else {
      this.#over = true;
      this.#receiver?.onItem(this.#held + text, true);
    }
  }

  async #open(): Promise<Source<string>> {
    const { opened, encoder } = this.#answer;
    const { choices, model, progress } = await opened;
    this.#held = encoder.open(model);
    const comments = progress ? [map(progress, comment)] : [];
    return merge([
      ...choices.map(({ events, native }, choice) =>
        native
          ? map(native, (batch) => encoder.pushNative?.(batch) ?? '')
          : map(events, (batch) => encoder.push(batch, choice)),
      ),
      ...comments,
    ]);
  }
}

/** A line that every reader of server-sent events skips. */
const comment = (text: string): string => `: ${text.replace(/[\r\n]+/g, ' ')}\n\n`;
