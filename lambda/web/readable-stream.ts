export interface Controller<T> {
  /** Chunks that there is room for: one, less those that wait. Null once the stream has failed. */
  readonly desiredSize: number | null;
  enqueue(chunk: T): void;
  close(): void;
  error(reason: unknown): void;
}

export interface Source<T> {
  start?(controller: Controller<T>): unknown;
  /** Called while there is room, and not again before what it returned has settled. */
  pull?(controller: Controller<T>): unknown;
  cancel?(reason: unknown): unknown;
}

type Result<T> = { done: false; value: T } | { done: true; value: undefined };
type State = 'readable' | 'closing' | 'closed' | { failure: unknown };
const ended = { done: true, value: undefined } as const;

/**
 * The fetch standard's ReadableStream with its default controller, reader and queue of one chunk: what a body
 * needs. No byte streams, tees or pipes.
 */
export class ReadableStream<T> implements AsyncIterable<T> {
  readonly #source: Source<T>;
  readonly #controller: Controller<T>;
  #queue: T[] = [];
  #waiting: PromiseWithResolvers<Result<T>>[] = [];
  #state: State = 'readable';
  /** Nothing is pulled before `start` has settled, and once after it. */
  #pulling: 'no' | 'yes' | 'again' = 'again';
  locked = false;

  constructor(source: Source<T> = {}) {
    this.#source = source;
    const stream = this;
    this.#controller = {
      get desiredSize() {
        if (typeof stream.#state === 'object') return null;
        return stream.#state === 'closed' ? 0 : 1 - stream.#queue.length;
      },
      enqueue: (chunk) => this.#enqueue(chunk),
      close: () => this.#close(),
      error: (reason) => this.#fail(reason),
    };
    this.#settle(source.start?.(this.#controller));
  }

  getReader() {
    if (this.locked) throw new TypeError('the stream is locked to a reader');
    this.locked = true;
    return {
      read: () => this.#read(),
      cancel: (reason?: unknown) => this.#cancel(reason),
      releaseLock: () => {
        this.locked = false;
      },
    };
  }

  async cancel(reason?: unknown): Promise<void> {
    if (this.locked) throw new TypeError('the stream is locked to a reader');
    return this.#cancel(reason);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    const reader = this.getReader();
    try {
      for (let result = await reader.read(); !result.done; result = await reader.read()) yield result.value;
    } finally {
      if (this.#state === 'readable') await reader.cancel();
      reader.releaseLock();
    }
  }

  #read(): Promise<Result<T>> {
    const state = this.#state;
    if (this.#queue.length > 0) {
      const value = this.#queue.shift() as T;
      if (state === 'closing' && this.#queue.length === 0) this.#state = 'closed';
      this.#pull();
      return Promise.resolve({ done: false, value });
    }
    if (typeof state === 'object') return Promise.reject(state.failure);
    if (state !== 'readable') return Promise.resolve(ended);
    const waiter = Promise.withResolvers<Result<T>>();
    this.#waiting.push(waiter);
    this.#pull();
    return waiter.promise;
  }

  #enqueue(chunk: T): void {
    if (this.#state !== 'readable') throw new TypeError('the stream is closed');
    const waiter = this.#waiting.shift();
    if (waiter) waiter.resolve({ done: false, value: chunk });
    else this.#queue.push(chunk);
    this.#pull();
  }

  #close(): void {
    if (this.#state !== 'readable') throw new TypeError('the stream is closed');
    this.#state = this.#queue.length > 0 ? 'closing' : 'closed';
    for (const { resolve } of this.#waiting.splice(0)) resolve(ended);
  }

  #fail(failure: unknown): void {
    if (this.#state !== 'readable' && this.#state !== 'closing') return;
    this.#state = { failure };
    this.#queue = [];
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }

  async #cancel(reason: unknown): Promise<void> {
    const state = this.#state;
    if (typeof state === 'object') throw state.failure;
    if (state === 'closed') return;
    this.#state = 'closed';
    this.#queue = [];
    for (const { resolve } of this.#waiting.splice(0)) resolve(ended);
    await this.#source.cancel?.(reason);
  }

  #pull(): void {
    if (this.#state !== 'readable') return;
    if (this.#queue.length > 0 && this.#waiting.length === 0) return;
    if (this.#pulling !== 'no') {
      this.#pulling = 'again';
      return;
    }
    this.#pulling = 'yes';
    try {
      this.#settle(this.#source.pull?.(this.#controller));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What `start` or `pull` returned: afterwards there may be a next pull. */
  #settle(work: unknown): void {
    Promise.resolve(work).then(
      () => {
        const again = this.#pulling === 'again';
        this.#pulling = 'no';
        if (again) this.#pull();
      },
      (error: unknown) => this.#fail(error),
    );
  }
}
