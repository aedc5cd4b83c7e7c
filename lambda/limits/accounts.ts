import type { Limits } from '../auth/limits-record.ts';
import type { Holder } from '../auth/principal.ts';
import { StoreError } from '../store/store-error.ts';
import type { Table, UpdateOptions } from '../store/table.ts';
import { keyOf, type Update, type Updated } from '../store/types.ts';
import { alertsDue, alertUpdate, type BudgetAlert, type BudgetName } from './alerts.ts';
import { type Amount, isNothing, limitsMoney } from './amount.ts';
import { sweepOf } from './change.ts';
import { type Asking, type Refusal, reservation, type Wanted } from './reserve.ts';
import { type Grant, type Settling, settlement } from './settle.ts';
import { type Standing, standingOf } from './standing.ts';

export interface AccountDeps {
  table: Table;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Nobody who loses against others as often gets anything at all by trying on. */
const mostTries = 8;

/** One holder's counters, as one request draws on them. */
export class HolderAccount {
  readonly holder: Holder;
  /** As they were seen last. */
  standing: Standing | undefined;
  readonly #deps: AccountDeps;
  readonly #slot: string;
  readonly #grants: Grant[] = [];
  #hasOpened = false;
  /** A write was not answered for that may have taken its slot, or may not have freed it. */
  #isSlotUnsure = false;
  /** The budget for which it was refused. */
  #refused: BudgetName | undefined;

  constructor(holder: Holder, slot: string, deps: AccountDeps) {
    this.holder = holder;
    this.#slot = slot;
    this.#deps = deps;
  }

  /** What was granted, if anything had to be; or why not. Rejects with StoreError. */
  async reserve(amount: Amount, opens: boolean): Promise<{ refusal?: Refusal; grant?: Grant }> {
    const wanted: Wanted = { amount, opens, slot: this.#slot };
    if (!isCounted(this.holder.limits, wanted)) return {};
    // Only then nothing but this can have taken its slot.
    const isFirst = opens && !this.#hasOpened;
    this.#hasOpened ||= opens;
    let known: Standing | undefined;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const decision = reservation({ ...this.#asking, wanted }, known);
      if (decision.kind === 'refuse') {
        const { limit, never } = decision.refusal;
        if (!never && (limit === 'dollarsPerDay' || limit === 'dollarsPerMonth')) this.#refused = limit;
        return { refusal: decision.refusal };
      }
      const updated = await this.#update(decision.update, { mayCountTwice: true });
      known = standingOf(updated.item);
      this.standing = known;
      // A slot of its own, though the condition did not hold: it was done, and sent again because its answer was lost.
      const isDone = updated.done || (isFirst && known.slots.includes(this.#slot));
      if (decision.kind === 'change' && isDone) {
        const grant = { windows: decision.windows, amount };
        this.#grants.push(grant);
        return { grant };
      }
    }
    throw new StoreError({
      name: 'Contention',
      message: `The counters of a ${this.holder.kind} have changed ${mostTries} times under a reservation.`,
      mayBeDone: false,
      passes: true,
    });
  }

  /** Takes one of its grants back, as if it had not been made. Rejects with StoreError. */
  async release(grant: Grant, opened: boolean): Promise<void> {
    const at = this.#grants.indexOf(grant);
    // To give back twice would be to forget what was spent.
    if (at < 0) return;
    this.#grants.splice(at, 1);
    const requests = opened ? 1 : 0;
    const slot = opened ? this.#slot : undefined;
    await this.#settle({ grants: [grant], back: grant.amount, requests, slot });
  }

  /** Gives back what was not spent, once. Rejects with StoreError. */
  async settle(back: Amount): Promise<void> {
    try {
      await this.#settle({ grants: this.#grants.splice(0), back, slot: this.#slot });
    } finally {
      await this.freeSlot();
    }
  }

  /** Frees its slot where that is not sure to be free: to free it twice does no harm. Rejects with StoreError. */
  async freeSlot(): Promise<void> {
    if (!this.#isSlotUnsure) return;
    this.#isSlotUnsure = false;
    await this.#deps.table.update(sweepOf(this.#asking.key, [this.#slot]), { mayCountTwice: true });
  }

  async #update(update: Update, options?: UpdateOptions): Promise<Updated> {
    try {
      return await this.#deps.table.update(update, options);
    } catch (error) {
      this.#isSlotUnsure = this.holder.limits.concurrent !== undefined;
      throw error;
    }
  }

  async #settle(settling: Omit<Settling, 'key' | 'limits' | 'at'>): Promise<void> {
    let known: Standing | undefined;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const update = settlement({ ...this.#asking, ...settling }, known);
      if (!update) return;
      // Not sent again when it may have been done: to give back twice would be to forget what was spent.
      const updated = await this.#update(update);
      known = standingOf(updated.item);
      this.standing = known;
      if (updated.done) return;
    }
  }

  /** Alerts that this request is the first to find due. Rejects with StoreError. */
  async alerts(): Promise<BudgetAlert[]> {
    const { standing } = this;
    if (!standing) return [];
    const { key, limits, at } = this.#asking;
    const due = alertsDue({ limits, standing, refused: this.#refused, at });
    const given = await Promise.all(
      due.map(async (alert) => (await this.#deps.table.update(alertUpdate(key, alert))).done),
    );
    return due.filter((_, i) => given[i]);
  }

  get #asking(): Omit<Asking, 'wanted'> {
    const { kind, name, limits } = this.holder;
    return { key: keyOf(`${kind.toUpperCase()}#${name}`, 'LIMIT'), limits, at: this.#deps.now() };
  }
}

/** Whether anything of it is limited, so that it has to be counted. */
function isCounted(limits: Limits, { amount, opens }: Wanted): boolean {
  const { requestsPerMinute, tokensPerMinute, concurrent } = limits;
  if (opens && (requestsPerMinute !== undefined || concurrent !== undefined)) return true;
  if (isNothing(amount)) return false;
  return (tokensPerMinute !== undefined && amount.tokens > 0) || (limitsMoney(limits) && amount.pico > 0n);
}
