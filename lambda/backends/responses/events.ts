import { isObject, parseJson } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { endedEarly } from '../errors/incomplete.ts';
import { failureIn, noAnswer } from '../openai/failure.ts';
import type { BatchDecoder } from '../stream/batches.ts';
import { CorruptStream } from '../stream/corrupt-stream.ts';
import { ServerSentDecoder } from '../stream/server-sent.ts';

/** One event of a streamed response. */
export interface ResponseEvent extends JsonObject {
  type: string;
}

/** What makes items of an event; `json`: as it came. */
export type ReadResponseEvent<T> = (event: ResponseEvent, json: string) => readonly T[];

/** They say that the model is at work, and nothing of what it does. */
const beginnings: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
]);
const endings: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/**
 * The events of one response. It is complete with one of three; without any, the stream has failed. Those that only say
 * that it has begun wait for what follows: until then a failure can still be met by another call.
 */
export class ResponseDecoder<T> implements BatchDecoder<T> {
  complete = false;
  readonly #decoder = new ServerSentDecoder((data) => this.#onData(data));
  readonly #read: ReadResponseEvent<T>;
  readonly #requestId: string | undefined;
  #items: T[] = [];
  #held: T[] = [];
  #hasBegun = false;

  constructor(read: ReadResponseEvent<T>, requestId: string | undefined) {
    this.#read = read;
    this.#requestId = requestId;
  }

  push(chunk: Buffer, items: T[]): void {
    this.#items = items;
    this.#decoder.push(chunk);
  }

  end(): void {
    if (!this.complete) throw endedEarly(this.#requestId);
  }

  #onData(data: string): void {
    if (this.complete || data === '[DONE]') return;
    const event = parseJson(data)?.value;
    if (!isObject(event)) throw new CorruptStream('an event of the stream is no JSON object');
    if (event.type === 'error' || (event.type === undefined && event.error != null))
      throw failureIn(isObject(event.error) ? event.error : event, this.#requestId);
    if (typeof event.type !== 'string') throw noAnswer(event, this.#requestId);
    this.#onEvent(event as ResponseEvent, data);
  }

  #onEvent(event: ResponseEvent, data: string): void {
    const failed = event.type === 'response.failed';
    if (failed && !this.#hasBegun) throw this.#failureOf(event);
    const items = this.#read(event, data);
    if (!this.#hasBegun && beginnings.has(event.type)) {
      for (const item of items) this.#held.push(item);
      return;
    }
    this.#hasBegun = true;
    for (const item of this.#held) this.#items.push(item);
    for (const item of items) this.#items.push(item);
    this.#held = [];
    this.complete = endings.has(event.type) && !failed;
    if (failed) throw this.#failureOf(event);
  }

  #failureOf({ response }: ResponseEvent) {
    return failureIn(isObject(response) ? response.error : undefined, this.#requestId);
  }
}
