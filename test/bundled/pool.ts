/** What a pool hands out: one execution environment. */
export interface Environment {
  stop(): Promise<void>;
}

/** What an environment reports to its pool. */
export interface EnvironmentEvents {
  /** It asks for work, for the first time or again. */
  onIdle(): void;
  onGone(): void;
}

/** A request that finds all environments answered but not yet back waits this long, and not for a new one. */
const almostIdleMs = 1000;

/**
 * Execution environments as Lambda has them: one for each request at a time, started when there is none to spare, and
 * used again, the last one first. When there are `most`, requests wait; Lambda would refuse them by then.
 */
export class Pool<E extends Environment> {
  readonly #start: (events: EnvironmentEvents) => Promise<E>;
  readonly #most: number;
  readonly #all = new Set<Promise<E>>();
  readonly #live = new Set<E>();
  /** The one that was used last is the last. */
  readonly #idle: E[] = [];
  readonly #waiting: ((environment?: E) => void)[] = [];
  /** Have answered, and not yet asked for work again. */
  readonly #ending = new Set<E>();
  #closed = false;

  constructor(most: number, start: (events: EnvironmentEvents) => Promise<E>) {
    this.#most = most;
    this.#start = start;
  }

  get size(): number {
    return this.#all.size;
  }

  async take(): Promise<E> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (!this.#isFull && this.#ending.size > this.#waiting.length) {
      const back = await this.#wait(almostIdleMs);
      if (back) return back;
    }
    if (this.#isFull) return (await this.#wait()) ?? this.#add();
    return this.#add();
  }

  /** Its answer has ended; it may have work left that outlasts the answer, or be gone. */
  answered(environment: E): void {
    if (this.#live.has(environment)) this.#ending.add(environment);
  }

  /** Whoever waits for an environment gets an error, and so does whoever asks for one from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const settle of this.#waiting.splice(0)) settle();
    const all = await Promise.allSettled(this.#all);
    await Promise.all(all.map((each) => each.status === 'fulfilled' && each.value.stop()));
  }

  get #isFull(): boolean {
    return this.#all.size >= this.#most;
  }

  #add(): Promise<E> {
    if (this.#closed) return Promise.reject(new Error('The pool is closed.'));
    const started: Promise<E> = this.#start({
      // A new one asks for work before it has been given any, and is taken already.
      onIdle: () => void started.then((environment) => this.#back(environment)),
      onGone: () => void started.then((environment) => this.#remove(started, environment)),
    });
    this.#all.add(started);
    void started.then((environment) => this.#live.add(environment));
    return started;
  }

  #back(environment: E): void {
    if (!this.#ending.delete(environment)) return;
    const next = this.#waiting.shift();
    if (next) next(environment);
    else this.#idle.push(environment);
  }

  #remove(started: Promise<E>, environment: E): void {
    this.#all.delete(started);
    this.#live.delete(environment);
    this.#ending.delete(environment);
    const at = this.#idle.indexOf(environment);
    if (at !== -1) this.#idle.splice(at, 1);
    const next = this.#waiting.shift();
    if (next) void this.#add().then(next);
  }

  #wait(ms?: number): Promise<E | undefined> {
    return new Promise((resolve) => {
      const settle = (environment?: E) => {
        clearTimeout(timer);
        resolve(environment);
      };
      this.#waiting.push(settle);
      const timer =
        ms === undefined
          ? undefined
          : setTimeout(() => {
              this.#waiting.splice(this.#waiting.indexOf(settle), 1);
              settle();
            }, ms);
    });
  }
}
