import { type Amount, atLeastNothing, least, minus, nothing, plus } from './amount.ts';

/**
 * What a request has reserved and its calls have not taken. A call takes its bound out of it and puts back what it has
 * not spent, so that a call which follows a failure needs nothing from the table. Less than nothing where a call has
 * spent more than its bound.
 */
export class Purse {
  #free: Amount = nothing;

  get free(): Amount {
    return this.#free;
  }

  put(amount: Amount): void {
    this.#free = plus(this.#free, amount);
  }

  take(amount: Amount): void {
    this.#free = minus(this.#free, amount);
  }

  /** Takes what there is of an amount, for itself: what is missing then is asked of the table. */
  takeSome(amount: Amount): { taken: Amount; missing: Amount } {
    const taken = least(this.#free, amount);
    this.take(taken);
    return { taken, missing: atLeastNothing(minus(amount, taken)) };
  }
}
