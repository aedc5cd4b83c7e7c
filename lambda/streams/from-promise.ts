import type { Receiver, Source } from './source.ts';

/** A source that is still on its way; when it does not come, that is the stream's failure. */
export function fromPromise<T>(coming: Promise<Source<T>>): Source<T> {
  return new Later(coming);
}

class Later<T> implements Source<T> {
  #source: Source<T> | undefined;
  #receiver: Receiver<T> | undefined;
  #left = false;

  constructor(coming: Promise<Source<T>>) {
    coming.then(
      (source) => this.#begin(source),
      (error: unknown) => this.#begin(failed(error)),
    );
  }

  pull(receiver: Receiver<T>): void {
    if (this.#source) this.#source.pull(receiver);
    else this.#receiver = receiver;
  }

  cancel(): void {
    this.#left = true;
    this.#source?.cancel();
  }

  #begin(source: Source<T>): void {
    this.#source = source;
    if (this.#left) source.cancel();
    else if (this.#receiver) source.pull(this.#receiver);
    this.#receiver = undefined;
  }
}

function failed<T>(error: unknown): Source<T> {
  let rendered = false;
  return {
    pull(receiver) {
      if (rendered) return receiver.onEnd();
      rendered = true;
      receiver.onError(error);
    },
    cancel() {
      rendered = true;
    },
  };
}
