/** How many inner calls of one request may be under way. Who comes first goes first. */
export class Slots {
  #limit: number;
  #taken = 0;
  #halved = false;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** Resolves with the function that gives the slot back; to be called once. */
  async take(): Promise<() => void> {
    if (this.#taken >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#give();
    };
  }

  /** After the first throttling: half as many for the rest of the request. */
  halve(): void {
    if (this.#halved) return;
    this.#halved = true;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }

  /** A slot is handed to who waits, unless there are fewer now. */
  #give(): void {
    const next = this.#taken <= this.#limit ? this.#waiting.shift() : undefined;
    if (next) next();
    else this.#taken -= 1;
  }
}
