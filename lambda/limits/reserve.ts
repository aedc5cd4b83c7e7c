import type { Limits } from '../auth/limits-record.ts';
import type { Key, Update } from '../store/types.ts';
import { type Amount, picoOf } from './amount.ts';
import { type Most, sweepOf, updateOf } from './change.ts';
import { countedWindows, isSlotOver, type Standing, usedIn, windowsNow } from './standing.ts';
import { endOf, type WindowName, type Windows, windowsAt } from './windows.ts';

/** What is asked for. */
export interface Wanted {
  amount: Amount;
  /** The request's first: it counts as a request, and takes the slot. */
  opens: boolean;
  slot: string;
}

export type LimitName =
  | 'requestsPerMinute'
  | 'tokensPerMinute'
  | 'dollarsPerDay'
  | 'dollarsPerMonth'
  | 'concurrent';

/** Why there is nothing for it. */
export interface Refusal {
  limit: LimitName;
  /** Whether it would be refused though nothing had been used. */
  never: boolean;
  /** What is left, in the limit's unit: requests, tokens or pico-dollars. */
  left: bigint;
  /** Epoch milliseconds from which on there may be some again. */
  resetsAt: number;
}

export type Decision =
  | { kind: 'refuse'; refusal: Refusal }
  | { kind: 'change'; update: Update; windows: Windows }
  /** Slots of requests whose time is over have to go first. */
  | { kind: 'sweep'; update: Update };

export interface Asking {
  key: Key;
  limits: Limits;
  wanted: Wanted;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * The change that reserves what is wanted, or why it is refused. `known`: the item as it was seen; absent: it has not
 * been read, and is taken to be of the windows that are now. A reservation is one conditional write, so of any
 * number of requests at once only as many get one as the limit has room for.
 */
export function reservation(asking: Asking, known?: Standing): Decision {
  const { limits, wanted, at } = asking;
  const now = windowsAt(at);
  const windows = known ? windowsNow(now, known) : now;
  if (known) {
    const refusal = refusalOf(asking, known, windows);
    if (refusal) return { kind: 'refuse', refusal };
    const over = known.slots.filter((slot) => isSlotOver(slot, at));
    const isFull = limits.concurrent !== undefined && known.slots.length >= limits.concurrent;
    if (wanted.opens && isFull && over.length > 0)
      return { kind: 'sweep', update: sweepOf(asking.key, over) };
  }
  const { amount, opens, slot } = wanted;
  const { concurrent } = limits;
  const update = updateOf({
    key: asking.key,
    windows,
    counted: countedWindows(limits),
    known: known ?? { windows },
    add: {
      requests: opens ? 1 : 0,
      tokens: amount.tokens,
      dayPico: amount.pico,
      monthPico: amount.pico,
    },
    most: mostBefore(limits, wanted),
    slot: opens && concurrent !== undefined ? { take: slot, below: concurrent } : undefined,
    expiresAt: expiryOf(windows),
  });
  return { kind: 'change', update, windows };
}

/** What each counter may stand at for the amount to fit in; a limit that nothing is asked of is not looked at. */
function mostBefore(limits: Limits, { amount, opens }: Wanted): Most {
  const { requestsPerMinute, tokensPerMinute, dollarsPerDay, dollarsPerMonth } = limits;
  return {
    ...(opens && requestsPerMinute !== undefined && { requests: requestsPerMinute - 1 }),
    ...(tokensPerMinute !== undefined && amount.tokens > 0 && { tokens: tokensPerMinute - amount.tokens }),
    ...(dollarsPerDay !== undefined && amount.pico > 0n && { dayPico: picoOf(dollarsPerDay) - amount.pico }),
    ...(dollarsPerMonth !== undefined &&
      amount.pico > 0n && { monthPico: picoOf(dollarsPerMonth) - amount.pico }),
  };
}

function refusalOf({ limits, wanted, at }: Asking, known: Standing, windows: Windows): Refusal | undefined {
  const used = usedIn(windows, known);
  const { amount, opens } = wanted;
  const resets = (name: WindowName) => endOf(name, windows[name]);
  const over = (limit: LimitName, most: bigint, before: bigint, asked: bigint, resetsAt: number) =>
    asked > 0n && before + asked > most
      ? { limit, never: asked > most, left: most > before ? most - before : 0n, resetsAt }
      : undefined;
  const money = (limit: LimitName, dollars: number | undefined, before: bigint, name: WindowName) =>
    dollars === undefined ? undefined : over(limit, picoOf(dollars), before, amount.pico, resets(name));
  const count = (limit: LimitName, most: number | undefined, before: number, asked: number) =>
    most === undefined
      ? undefined
      : over(limit, BigInt(most), BigInt(before), BigInt(asked), resets('minute'));
  const live = known.slots.filter((slot) => !isSlotOver(slot, at)).length;
  const { concurrent } = limits;
  return (
    // What lasts longest is said first.
    money('dollarsPerMonth', limits.dollarsPerMonth, used.monthPico, 'month') ??
    money('dollarsPerDay', limits.dollarsPerDay, used.dayPico, 'day') ??
    count('tokensPerMinute', limits.tokensPerMinute, used.tokens, amount.tokens) ??
    count('requestsPerMinute', limits.requestsPerMinute, used.requests, opens ? 1 : 0) ??
    (opens && concurrent !== undefined && live >= concurrent
      ? { limit: 'concurrent', never: false, left: 0n, resetsAt: at + retrySlotMs }
      : undefined)
  );
}

/** When a slot comes free is not known; a chat takes some seconds. */
const retrySlotMs = 2000;
const keptMs = 35 * 86_400_000;

/** Epoch seconds: an item that nobody uses goes a month after the last window that it counts. */
export const expiryOf = (windows: Windows): number =>
  Math.floor((endOf('month', windows.month) + keptMs) / 1000);
