import type { Readable } from 'node:stream';

/** How a body of bytes becomes items: `push` appends those that a chunk completes. Both throw to fail the stream. */
export interface BatchDecoder<T> {
  push(chunk: Buffer, items: T[]): void;
  /** The body has ended. */
  end(): void;
  /** What has come is enough: if the connection breaks now, that is the end and no failure. */
  readonly complete?: boolean;
}

export interface BatchOptions {
  /** Milliseconds without a byte, while someone waits for one, that end the stream with a StalledStream. */
  stallMs: number;
  /** What the consumer sees of an error; by default the error itself. */
  toError?: (error: unknown) => unknown;
}

/** No byte came for `stallMs`. */
export class StalledStream extends Error {
  override name = 'StalledStream';
}

/** The connection went away before the body was complete. */
export class BrokenStream extends Error {
  override name = 'BrokenStream';
}

/** Bytes that may wait, decoded, for a slow consumer before the socket is paused. */
const highWaterMark = 64 * 1024;

/**
 * The items of a body, those of one read of the socket together. 'data' handlers instead of `for await` over
 * the body: a read of the socket that holds many HTTP chunks is one batch, and costs one promise.
 *
 * Back-pressure reaches the socket. Leaving the loop early, an error and the end all destroy the body.
 */
export function batches<T>(
  body: Readable,
  decoder: BatchDecoder<T>,
  options: BatchOptions,
): AsyncIterable<T[]> {
  // Reading starts now, not with the first `next()`: nobody would hear an error that came in between.
  const reader = new Batches(body, decoder, options);
  return { [Symbol.asyncIterator]: () => reader };
}

type Waiter<T> = {
  resolve: (result: IteratorResult<T[], undefined>) => void;
  reject: (error: unknown) => void;
};

class Batches<T> implements AsyncIterator<T[], undefined> {
  readonly #body: Readable;
  readonly #decoder: BatchDecoder<T>;
  readonly #options: BatchOptions;
  readonly #stall: NodeJS.Timeout;
  #items: T[] = [];
  #bytes = 0;
  #waiter: Waiter<T> | undefined;
  #flushing = false;
  #done = false;
  #failure: { error: unknown } | undefined;

  constructor(body: Readable, decoder: BatchDecoder<T>, options: BatchOptions) {
    this.#body = body;
    this.#decoder = decoder;
    this.#options = options;
    this.#stall = setTimeout(() => this.#onStall(), options.stallMs).unref();
    body.on('data', (chunk: Buffer) => this.#onData(chunk));
    body.on('end', () => this.#onEnd());
    body.on('error', (error) => this.#onBroken(error));
    body.on('close', () => {
      // Every body closes; an error is made only for those that close too early, because its stack costs 20 µs.
      if (!this.#done)
        this.#onBroken(new BrokenStream('the connection closed before the answer was complete'));
    });
    if (body.destroyed) this.#onBroken(new BrokenStream('the connection closed before the answer was read'));
  }

  next(): Promise<IteratorResult<T[], undefined>> {
    if (this.#items.length > 0) return Promise.resolve(this.#take());
    if (this.#failure) return Promise.reject(this.#error(this.#failure));
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    this.#stall.refresh();
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<T[], undefined>> {
    this.#items = [];
    this.#failure = undefined;
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  #take(): IteratorResult<T[], undefined> {
    const value = this.#items;
    this.#items = [];
    this.#bytes = 0;
    if (!this.#done && this.#body.isPaused()) this.#body.resume();
    return { done: false, value };
  }

  /** An iterator fails once; after that it is at its end. */
  #error(failure: { error: unknown }): unknown {
    this.#failure = undefined;
    return this.#options.toError ? this.#options.toError(failure.error) : failure.error;
  }

  #onData(chunk: Buffer): void {
    if (this.#done) return;
    try {
      this.#decoder.push(chunk, this.#items);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#waiter) {
      this.#stall.refresh();
      if (this.#items.length > 0) this.#flushSoon();
      return;
    }
    this.#bytes += chunk.length;
    if (this.#bytes >= highWaterMark) this.#body.pause();
  }

  #onEnd(): void {
    if (this.#done) return;
    try {
      this.#decoder.end();
      this.#finish();
    } catch (error) {
      this.#fail(error);
    }
  }

  #onBroken(error: Error): void {
    if (this.#decoder.complete) this.#finish();
    else this.#fail(error);
  }

  #onStall(): void {
    if (this.#waiter) this.#fail(new StalledStream(`no byte came for ${this.#options.stallMs} ms`));
  }

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#failure = { error };
    this.#finish();
  }

  #finish(): void {
    if (!this.#done) {
      this.#done = true;
      clearTimeout(this.#stall);
      this.#body.destroy();
    }
    this.#flushSoon();
  }

  /** Once the current read of the socket is through: all its chunks come within one turn. */
  #flushSoon(): void {
    if (this.#flushing || !this.#waiter) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const waiter = this.#waiter;
    if (!waiter) return;
    this.#waiter = undefined;
    if (this.#items.length > 0) waiter.resolve(this.#take());
    else if (this.#failure) waiter.reject(this.#error(this.#failure));
    else if (this.#done) waiter.resolve({ done: true, value: undefined });
    else this.#waiter = waiter;
  }
}
