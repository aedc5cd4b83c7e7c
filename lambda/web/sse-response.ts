import { PullStream } from '../streams/readable.ts';
import type { Source, Taker } from '../streams/source.ts';
import { Response as LeanResponse } from './response.ts';

/**
 * Server-sent events as a Response. Each item of `events` goes out as one write, as soon as it is there;
 * the next is asked for when the client has room for it, so back-pressure reaches Bedrock's socket.
 *
 * `events` must not fail: once the status is sent, a failure is an event like any other.
 */
export interface SseOptions {
  headers?: Record<string, string>;
  /** Milliseconds of silence after which a comment keeps idle connections open. */
  heartbeatMs: number;
  /** Called when the last byte has been taken (true), or when the client has gone before that (false). */
  onEnd(complete: boolean): void;
}

export function sseResponse(events: Source<string>, { headers, heartbeatMs, onEnd }: SseOptions): Response {
  const body = new PullStream(new EventChunks(events, heartbeatMs, onEnd));
  // Node's own would make a web stream of it; so what runs from source is what is deployed.
  const response = new LeanResponse(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
  return response as unknown as Response;
}

// Comments are skipped by every client tried (Codex, Copilot, AI SDK, LangChain, openai-python).
const heartbeat = Buffer.from(': keep-alive\n\n');

/** The events as chunks. While a taker waits in vain, it is given a heartbeat instead. */
class EventChunks implements Source<Uint8Array>, Taker<string> {
  readonly #events: Source<string>;
  readonly #tellEnd: (complete: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #taker: Taker<Uint8Array> | undefined;
  /** An event has been asked for and has not come. */
  #asked = false;
  /** It came when a heartbeat had taken its taker. */
  #ready: Uint8Array | undefined;
  #failure: { error: unknown } | undefined;
  #quiet = true;
  #ended = false;

  constructor(events: Source<string>, heartbeatMs: number, onEnd: (complete: boolean) => void) {
    this.#events = events;
    this.#tellEnd = onEnd;
    this.#timer = setInterval(() => this.#beat(), heartbeatMs);
  }

  next(taker: Taker<Uint8Array>): void {
    this.#taker = taker;
    if (this.#ready || this.#ended) this.#give();
    else if (!this.#asked) {
      this.#asked = true;
      this.#events.next(this);
    }
  }

  leave(): void {
    this.#taker = undefined;
    this.#ready = undefined;
    if (this.#ended) return;
    this.#finish(false);
    this.#events.leave();
  }

  onItem(text: string): void {
    this.#asked = false;
    this.#quiet = false;
    this.#ready = Buffer.from(text);
    this.#give();
  }

  onEnd(): void {
    this.#finish(true);
    this.#give();
  }

  /** By the contract it is not called; if it is, nobody shall take it for the end. */
  onError(error: unknown): void {
    this.#failure = { error };
    this.#finish(false);
    this.#give();
  }

  #give(): void {
    const taker = this.#taker;
    const ready = this.#ready;
    const failure = this.#failure;
    if (!taker) return;
    this.#taker = undefined;
    this.#ready = undefined;
    if (!ready) this.#failure = undefined;
    if (ready) taker.onItem(ready, false);
    else if (failure) taker.onError(failure.error);
    else taker.onEnd();
  }

  #beat(): void {
    if (this.#quiet && this.#taker) {
      this.#ready = heartbeat;
      this.#give();
    }
    this.#quiet = true;
  }

  #finish(complete: boolean): void {
    this.#ended = true;
    clearInterval(this.#timer);
    this.#tellEnd(complete);
  }
}
