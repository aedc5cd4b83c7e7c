import { isObject, parseJson } from '../../canonical/json.ts';
import type { ConverseEvent } from '../../canonical/types.ts';
import { endedEarly } from '../errors/incomplete.ts';
import type { AnswerReader } from '../invoke/answer-reader.ts';
import { failureIn, noAnswer } from '../openai/failure.ts';
import type { BatchDecoder } from '../stream/batches.ts';
import { CorruptStream } from '../stream/corrupt-stream.ts';
import { ServerSentDecoder } from '../stream/server-sent.ts';

/** Chunks of Chat Completions as events of ConverseStream. They are complete with `[DONE]`, once the model has said why it stopped. */
export class ChatEvents implements BatchDecoder<ConverseEvent> {
  complete = false;
  readonly #decoder = new ServerSentDecoder((data) => this.#onData(data));
  readonly #reader: AnswerReader;
  readonly #requestId: string | undefined;
  #events: ConverseEvent[] = [];

  constructor(reader: AnswerReader, requestId: string | undefined) {
    this.#reader = reader;
    this.#requestId = requestId;
  }

  push(chunk: Buffer, events: ConverseEvent[]): void {
    this.#events = events;
    this.#decoder.push(chunk);
  }

  end(): void {
    if (!this.complete) throw endedEarly(this.#requestId);
  }

  #onData(data: string): void {
    if (this.complete) return;
    if (data === '[DONE]') {
      if (!this.#reader.stopped) throw endedEarly(this.#requestId);
      this.complete = true;
      return;
    }
    const chunk = parseJson(data)?.value;
    if (!isObject(chunk)) throw new CorruptStream('an event of the stream is no JSON object');
    if (chunk.error != null)
      throw failureIn(isObject(chunk.error) ? chunk.error : { message: chunk.error }, this.#requestId);
    if (!Array.isArray(chunk.choices)) throw noAnswer(chunk, this.#requestId);
    for (const event of this.#reader.push(chunk)) this.#events.push(event);
  }
}
