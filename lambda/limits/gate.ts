import type { Gate, Gated, Reservation } from '../accounting/gate.ts';
import type { RequestRecord } from '../accounting/record.ts';
import type { Trace } from '../accounting/trace.ts';
import type { Holder } from '../auth/principal.ts';
import type { Pricing } from '../prices/types.ts';
import type { Table } from '../store/table.ts';
import { type Amount, minus, nothing, times } from './amount.ts';
import { type AnyCall, lowered } from './asked.ts';
import { dayUpdates } from './day.ts';
import { Holders, type HoldersDeps } from './holders.ts';
import { lowerTo, softOutput } from './lower.ts';
import { actualAmount, amountOf, type Priced, pricedCall } from './priced.ts';
import { Purse } from './purse.ts';
import { overLimit } from './refuse.ts';
import { slotOf } from './standing.ts';
import type { LimitView } from './view.ts';

export interface GateDeps extends HoldersDeps {
  /** Loaded when money is limited, or counted. */
  pricing: () => Promise<Pricing>;
  newId: () => string;
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
  readonly #holders: Holders;
  readonly #purse = new Purse();
  readonly #warnings = new Set<string>();
  /** Of a request whose money is limited. */
  #pricing: Pricing | undefined;
  #expected = 1;
  #opening: Promise<unknown> | undefined;
  #isOpen = false;
  /** What the table has not answered yet. */
  readonly #admissions = new Set<Promise<unknown>>();

  constructor(deps: GateDeps, request: GatedRequest) {
    this.#deps = deps;
    this.#request = request;
    this.#holders = new Holders(request.holders, slotOf(request.deadline + slotGraceMs, deps.newId()), deps);
  }

  expect(calls: number): void {
    this.#expected = Math.max(this.#expected, calls);
  }

  async admit<Call extends Gated>(call: Call): Promise<Call> {
    if (this.#request.holders.length === 0) return call;
    const admission = this.#admitted(call);
    const isOver = () => this.#admissions.delete(admission);
    this.#admissions.add(admission);
    admission.then(isOver, isOver);
    return admission;
  }

  async #admitted<Call extends Gated>(call: Call): Promise<Call> {
    if (this.#holders.limitMoney) this.#pricing ??= await this.#deps.pricing();
    const asked = pricedCall(call, this.#pricing, this.#holders, this.#deps.now());
    call.signal.throwIfAborted();
    const { made, amount } = await this.#reserved(call, asked);
    if (call.signal.aborted) {
      this.#purse.put(amount);
      call.signal.throwIfAborted();
    }
    return { ...made, reservation: this.#reservation(amount, asked) };
  }

  announce(headers: Headers): void {
    this.#deps.announce(headers, this.#holders.view(this.#purse.free), [...this.#warnings]);
  }

  end(record: RequestRecord, trace: Trace): void {
    this.#request.waitUntil(this.#close(record, trace));
  }

  async #close(record: RequestRecord, trace: Trace): Promise<void> {
    // A request may be over while the table is at work for it: what it grants then is for nothing.
    while (this.#admissions.size > 0) await Promise.allSettled(this.#admissions);
    const work: Promise<unknown>[] = this.#holders.takeBack();
    if (this.#isOpen) work.push(...this.#holders.settle(this.#purse.free));
    const { table } = this.#deps;
    if (table && trace.allCalls().length > 0) work.push(this.#countDay(table, record, trace));
    const settled = await Promise.allSettled(work);
    if (this.#holders.limitMoney) settled.push(...(await Promise.allSettled([this.#holders.alert()])));
    for (const result of settled)
      if (result.status === 'rejected') this.#deps.report('limits: not settled', result.reason);
  }

  async #countDay(table: Table, record: RequestRecord, trace: Trace): Promise<void> {
    const pricing = this.#pricing ?? (await this.#deps.pricing());
    const at = this.#deps.now();
    const updates = dayUpdates({ key: this.#request.key, record, calls: trace.allCalls(), at, pricing });
    await Promise.all(updates.map((update) => table.update(update)));
  }

  #reservation(amount: Amount, { tokens }: Priced): Reservation {
    let isOver = false;
    const over = (actual: Amount) => {
      if (!isOver) this.#purse.put(minus(amount, actual));
      isOver = true;
    };
    return {
      settle: (entry) => over(actualAmount(entry, amount, this.#pricing, tokens)),
      cancel: () => over(nothing),
    };
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

  /** For `calls` of its like, from the purse and from the table; takes one, and the others are in the purse. */
  async #reserve<Call extends Gated>(call: Call, asked: Priced, calls: number, opens: boolean) {
    const { isSoft } = this.#holders;
    const all = asked.tokens?.output ?? 0;
    let output = isSoft ? softOutput(asked, all, (text) => this.#warnings.add(text)) : all;
    for (let lowerings = 0; ; lowerings += 1) {
      const amount = amountOf(asked, output);
      const { taken, missing } = this.#purse.takeSome(times(amount, calls));
      const refused = await this.#holders.reserve(missing, opens).catch((error) => {
        this.#purse.put(taken);
        throw error;
      });
      this.#purse.put(taken);
      if (!refused) {
        // Put and taken at once, or a call that waits would find it there.
        this.#purse.put(missing);
        this.#purse.take(amount);
        return { made: !isSoft && output < all ? lowered<Call & AnyCall>(call, output) : call, amount };
      }
      const room = { taken: taken.pico, calls, output };
      const less = isSoft || lowerings === mostLowerings ? undefined : lowerTo(asked, refused, room);
      if (less === undefined) throw overLimit(refused, this.#deps.now());
      output = less;
      this.#warnings.add(`the budget carries at most ${output} output tokens of the ${all} asked for`);
    }
  }
}
