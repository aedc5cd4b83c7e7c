import type { Units } from '../prices/types.ts';
import type { Gate, Reservation } from './gate.ts';
import type { TokenCounts } from './tokens.ts';

/** One call to Bedrock, whoever made it: a retry, a repair, a fallback, one of `n`. */
export interface UpstreamCall {
  /** What Bedrock was called with: a model id, an inference profile or an ARN. */
  readonly modelId: string;
  /** The foundation model behind it, where that is known. */
  readonly underlying?: string;
  readonly region: string;
  /** The service tier that was asked for, and once it has answered the one that served. */
  tier?: string;
  /** As it was asked for. */
  readonly tierAsked?: string;
  /** As the answer says; absent: it says nothing, or there is none yet. */
  tierServed?: string;
  /** Why the model stopped, in Converse's words. */
  stopReason?: string;
  /** A guardrail that was applied by itself: it has a price of its own, and no tokens. */
  readonly isGuardrail?: true;
  /** Whether it repeated a call to the same model, after a failure or with a repaired request. */
  readonly repeated: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  firstEventAt?: number;
  endedAt?: number;
  /** Absent: still under way. `left`: the client had gone, or nobody wanted the rest. Else why it failed. */
  result?: 'ok' | 'left' | (string & {});
  /** Absent: Bedrock has not run the model, or it is not known yet. */
  tokens?: TokenCounts;
  /** The tokens are those that were known when the answer began. */
  isPartial?: boolean | undefined;
  /** Why the tokens are an estimate; absent: Bedrock has counted them. */
  estimated?: 'left' | 'failed' | 'not_reported';
  /** What an answer is billed by, where that is not tokens. */
  units?: Units;
  upstreamRequestId?: string;
  /** What was reserved for it; absent: its key has no limits. */
  readonly reservation?: Reservation | undefined;
}

/** One step of the way to an answer: a model in a region, tried or passed over. */
export interface StepResult {
  readonly model: string;
  readonly region: string;
  /** `ok`, `content_filter`, `cooling_down`, or the reason of the failure. */
  readonly result: string;
}

/** What is known of a request besides its calls. Each is set once. */
export interface RequestFacts {
  api?: string;
  key?: string;
  stream?: boolean;
  modelAsked?: string;
  /** What has answered. */
  modelUsed?: string;
  region?: string;
  /** What a reranking model has ranked, as AWS bills it. */
  searchUnits?: number;
  /** What models that draw have given. */
  images?: number;
  errorReason?: string;
  errorCode?: string;
  /** The expression of optimisation techniques that ran. */
  optimisation?: string;
  optimisationCalls?: number;
  /** Of these, how many came to nothing. */
  optimisationFailed?: number;
  /** What ran out: `calls`, `tokens` or `time`. */
  optimisationStopped?: string;
}

/**
 * What has happened for one request. Nothing is taken out of it or changed but by the call that an entry belongs to,
 * so several calls at once cannot overwrite one another's facts. Headers, the log line and later the money are
 * rendered from it.
 */
export class Trace {
  readonly calls: UpstreamCall[] = [];
  readonly steps: StepResult[] = [];
  readonly children: Trace[] = [];
  /** What calls have to pass; absent: the key has no limits. */
  gate?: Gate | undefined;
  readonly #facts: RequestFacts = {};
  /** Calls of this trace, without its children's, that have no result yet. */
  #open = 0;
  #waiting: (() => void)[] = [];

  /** A trace of its own for one of several answers to a request, or for one inner call of a technique. */
  child(): Trace {
    const child = new Trace();
    child.gate = this.gate;
    this.children.push(child);
    return child;
  }

  /** The entry of a call that begins now. Whoever begins one ends it, however the call ends. */
  begin(call: UpstreamCall): UpstreamCall {
    this.calls.push(call);
    this.#open += 1;
    return call;
  }

  /** `at`: epoch milliseconds. */
  end(call: UpstreamCall, result: NonNullable<UpstreamCall['result']>, at: number): void {
    call.result = result;
    call.endedAt = at;
    call.reservation?.settle(call);
    this.#open -= 1;
    if (this.#open > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  /** Whether every call has ended, so that what they have spent is known. */
  get isSettled(): boolean {
    return this.#open === 0 && this.children.every(({ isSettled }) => isSettled);
  }

  async settled(): Promise<void> {
    // A call that has ended may be followed by another.
    while (!this.isSettled) {
      if (this.#open > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.all(this.children.map((child) => child.settled()));
    }
  }

  note(facts: RequestFacts): void {
    Object.assign(this.#facts, facts);
  }

  /** What the request ended with, where that is a failure. The first one counts. */
  fail({ reason, code }: { reason: string; code: string | null }): void {
    if (this.#facts.errorReason !== undefined) return;
    this.note({ errorReason: reason, ...(code !== null && { errorCode: code }) });
  }

  /** The facts of the request, and where it has several answers those of the first. */
  allFacts(): RequestFacts {
    return { ...this.children[0]?.allFacts(), ...this.#facts };
  }

  /** Every call to Bedrock, those of the children included, in the order in which they were made. */
  allCalls(): UpstreamCall[] {
    const calls = [...this.calls, ...this.children.flatMap((child) => child.allCalls())];
    return calls.sort((one, other) => one.startedAt - other.startedAt);
  }
}
