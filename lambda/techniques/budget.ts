/** What ran out. */
export type Stop = 'calls' | 'tokens' | 'time';

/** What one stage of an expression is to have of a budget that all stages draw on. */
export class Share {
  /** Calls that it is certain to make and has not made. */
  certain: number;
  /** Its answer call is still to come. */
  answer: boolean;

  constructor(certain: number, answer: boolean) {
    this.certain = certain;
    this.answer = answer;
  }
}

/**
 * The inner calls and written tokens that one request may still have. A call counts when it begins. One that is not an
 * answer leaves room for the answer of its own stage, and for what the other stages are certain to need.
 */
export class Budget {
  readonly #maxCalls: number;
  readonly #maxTokens: number;
  readonly #shares = new Set<Share>();
  #made = 0;
  #written = 0;

  constructor(maxCalls: number, maxTokens = Number.POSITIVE_INFINITY) {
    this.#maxCalls = maxCalls;
    this.#maxTokens = maxTokens;
  }

  open(share: Share): void {
    this.#shares.add(share);
  }

  /** The stage has come to its end: nothing is kept for it any more. */
  close(share: Share): void {
    this.#shares.delete(share);
  }

  wrote(tokens: number): void {
    this.#written += tokens;
  }

  /** Calls that a stage may still begin beside its answer. */
  left(share: Share): number {
    return Math.max(0, this.#room(share) - (share.answer ? 1 : 0));
  }

  /** Takes one call; what has run out where there is none. */
  take(share: Share, isAnswer: boolean): Stop | undefined {
    if (!isAnswer && this.#written >= this.#maxTokens) return 'tokens';
    if ((isAnswer ? this.#room(share) : this.left(share)) < 1) return 'calls';
    this.#made += 1;
    share.certain = Math.max(0, share.certain - 1);
    if (isAnswer) share.answer = false;
    return undefined;
  }

  /** What is left and not kept for others. */
  #room(share: Share): number {
    let kept = 0;
    for (const other of this.#shares)
      if (other !== share) kept += Math.max(other.certain, other.answer ? 1 : 0);
    return this.#maxCalls - this.#made - kept;
  }
}
