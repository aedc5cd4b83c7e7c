import type { Source } from './source.ts';

export type ChunkResult = { done: false; value: Uint8Array } | { done: true; value: undefined };

/**
 * A source of bytes as what those who write a body out use of a ReadableStream: @hono/node-server its reader, Node's
 * own Response the iteration. The gateway's own writer takes the source itself. Node's web streams cost more for each
 * event than everything else on its way.
 */
export class PullStream implements AsyncIterable<Uint8Array> {
  locked = false;
  readonly #source: Source<Uint8Array>;

  constructor(source: Source<Uint8Array>) {
    this.#source = source;
  }

  /** The chunks without promises; locks the stream as a reader does. */
  take(): Source<Uint8Array> {
    this.#demandUnlocked();
    this.locked = true;
    return this.#source;
  }

  getReader() {
    const reader = new Reader(this.take());
    return {
      read: () => reader.read(),
      cancel: (_reason?: unknown) => reader.cancel(),
      closed: reader.closed.promise,
      releaseLock: () => {
        this.locked = false;
      },
    };
  }

  async cancel(_reason?: unknown): Promise<void> {
    this.#demandUnlocked();
    this.#source.cancel();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const reader = this.getReader();
    let complete = false;
    try {
      for (let result = await reader.read(); !result.done; result = await reader.read()) yield result.value;
      complete = true;
    } finally {
      if (!complete) await reader.cancel();
      reader.releaseLock();
    }
  }

  #demandUnlocked(): void {
    if (this.locked) throw new TypeError('the stream is locked to a reader');
  }
}

class Reader {
  readonly closed = Promise.withResolvers<void>();
  readonly #source: Source<Uint8Array>;
  #answer: ((result: ChunkResult) => void) | undefined;

  constructor(source: Source<Uint8Array>) {
    this.#source = source;
  }

  read(): Promise<ChunkResult> {
    const { promise, resolve, reject } = Promise.withResolvers<ChunkResult>();
    this.#answer = resolve;
    this.#source.pull({
      onItem: (value) => resolve({ done: false, value }),
      onEnd: () => this.#end(),
      onError: reject,
    });
    return promise;
  }

  /** A read that waits is answered with the end. */
  async cancel(): Promise<void> {
    this.#source.cancel();
    this.#end();
  }

  #end(): void {
    this.closed.resolve();
    this.#answer?.({ done: true, value: undefined });
  }
}
