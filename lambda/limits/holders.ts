import type { Holder } from '../auth/principal.ts';
import { StoreError } from '../store/store-error.ts';
import type { Table } from '../store/table.ts';
import { HolderAccount } from './accounts.ts';
import type { BudgetAlert } from './alerts.ts';
import { type Amount, isNothing, limitsMoney } from './amount.ts';
import { limitsUnavailable, type Refused } from './refuse.ts';
import { type LimitView, viewOf } from './view.ts';

export interface HoldersDeps {
  /** Absent: there is none, so nothing that is limited may be done. */
  table: Table | undefined;
  /** Epoch milliseconds. */
  now: () => number;
  /** What becomes of requests without a limit of money where the table does not answer. */
  whenUnreachable: 'allow' | 'refuse';
  report: (message: string, error: unknown) => void;
  /** A budget has come so far, for the first time in its day or month. */
  alert: (holder: Holder, alert: BudgetAlert) => void;
}

/** All whose limits count for a request: its key and its team. */
export class Holders {
  readonly limitMoney: boolean;
  /** No budget among them has to hold. */
  readonly isSoft: boolean;
  /** What has no price may be called. */
  readonly allowUnpriced: boolean;
  readonly #deps: HoldersDeps;
  readonly #accounts: readonly HolderAccount[];
  /** The table does not answer, and the setting lets requests pass all the same. */
  #isUncounted = false;
  /** Gives back what was granted for nothing. */
  readonly #undone: (() => Promise<void>)[] = [];

  constructor(holders: readonly Holder[], slot: string, deps: HoldersDeps) {
    const { table, now } = deps;
    const byMoney = holders.filter(({ limits }) => limitsMoney(limits));
    this.limitMoney = byMoney.length > 0;
    this.isSoft = byMoney.every(({ limits }) => limits.mode === 'soft');
    this.allowUnpriced = byMoney.every(({ limits }) => limits.unpriced === 'allow');
    this.#deps = deps;
    this.#accounts = table ? holders.map((each) => new HolderAccount(each, slot, { table, now })) : [];
  }

  /**
   * With all of them or with none. Rejects with a 503 where the table does not answer, unless only rates are limited
   * and the setting lets them pass; a table that is asked too often does answer.
   */
  async reserve(amount: Amount, opens: boolean): Promise<Refused | undefined> {
    if (this.#isUncounted || (!opens && isNothing(amount))) return undefined;
    if (!this.#deps.table)
      throw limitsUnavailable(undefined, 'It has no table for limits: set gateway.limits.');
    const done: (() => Promise<void>)[] = [];
    try {
      for (const account of this.#accounts) {
        const { refusal, grant } = await account.reserve(amount, opens);
        if (refusal) {
          await Promise.all(done.map((undo) => undo()));
          const isMoney = refusal.limit === 'dollarsPerDay' || refusal.limit === 'dollarsPerMonth';
          return { ...refusal, holder: account.holder, asked: isMoney ? amount.pico : BigInt(amount.tokens) };
        }
        if (grant) done.push(() => account.release(grant, opens));
      }
    } catch (error) {
      this.#tolerate(error, done);
    }
    return undefined;
  }

  /**
   * Takes back what some have granted for calls that others could not be asked about, and the slots of those who have
   * not answered: when the request is over, since whoever waits for its refusal has waited for the table already. One
   * promise for each.
   */
  takeBack(): Promise<void>[] {
    const undone = this.#undone.splice(0).map((undo) => undo());
    return [...undone, ...this.#accounts.map((account) => account.freeSlot())];
  }

  /** Gives back what was not spent. One promise for each of them. */
  settle(back: Amount): Promise<void>[] {
    return this.#accounts.map((account) => account.settle(back));
  }

  /** Tells of the budgets that have come to a percent of which nobody has told yet. */
  async alert(): Promise<void> {
    const found = await Promise.all(
      this.#accounts.map(async (account) => ({ holder: account.holder, alerts: await account.alerts() })),
    );
    for (const { holder, alerts } of found) for (const alert of alerts) this.#deps.alert(holder, alert);
  }

  view(free: Amount): LimitView {
    return viewOf(this.#accounts, free, this.#deps.now());
  }

  #tolerate(error: unknown, done: readonly (() => Promise<void>)[]): void {
    if (!(error instanceof StoreError)) throw error;
    this.#deps.report('limits: the table does not answer', error);
    // Whoever asks so often that the table cannot count it would else be let through for it.
    if (this.limitMoney || this.#deps.whenUnreachable === 'refuse' || error.isBusy) {
      this.#undone.push(...done);
      throw limitsUnavailable(error);
    }
    this.#isUncounted = true;
  }
}
