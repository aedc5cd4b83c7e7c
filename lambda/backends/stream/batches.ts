import type { Readable } from 'node:stream';
import type { Receiver, Source } from '../../streams/source.ts';
import { afterReads } from './after-reads.ts';

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
  /** What the consumer sees of an error; by default the error itself. It may take its time. */
  toError?: (error: unknown) => Promise<unknown>;
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
 * the body: a read of the socket that holds many HTTP chunks is one batch.
 *
 * Back-pressure reaches the socket. Leaving, an error and the end all destroy the body.
 */
export function batches<T>(body: Readable, decoder: BatchDecoder<T>, options: BatchOptions): Source<T[]> {
  return new Batches(body, decoder, options);
}

/** A silence is noticed with the first of these parts of it that is over after its end. */
const stallChecks = 8;

class Batches<T> implements Source<T[]> {
  readonly #body: Readable;
  readonly #decoder: BatchDecoder<T>;
  readonly #options: BatchOptions;
  readonly #stall: NodeJS.Timeout;
  #items: T[] = [];
  #bytes = 0;
  #receiver: Receiver<T[]> | undefined;
  /** Checks since a byte came or was asked for. */
  #silent = 0;
  #flushing = false;
  #done = false;
  #failure: { error: unknown } | undefined;
  /** Waits for what it will see of the failure. */
  #failing: Receiver<T[]> | undefined;

  constructor(body: Readable, decoder: BatchDecoder<T>, options: BatchOptions) {
    this.#body = body;
    this.#decoder = decoder;
    this.#options = options;
    // A timer that is set anew for each event costs more than a field that is.
    this.#stall = setInterval(() => this.#checkStall(), Math.ceil(options.stallMs / stallChecks)).unref();
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

  pull(receiver: Receiver<T[]>): void {
    this.#receiver = receiver;
    this.#silent = 0;
    this.#give();
  }

  cancel(): void {
    this.#receiver = undefined;
    this.#failing = undefined;
    this.#items = [];
    this.#failure = undefined;
    this.#finish();
  }

  /** What there is to give, to whoever waits for it. */
  #give(): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    if (this.#items.length > 0) {
      this.#receiver = undefined;
      receiver.onItem(this.#take(), this.#done && !this.#failure);
    } else if (this.#done) {
      this.#receiver = undefined;
      this.#giveEnd(receiver);
    }
  }

  #take(): T[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    if (!this.#done && this.#body.isPaused()) this.#body.resume();
    return items;
  }

  /** It fails once; after that it has ended. */
  #giveEnd(receiver: Receiver<T[]>): void {
    const failure = this.#failure;
    this.#failure = undefined;
    const { toError } = this.#options;
    if (!failure) receiver.onEnd();
    else if (toError) this.#giveError(receiver, toError(failure.error));
    else receiver.onError(failure.error);
  }

  #giveError(receiver: Receiver<T[]>, coming: Promise<unknown>): void {
    this.#failing = receiver;
    const give = (error: unknown): void => {
      // Whoever has left meanwhile is not called any more.
      if (!this.#failing) return;
      this.#failing = undefined;
      receiver.onError(error);
    };
    coming.then(give, give);
  }

  #onData(chunk: Buffer): void {
    if (this.#done) return;
    this.#silent = 0;
    try {
      this.#decoder.push(chunk, this.#items);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#receiver) {
      if (this.#items.length > 0) this.#giveSoon();
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

  #checkStall(): void {
    this.#silent += 1;
    if (!this.#receiver || this.#silent <= stallChecks) return;
    this.#fail(new StalledStream(`no byte came for ${this.#options.stallMs} ms`));
  }

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#failure = { error };
    this.#finish();
  }

  #finish(): void {
    if (!this.#done) {
      this.#done = true;
      clearInterval(this.#stall);
      this.#body.destroy();
    }
    this.#giveSoon();
  }

  /** Once all sockets that have something are read: then the writing of all streams follows in one go. */
  #giveSoon(): void {
    if (this.#flushing || !this.#receiver) return;
    this.#flushing = true;
    afterReads(this.#onSoon);
  }

  readonly #onSoon = (): void => {
    this.#flushing = false;
    this.#give();
  };
}
