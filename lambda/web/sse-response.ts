import { PullStream } from '../streams/readable.ts';
import type { Receiver, Source } from '../streams/source.ts';
import { Response as LeanResponse } from './response.ts';

/**
 * Server-sent events as a Response. Each item of `events` goes out as one write, as soon as it is there;
 * the next is asked for when the client has room for it, so back-pressure reaches Bedrock's socket.
 *
 * `events` must not fail: once the status is sent, a failure is an event like any other.
 */
export interface SseOptions {
  headers?: Record<string, string>;
  /** Gives what keeps idle connections open; it goes out before whatever `events` gives next. */
  heartbeat(): string;
  /** Milliseconds of silence after which it goes out; at most a quarter more. */
  heartbeatMs: number;
  /** It has been silent that long already: begin with a heartbeat. */
  overdue?: boolean;
  /** Called when the last byte has been taken (true), or when the client has gone before that (false). */
  onEnd(complete: boolean): void;
}

export function sseResponse(events: Source<string>, options: SseOptions): Response {
  const { headers } = options;
  const body = new PullStream(new EventChunks(events, options));
  // Node's own would make a web stream of it; so what runs from source is what is deployed.
  const response = new LeanResponse(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
  return response as unknown as Response;
}

/** The silence is looked at this often in an interval: a timer for each event would cost more than the event. */
const looks = 4;

/** The events as chunks. While a receiver waits in vain, it is given a heartbeat instead. */
class EventChunks implements Source<Uint8Array>, Receiver<string> {
  readonly #events: Source<string>;
  readonly #onEnd: (complete: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #receiver: Receiver<Uint8Array> | undefined;
  /** An event has been asked for and has not come. */
  #asked = false;
  /** It came when a heartbeat had taken its receiver. */
  #ready: Uint8Array | undefined;
  #failure: { error: unknown } | undefined;
  readonly #heartbeat: () => string;
  /** Looks since the last chunk. */
  #silence = 0;
  #ended = false;

  constructor(events: Source<string>, { heartbeat, heartbeatMs, overdue, onEnd }: SseOptions) {
    this.#events = events;
    this.#onEnd = onEnd;
    this.#heartbeat = heartbeat;
    if (overdue) this.#ready = Buffer.from(heartbeat());
    this.#timer = setInterval(() => this.#look(), heartbeatMs / looks);
  }

  pull(receiver: Receiver<Uint8Array>): void {
    this.#receiver = receiver;
    if (this.#ready || this.#ended) this.#give();
    else if (!this.#asked) {
      this.#asked = true;
      this.#events.pull(this);
    }
  }

  cancel(): void {
    this.#receiver = undefined;
    this.#ready = undefined;
    if (this.#ended) return;
    // What is upstream ends first: whoever is told of the end wants to know what it came to.
    this.#events.cancel();
    this.#finish(false);
  }

  onItem(text: string): void {
    this.#asked = false;
    this.#silence = 0;
    this.#ready = Buffer.from(text);
    this.#give();
  }

  onEnd(): void {
    this.#finish(true);
    this.#give();
  }

  /** Sources of events must not fail. If one does, this is a failure of the body, never its end. */
  onError(error: unknown): void {
    this.#failure = { error };
    this.#finish(false);
    this.#give();
  }

  #give(): void {
    const receiver = this.#receiver;
    const ready = this.#ready;
    const failure = this.#failure;
    if (!receiver) return;
    this.#receiver = undefined;
    this.#ready = undefined;
    if (!ready) this.#failure = undefined;
    if (ready) receiver.onItem(ready, false);
    else if (failure) receiver.onError(failure.error);
    else receiver.onEnd();
  }

  #look(): void {
    this.#silence += 1;
    if (this.#silence < looks || !this.#receiver) return;
    this.#silence = 0;
    this.#ready = Buffer.from(this.#heartbeat());
    this.#give();
  }

  #finish(complete: boolean): void {
    this.#ended = true;
    clearInterval(this.#timer);
    this.#onEnd(complete);
  }
}
