import type { Source, Taker } from './source.ts';

/** A source that is still on its way; when it does not come, that is the stream's failure. */
export function later<T>(coming: Promise<Source<T>>): Source<T> {
  return new Later(coming);
}

class Later<T> implements Source<T> {
  #source: Source<T> | undefined;
  #taker: Taker<T> | undefined;
  #left = false;

  constructor(coming: Promise<Source<T>>) {
    coming.then(
      (source) => this.#begin(source),
      (error: unknown) => this.#begin(failed(error)),
    );
  }

  next(taker: Taker<T>): void {
    if (this.#source) this.#source.next(taker);
    else this.#taker = taker;
  }

  leave(): void {
    this.#left = true;
    this.#source?.leave();
  }

  #begin(source: Source<T>): void {
    this.#source = source;
    if (this.#left) source.leave();
    else if (this.#taker) source.next(this.#taker);
    this.#taker = undefined;
  }
}

function failed<T>(error: unknown): Source<T> {
  let told = false;
  return {
    next(taker) {
      if (told) return taker.onEnd();
      told = true;
      taker.onError(error);
    },
    leave() {
      told = true;
    },
  };
}
