import { PullStream } from '../streams/readable.ts';
import type { Receiver, Source } from '../streams/source.ts';

export interface ChunkWriter {
  /** False: the next chunk is to wait for 'drain'. */
  write(chunk: Uint8Array): boolean;
  once(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/**
 * Writes a body out, each chunk when the one before has found room. Resolves at its end; rejects with what it or
 * the writer failed with, or, once `stop` is aborted, with its reason: then the body is left.
 */
export function copyBody(
  body: ReadableStream<Uint8Array>,
  writer: ChunkWriter,
  stop: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const copying = new Copying(sourceOf(body, stop), writer, (failure) => {
      stop.removeEventListener('abort', onStop);
      if (failure) reject(failure.error);
      else resolve();
    });
    const onStop = () => copying.fail(stop.reason);
    if (stop.aborted) return onStop();
    stop.addEventListener('abort', onStop, { once: true });
    copying.next();
  });
}

class Copying implements Receiver<Uint8Array> {
  readonly #source: Source<Uint8Array>;
  readonly #writer: ChunkWriter;
  readonly #settle: (failure?: { error: unknown }) => void;

  constructor(
    source: Source<Uint8Array>,
    writer: ChunkWriter,
    settle: (failure?: { error: unknown }) => void,
  ) {
    this.#source = source;
    this.#writer = writer;
    this.#settle = settle;
  }

  readonly next = (): void => {
    try {
      this.#source.pull(this);
    } catch (error) {
      this.fail(error);
    }
  };

  onItem(chunk: Uint8Array): void {
    let room: boolean;
    try {
      room = this.#writer.write(chunk);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (room) this.next();
    else this.#writer.once('drain', this.next);
  }

  onEnd(): void {
    this.#settle();
  }

  onError(error: unknown): void {
    this.#settle({ error });
  }

  fail(error: unknown): void {
    this.#writer.off('drain', this.next);
    this.#source.cancel();
    this.#settle({ error });
  }
}

/** The function's own bodies are sources; Node's ReadableStream is read through its reader. */
function sourceOf(body: ReadableStream<Uint8Array> | PullStream, stop: AbortSignal): Source<Uint8Array> {
  if (body instanceof PullStream) return body.take();
  const reader = body.getReader();
  let left = false;
  return {
    pull(receiver) {
      reader.read().then(
        ({ done, value }) => left || (done ? receiver.onEnd() : receiver.onItem(value, false)),
        (error) => left || receiver.onError(error),
      );
    },
    cancel() {
      left = true;
      // A source that fails to clean up is past helping.
      reader.cancel(stop.reason).catch(() => {});
    },
  };
}
