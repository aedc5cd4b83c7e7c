import type { Holder } from '../auth/principal.ts';
import { type Amount, picoOf } from './amount.ts';
import { type Standing, usedIn, windowsNow } from './standing.ts';
import { endOf, windowsAt } from './windows.ts';

/** What an answer says of the limits of its key: of several that of which the least is left. */
export interface LimitView {
  requests?: Rate;
  tokens?: Rate;
  /** Dollars × 10⁻¹² that may still be spent. */
  budgetPico?: bigint;
}

export interface Rate {
  limit: number;
  remaining: number;
  /** Epoch milliseconds at which all of it is there again. */
  resetsAt: number;
}

interface Held {
  holder: Holder;
  standing: Standing | undefined;
}

/** `free`: what is reserved and not taken by any call. `at`: epoch milliseconds. */
export function viewOf(held: readonly Held[], free: Amount, at: number): LimitView {
  const view: LimitView = {};
  for (const { holder, standing } of held) {
    if (!standing) continue;
    const windows = windowsNow(windowsAt(at), standing);
    const used = usedIn(windows, standing);
    const { requestsPerMinute, tokensPerMinute, dollarsPerDay, dollarsPerMonth } = holder.limits;
    const resetsAt = endOf('minute', windows.minute);
    const rate = (limit: number | undefined, spent: number, before: Rate | undefined) => {
      if (limit === undefined) return before;
      const remaining = Math.max(0, limit - spent);
      return before && before.remaining <= remaining ? before : { limit, remaining, resetsAt };
    };
    const requests = rate(requestsPerMinute, used.requests, view.requests);
    if (requests) view.requests = requests;
    const tokens = rate(tokensPerMinute, used.tokens - free.tokens, view.tokens);
    if (tokens) view.tokens = tokens;
    for (const [dollars, spent] of [
      [dollarsPerDay, used.dayPico],
      [dollarsPerMonth, used.monthPico],
    ] as const) {
      if (dollars === undefined) continue;
      const left = picoOf(dollars) - spent + free.pico;
      const before = view.budgetPico;
      const most = left > 0n ? left : 0n;
      view.budgetPico = before !== undefined && before < most ? before : most;
    }
  }
  return view;
}
