import { isObject } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { FailedFrame } from '../errors/failed-frame.ts';
import { inOneLine } from '../stream/one-line.ts';
import { ChunkText } from './chunk-text.ts';
import { hasIntervened, intervened, invocationMetrics, KnownUsage, withoutBedrocks } from './usage.ts';

/**
 * The events of one message, out of the chunks of InvokeModelWithResponseStream. Nearly all of them go on as they came;
 * those that say what was used are read, and lose what is Bedrock's own.
 */
export class MessageEvents {
  /** `message_stop` has come. */
  complete = false;
  readonly #usage = new KnownUsage();
  readonly #text = new ChunkText();
  /** A guardrail may have the last word: only the last event says so, and the client learns it from the one before. */
  readonly #guarded: boolean;
  #held: JsonObject | undefined;

  constructor(guarded: boolean) {
    this.#guarded = guarded;
  }

  /** Appends what a frame holds for the client, in order. Throws FailedFrame where it is an error of the model's. */
  read(type: string, bytes: Buffer, start: number, end: number, events: NativeEvent[]): void {
    if (type !== 'chunk') return;
    const json = this.#text.read(bytes, start, end);
    if (json === undefined) return;
    if (isDelta.test(json)) {
      events.push({ type: delta, json, written: writtenIn(delta, json) });
      return;
    }
    const kind = kindOf(json);
    if (kind === undefined || isRead.has(kind)) {
      for (const event of this.#readWhole(JSON.parse(json) as JsonObject)) events.push(event);
    } else events.push({ type: kind, json: inOneLine(json), written: writtenIn(kind, json) });
  }

  #readWhole(event: JsonObject): NativeEvent[] {
    const { message, usage } = event;
    switch (event.type) {
      case 'message_start':
        this.#usage.add(isObject(message) ? message.usage : undefined);
        return [{ ...eventOf(event), usage: this.#usage.usage, begins: true }];
      case 'message_delta':
        this.#usage.add(usage);
        if (this.#guarded) {
          this.#held = event;
          return [];
        }
        return [{ ...eventOf(event), usage: this.#usage.usage }];
      case 'message_stop':
        return this.#finish(event);
      case 'error':
        throw failure(event);
      default:
        return typeof event.type === 'string' ? [eventOf(event)] : [];
    }
  }

  #finish(event: JsonObject): NativeEvent[] {
    this.complete = true;
    this.#usage.addMetrics(event[invocationMetrics]);
    const held = this.#held && [hasIntervened(event) ? changed(this.#held) : this.#held];
    const events = [...(held ?? []), withoutBedrocks(event)].map(eventOf);
    const { usage } = this.#usage;
    return events.map((each) => ({ ...each, usage }));
  }
}

const eventOf = (event: JsonObject): NativeEvent => ({
  type: String(event.type),
  json: JSON.stringify(event),
  written: 0,
});

function changed({ delta, ...event }: JsonObject): JsonObject {
  return { ...event, delta: { ...(isObject(delta) ? (delta as JsonObject) : {}), ...intervened } };
}

/** Events that say what was used, or that the answer has failed. */
const isRead: ReadonlySet<string> = new Set(['message_start', 'message_delta', 'message_stop', 'error']);

const delta = 'content_block_delta';
const deltaHead = `{"type":"${delta}","index":`;
/**
 * A delta as Claude writes it, in one line: nearly every event. For a text that has just been made V8 matches this in
 * less time than `startsWith` takes, and than two looks at it.
 */
const isDelta = new RegExp(`^\\${deltaHead}[^\\r\\n]*$`);

/** Characters of the text in a delta, or a little more: the JSON around it is not taken off to the letter. */
const writtenIn = (kind: string, { length }: string): number =>
  kind === delta ? Math.max(0, length - aroundText) : 0;
const aroundText = `${deltaHead}0,"delta":{"type":"text_delta","text":""}}`.length;

/** The event's type where it comes first; undefined: the event is to be parsed. */
const kindOf = (json: string): string | undefined => /^\{"type":"([a-z_]{1,40})"/.exec(json)?.[1];

/** Anthropic's names of failures, as Bedrock's exceptions. */
const exceptions: ReadonlyMap<unknown, string> = new Map([
  ['overloaded_error', 'serviceUnavailableException'],
  ['rate_limit_error', 'throttlingException'],
  ['timeout_error', 'modelTimeoutException'],
  ['invalid_request_error', 'validationException'],
]);

function failure({ error }: JsonObject): FailedFrame {
  const { type, message } = isObject(error) ? error : {};
  return new FailedFrame({
    type: exceptions.get(type) ?? 'modelStreamErrorException',
    payload: JSON.stringify({ message: typeof message === 'string' ? message : '' }),
    requestId: undefined,
  });
}
