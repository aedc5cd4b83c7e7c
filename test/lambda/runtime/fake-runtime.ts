import { EventEmitter } from 'node:events';
import type { Context } from 'aws-lambda';
import type { StreamingRuntime } from '../../../lambda/runtime/execution-mode.ts';
import type { ResponseStream } from '../../../lambda/runtime/response-stream.ts';

/** Stands in for the stream that the runtime hands to a handler, and remembers what was done to it. */
export class FakeStream extends EventEmitter {
  readonly chunks: string[] = [];
  head: unknown;
  ended = false;
  /** When false, writes ask for a pause until `drain` is emitted. */
  roomy = true;
  /** When true, the end is never confirmed, as on a socket that is gone. */
  stuck = false;

  write(chunk: Uint8Array | string): boolean {
    this.chunks.push(Buffer.from(chunk as Uint8Array).toString());
    this.emit('written');
    return this.roomy;
  }
  end(callback?: () => void): this {
    this.ended = true;
    if (!this.stuck) queueMicrotask(() => callback?.());
    return this;
  }
  get text(): string {
    return this.chunks.join('');
  }
  written(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => this.chunks.length >= count && resolve();
      this.on('written', look);
      look();
    });
  }
}

export const fakeRuntime: StreamingRuntime = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: {
    from(stream: ResponseStream, head: object) {
      (stream as unknown as FakeStream).head = head;
      return stream;
    },
  },
};

export function fakeContext(remainingMs = 60_000): Context {
  return { awsRequestId: 'req-1', getRemainingTimeInMillis: () => remainingMs } as unknown as Context;
}

/** A source of text that is fed by hand. */
export function handFed() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const cancelled: unknown[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(c) {
      controller = c;
    },
    cancel(reason) {
      cancelled.push(reason);
    },
  });
  return {
    body,
    cancelled,
    push: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    close: () => controller.close(),
    fail: (error: unknown) => controller.error(error),
  };
}
