import type { Receiver, Source } from './source.ts';

/** The items of several sources as they arrive. It ends when all have, and fails, leaving the others, when one does. */
export function merge<T>(sources: readonly Source<T>[]): Source<T> {
  const [only] = sources;
  return only && sources.length === 1 ? only : new Merged(sources);
}

class Merged<T> implements Source<T> {
  readonly #lanes: Lane<T>[];
  readonly #waiting: T[] = [];
  #open: number;
  #failure: { error: unknown } | undefined;
  #receiver: Receiver<T> | undefined;

  constructor(sources: readonly Source<T>[]) {
    this.#open = sources.length;
    this.#lanes = sources.map((source) => new Lane(source, this.#onChange));
  }

  pull(receiver: Receiver<T>): void {
    this.#receiver = receiver;
    for (const lane of this.#lanes) lane.ask();
    this.#give();
  }

  cancel(): void {
    this.#receiver = undefined;
    for (const lane of this.#lanes) lane.cancel();
  }

  readonly #onChange: LaneChange<T> = (change) => {
    if ('item' in change) this.#waiting.push(change.item);
    else this.#open -= 1;
    if ('error' in change) {
      this.#failure ??= change;
      for (const lane of this.#lanes) lane.cancel();
    }
    this.#give();
  };

  #give(): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    if (this.#waiting.length === 0 && !this.#failure && this.#open > 0) return;
    this.#receiver = undefined;
    const failure = this.#failure;
    if (this.#waiting.length > 0) receiver.onItem(this.#waiting.shift() as T, false);
    else if (failure) {
      this.#failure = undefined;
      this.#open = 0;
      receiver.onError(failure.error);
    } else receiver.onEnd();
  }
}

type LaneChange<T> = (change: { item: T } | { error: unknown } | { ended: true }) => void;

/** One of several sources, asked again only when its item has been handed on. */
class Lane<T> implements Receiver<T> {
  readonly #source: Source<T>;
  readonly #onChange: LaneChange<T>;
  #state: 'idle' | 'asked' | 'over' = 'idle';

  constructor(source: Source<T>, onChange: LaneChange<T>) {
    this.#source = source;
    this.#onChange = onChange;
  }

  ask(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'asked';
    this.#source.pull(this);
  }

  cancel(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#source.cancel();
  }

  onItem(item: T): void {
    this.#state = 'idle';
    this.#onChange({ item });
  }

  onEnd(): void {
    this.#state = 'over';
    this.#onChange({ ended: true });
  }

  onError(error: unknown): void {
    this.#state = 'over';
    this.#onChange({ error });
  }
}
