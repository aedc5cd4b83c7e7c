import type { Limits } from '../auth/limits-record.ts';
import type { Key, Update } from '../store/types.ts';
import type { Amount } from './amount.ts';
import { type Added, updateOf } from './change.ts';
import { expiryOf } from './reserve.ts';
import { countedWindows, type Standing, windowsNow } from './standing.ts';
import { type WindowName, type Windows, windowsAt } from './windows.ts';

/** What was reserved, and in which windows. */
export interface Grant {
  readonly windows: Windows;
  readonly amount: Amount;
}

export interface Settling {
  key: Key;
  limits: Limits;
  /** All that was reserved for the request, in its order. */
  grants: readonly Grant[];
  /** What is given back; what came to more than was reserved is negative. */
  back: Amount;
  /** Requests that are not to count after all. */
  requests?: number;
  /** The slot to free; absent: the request goes on. */
  slot?: string | undefined;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * The change that gives back what was reserved and not spent, into the windows that it was reserved in: what belongs to
 * one that is over is left where it is, because the next one began without it. What came to more than was reserved is
 * added to the window of now. Undefined: there is nothing to change. `known` as of `reservation`.
 */
export function settlement(settling: Settling, known?: Standing): Update | undefined {
  const { key, limits, slot, requests = 0 } = settling;
  const last = settling.grants.at(-1);
  if (!last) return undefined;
  const stored = known?.windows ?? last.windows;
  const windows = windowsNow(windowsAt(settling.at), { windows: stored });
  const goesOn = (name: WindowName) => stored[name] === windows[name];
  const add: Added = {
    requests: goesOn('minute') && last.windows.minute === windows.minute ? -requests : 0,
    tokens: -Number(refund(settling, 'minute', stored, windows, ({ tokens }) => BigInt(tokens))),
    dayPico: -refund(settling, 'day', stored, windows, ({ pico }) => pico),
    monthPico: -refund(settling, 'month', stored, windows, ({ pico }) => pico),
  };
  const moved: Record<WindowName, boolean> = {
    minute: add.tokens !== 0 || add.requests !== 0,
    day: add.dayPico !== 0n,
    month: add.monthPico !== 0n,
  };
  const counted = countedWindows(limits).filter((name) => moved[name]);
  const freed = limits.concurrent === undefined ? undefined : slot;
  if (counted.length === 0 && freed === undefined) return undefined;
  return updateOf({
    key,
    windows,
    counted,
    known: { windows: stored },
    add,
    slot: freed === undefined ? undefined : { free: freed },
    expiresAt: expiryOf(windows),
  });
}

/** What comes back into one window: from the latest of what was reserved, and no more than was reserved in that window. */
function refund(
  { back, grants }: Settling,
  name: WindowName,
  stored: Partial<Windows>,
  windows: Windows,
  part: (amount: Amount) => bigint,
): bigint {
  let left = part(back);
  if (left <= 0n) return left;
  let inWindow = 0n;
  for (const grant of grants.toReversed()) {
    const own = part(grant.amount);
    const taken = own < left ? own : left;
    const isThere = stored[name] === grant.windows[name];
    if (isThere && grant.windows[name] === windows[name]) inWindow += taken;
    left -= taken;
  }
  return inWindow;
}
