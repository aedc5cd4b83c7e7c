import type { Gate, Gated } from '../accounting/gate.ts';
import type { RequestRecord } from '../accounting/record.ts';
import type { noTokens } from '../accounting/tokens.ts';
import type { Trace, UpstreamCall } from '../accounting/trace.ts';
import type { Holder } from '../auth/principal.ts';
import type { CalledModel, Pricing } from '../prices/types.ts';
import { StoreError } from '../store/store-error.ts';
import type { Table } from '../store/table.ts';
import { HolderAccount } from './accounts.ts';
import { type Amount, isNothing, limitsMoney, minus, nothing, times } from './amount.ts';
import { type AnyCall, askedTokens, lowered } from './asked.ts';
import { dayUpdates } from './day.ts';
import { lowerTo, type Priced, softOutput } from './lower.ts';
import { Purse } from './purse.ts';
import { limitsUnavailable, notPriced, overLimit, type Refused } from './refuse.ts';
import { slotOf } from './standing.ts';
import { type LimitView, viewOf } from './view.ts';

export interface GateDeps {
  /** Absent: there is none, so nothing that is limited may be done. */
  table: Table | undefined;
  /** Loaded when money is limited, or counted. */
  pricing: () => Promise<Pricing>;
  /** Epoch milliseconds. */
  now: () => number;
  newId: () => string;
  /** What becomes of requests without a limit of money where the table does not answer. */
  whenUnreachable: 'allow' | 'refuse';
  /** Whether what was used is added up by day. */
  countsUsage: boolean;
  report: (message: string, error: unknown) => void;
  /** Sets the headers of the client's own API. */
  announce: (headers: Headers, view: LimitView, warnings: readonly string[]) => void;
}

export interface GatedRequest {
  /** Whose limits count; none: the request is only counted. */
  holders: readonly Holder[];
  /** The key's name. */
  key: string;
  /** Epoch milliseconds by which the request is over, whatever becomes of it. */
  deadline: number;
  waitUntil(work: Promise<unknown>): void;
}

/** More than a deadline: clocks differ. */
const slotGraceMs = 10_000;
/** How often less may be asked for, while others take what is left. */
const mostLowerings = 5;

/**
 * The gate of one request: reserve before a call, settle after the last byte. What is reserved is the most that the
 * call can come to; what it has not come to is given back, in one write, when the request is over.
 */
export class RequestGate implements Gate {
  readonly #deps: GateDeps;
  readonly #request: GatedRequest;
  readonly #accounts: readonly HolderAccount[];
  readonly #purse = new Purse();
  readonly #limitsMoney: boolean;
  readonly #isSoft: boolean;
  readonly #warnings = new Set<string>();
  #pricing: Pricing | undefined;
  #expected = 1;
  #opening: Promise<unknown> | undefined;
  #isOpen = false;
  /** The table does not answer, and the setting lets requests pass all the same. */
  #isUncounted = false;

  constructor(deps: GateDeps, request: GatedRequest) {
    this.#deps = deps;
    this.#request = request;
    const slot = slotOf(request.deadline + slotGraceMs, deps.newId());
    const { table, now } = deps;
    this.#accounts = table
      ? request.holders.map((each) => new HolderAccount(each, slot, { table, now }))
      : [];
    const byMoney = request.holders.filter(({ limits }) => limitsMoney(limits));
    this.#limitsMoney = byMoney.length > 0;
    this.#isSoft = byMoney.every(({ limits }) => limits.mode === 'soft');
  }

  expect(calls: number): void {
    this.#expected = Math.max(this.#expected, calls);
  }

  async admit<Call extends Gated>(call: Call): Promise<Call> {
    if (this.#request.holders.length === 0) return call;
    const asked = await this.#priced(call);
    call.signal.throwIfAborted();
    const { made, amount } = await this.#reserved(call, asked);
    this.#purse.take(amount);
    if (call.signal.aborted) {
      this.#purse.put(amount);
      call.signal.throwIfAborted();
    }
    let isOver = false;
    const over = (actual: Amount) => {
      if (isOver) return;
      isOver = true;
      this.#purse.put(minus(amount, actual));
    };
    const reservation = {
      settle: (entry: UpstreamCall) => over(this.#actual(entry, amount)),
      cancel: () => over(nothing),
    };
    return { ...made, reservation };
  }

  announce(headers: Headers): void {
    const view = viewOf(this.#accounts, this.#purse.free, this.#deps.now());
    this.#deps.announce(headers, view, [...this.#warnings]);
  }

  end(record: RequestRecord, trace: Trace): void {
    this.#request.waitUntil(this.#close(record, trace));
  }

  async #close(record: RequestRecord, trace: Trace): Promise<void> {
    const back = this.#purse.free;
    const work: Promise<unknown>[] = this.#isOpen
      ? this.#accounts.map((account) => account.settle(back))
      : [];
    const { table, countsUsage } = this.#deps;
    const counts = countsUsage || this.#request.holders.length > 0;
    if (table && counts && trace.allCalls().length > 0) work.push(this.#countDay(table, record, trace));
    for (const result of await Promise.allSettled(work))
      if (result.status === 'rejected') this.#deps.report('limits: not settled', result.reason);
  }

  async #countDay(table: Table, record: RequestRecord, trace: Trace): Promise<void> {
    const pricing = this.#pricing ?? (await this.#deps.pricing());
    const at = this.#deps.now();
    const updates = dayUpdates({ key: this.#request.key, record, calls: trace.allCalls(), at, pricing });
    await Promise.all(updates.map((update) => table.update(update)));
  }

  /** What the call may come to. Throws a 403 for what has no price where money is limited. */
  async #priced(call: AnyCall): Promise<Priced> {
    const tokens = askedTokens(call);
    if (!tokens) return { tokens, cost: () => 0n };
    if (!this.#limitsMoney) return { tokens, cost: () => 0n };
    this.#pricing ??= await this.#deps.pricing();
    const pricing = this.#pricing;
    const model = calledModel(call, this.#deps.now());
    const bound = (output: number) => pricing.bound(model, { ...tokens, output }, tokens.tier);
    const whole = bound(tokens.output);
    if (whole.pico === null) {
      const isAllowed = this.#request.holders.every(
        ({ limits }) => !limitsMoney(limits) || limits.unpriced === 'allow',
      );
      if (!isAllowed) throw notPriced(call.target.asked, whole.reason);
      return { tokens, cost: () => 0n };
    }
    return { tokens, cost: (output) => bound(output).pico ?? 0n };
  }

  /** Reserves for a call; the request's first goes alone, and the others wait for it. */
  async #reserved<Call extends Gated>(call: Call, asked: Priced): Promise<{ made: Call; amount: Amount }> {
    while (!this.#isOpen && this.#opening) await this.#opening.catch(() => {});
    if (this.#isOpen) return this.#reserve(call, asked, 1, false);
    const opening = this.#reserve(call, asked, this.#expected, true);
    this.#opening = opening;
    try {
      const opened = await opening;
      this.#isOpen = true;
      return opened;
    } finally {
      this.#opening = undefined;
    }
  }

  async #reserve<Call extends Gated>(call: Call, asked: Priced, calls: number, opens: boolean) {
    let output = asked.tokens?.output ?? 0;
    if (this.#isSoft) output = softOutput(asked, output, (text) => this.#warnings.add(text));
    const all = asked.tokens?.output ?? 0;
    for (let lowerings = 0; ; lowerings += 1) {
      const amount = amountOf(asked, output);
      const { taken, missing } = this.#purse.takeSome(times(amount, calls));
      const refused = await this.#reserveAll(missing, opens).catch((error) => {
        this.#purse.put(taken);
        throw error;
      });
      this.#purse.put(taken);
      if (!refused) {
        this.#purse.put(missing);
        const isLowered = !this.#isSoft && output < all;
        return { made: isLowered ? lowered<Call & AnyCall>(call, output) : call, amount };
      }
      const less =
        lowerings < mostLowerings ? lowerTo(asked, refused, { taken: taken.pico, calls, output }) : undefined;
      if (this.#isSoft || less === undefined) throw overLimit(refused, this.#deps.now());
      output = less;
      this.#warnings.add(`the budget carries at most ${output} output tokens of the ${all} asked for`);
    }
  }

  /** All holders or none of them. */
  async #reserveAll(amount: Amount, opens: boolean): Promise<Refused | undefined> {
    if (this.#isUncounted || (!opens && isNothing(amount))) return undefined;
    if (!this.#deps.table)
      throw limitsUnavailable(undefined, 'It has no table for limits: set gateway.limits.');
    const done: HolderAccount[] = [];
    try {
      for (const account of this.#accounts) {
        const refusal = await account.reserve(amount, opens);
        if (refusal) {
          await Promise.all(done.map((each) => each.release(opens)));
          const money = refusal.limit === 'dollarsPerDay' || refusal.limit === 'dollarsPerMonth';
          return { ...refusal, holder: account.holder, asked: money ? amount.pico : BigInt(amount.tokens) };
        }
        done.push(account);
      }
    } catch (error) {
      this.#tolerate(error);
    }
    return undefined;
  }

  /** Throws a 503, unless only rates are limited and the setting lets them pass. */
  #tolerate(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#deps.report('limits: the table does not answer', error);
    if (this.#limitsMoney || this.#deps.whenUnreachable === 'refuse') throw limitsUnavailable(error);
    this.#isUncounted = true;
  }

  /** What a call has come to. Where nobody knows, it is what was reserved: nothing is given back on ignorance. */
  #actual(entry: UpstreamCall, reserved: Amount): Amount {
    const { tokens, estimated, tier } = entry;
    if (!tokens) return nothing;
    if (estimated === 'failed' || estimated === 'not_reported') return reserved;
    const cost = this.#limitsMoney ? this.#pricing?.cost(entryModel(entry), tokens, tier) : undefined;
    return { tokens: sumOf(tokens), pico: cost?.pico ?? reserved.pico };
  }
}

/** What writes no tokens may still count as a request. */
function amountOf({ tokens, cost }: Priced, output: number): Amount {
  if (!tokens) return nothing;
  return { tokens: tokens.input + Math.min(output, ratedOutput), pico: cost(output) };
}

/** Output tokens that count towards a minute's before they are written: most answers are shorter. */
const ratedOutput = 4096;

const sumOf = (tokens: typeof noTokens): number => Object.values(tokens).reduce((sum, each) => sum + each, 0);

function calledModel({ target }: Gated, at: number): CalledModel {
  const { id: modelId, underlying, region } = target;
  return { modelId, underlying, region, at };
}

const entryModel = ({ modelId, underlying, region, startedAt: at }: UpstreamCall): CalledModel => ({
  modelId,
  underlying,
  region,
  at,
});
