export type ChunkResult = { done: false; value: Uint8Array } | { done: true; value: undefined };

export interface ChunkSource {
  /** The next chunk; called again only when the one before has come. Does not reject. */
  read(): Promise<ChunkResult>;
  /** Nobody wants the rest. */
  cancel(reason?: unknown): Promise<void>;
}

/**
 * What those who write a body out use of a ReadableStream: @hono/node-server and `runtime/response-stream.ts` its
 * reader, Node's own Response the iteration. A chunk goes from source to reader with no queue between them.
 * Node's web streams cost more for each event than everything else on its way.
 */
export class PullStream implements AsyncIterable<Uint8Array> {
  locked = false;
  readonly #source: ChunkSource;
  readonly #closed = Promise.withResolvers<void>();

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  getReader() {
    if (this.locked) throw new TypeError('the stream is locked to a reader');
    this.locked = true;
    return {
      read: () => this.#read(),
      cancel: (reason?: unknown) => this.#cancel(reason),
      closed: this.#closed.promise,
      releaseLock: () => {
        this.locked = false;
      },
    };
  }

  async cancel(reason?: unknown): Promise<void> {
    if (this.locked) throw new TypeError('the stream is locked to a reader');
    await this.#cancel(reason);
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

  #read(): Promise<ChunkResult> {
    const result = this.#source.read();
    result.then(this.#onResult);
    return result;
  }

  readonly #onResult = ({ done }: ChunkResult): void => {
    if (done) this.#closed.resolve();
  };

  #cancel(reason: unknown): Promise<void> {
    this.#closed.resolve();
    return this.#source.cancel(reason);
  }
}
