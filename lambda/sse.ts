import { type ChunkResult, PullStream } from './pull-stream.ts';

/**
 * Server-sent events as a Response. Each item of `events` goes out as one write, as soon as it is there;
 * the next is asked for when the client has room for it, so back-pressure reaches Bedrock's socket.
 *
 * `events` must not throw: once the status is sent, a failure is an event like any other.
 */
export interface SseOptions {
  headers?: Record<string, string>;
  /** Milliseconds of silence after which a comment keeps idle connections open. */
  heartbeatMs: number;
  /** Called when the last byte has been taken (true), or when the client has gone before that (false). */
  onEnd(complete: boolean): void;
}

export function sseResponse(
  events: AsyncIterable<string>,
  { headers, heartbeatMs, onEnd }: SseOptions,
): Response {
  const body = new PullStream(new EventChunks(events, heartbeatMs, onEnd));
  return new Response(body as unknown as ReadableStream, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
}

// Comments are skipped by every client tried (Codex, Copilot, AI SDK, LangChain, openai-python).
const heartbeat = Buffer.from(': keep-alive\n\n');
const end: ChunkResult = { done: true, value: undefined };

/** `Buffer.from` would go through the text twice, the first time to count; no character takes more than three. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length * 3);
  return bytes.subarray(0, bytes.write(text));
}

/** The events as chunks. While a reader waits in vain, it is given a heartbeat instead. */
class EventChunks {
  readonly #iterator: AsyncIterator<string>;
  readonly #onEnd: (complete: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #reader: ((result: ChunkResult) => void) | undefined;
  /** An event has been asked for and has not come. */
  #asked = false;
  /** It came when a heartbeat had taken its reader. */
  #ready: ChunkResult | undefined;
  #quiet = true;
  #ended = false;

  constructor(events: AsyncIterable<string>, heartbeatMs: number, onEnd: (complete: boolean) => void) {
    this.#iterator = events[Symbol.asyncIterator]();
    this.#onEnd = onEnd;
    this.#timer = setInterval(() => this.#beat(), heartbeatMs);
  }

  read(): Promise<ChunkResult> {
    const ready = this.#ready;
    if (ready) {
      this.#ready = undefined;
      return Promise.resolve(ready);
    }
    if (this.#ended) return Promise.resolve(end);
    return new Promise((resolve) => {
      this.#reader = resolve;
      if (this.#asked) return;
      this.#asked = true;
      this.#iterator.next().then(this.#onEvent);
    });
  }

  async cancel(): Promise<void> {
    this.#give(end);
    if (this.#ended) return;
    this.#finish(false);
    await this.#iterator.return?.();
  }

  readonly #onEvent = ({ done, value }: IteratorResult<string>): void => {
    this.#asked = false;
    this.#quiet = false;
    if (this.#ended) return;
    if (done) this.#finish(true);
    const result: ChunkResult = done ? end : { done: false, value: bytesOf(value) };
    if (this.#reader) this.#give(result);
    else this.#ready = result;
  };

  #give(result: ChunkResult): void {
    this.#reader?.(result);
    this.#reader = undefined;
  }

  #beat(): void {
    if (this.#quiet) this.#give({ done: false, value: heartbeat });
    this.#quiet = true;
  }

  #finish(complete: boolean): void {
    this.#ended = true;
    clearInterval(this.#timer);
    this.#onEnd(complete);
  }
}
