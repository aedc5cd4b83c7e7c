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
 * one that another has followed is left where it is, because that one began without it. What came to more than was
 * reserved is added to the window of now. Undefined: there is nothing to change. `known` as of `reservation`.
 */
export function settlement(settling: Settling, known?: Standing): Update | undefined {
  const { key, limits, slot, back, requests = 0 } = settling;
  const last = settling.grants.at(-1);
  if (!last) return undefined;
  const stored = known?.windows ?? last.windows;
  const now = windowsNow(windowsAt(settling.at), { windows: stored });
  const minute = partOf(settling, 'minute', BigInt(back.tokens), stored, now);
  const day = partOf(settling, 'day', back.pico, stored, now);
  const month = partOf(settling, 'month', back.pico, stored, now);
  const uncounted = minute.isThere && last.windows.minute === minute.window ? requests : 0;
  const add: Added = {
    requests: -uncounted,
    tokens: -Number(minute.back),
    dayPico: -day.back,
    monthPico: -month.back,
  };
  const moved: Record<WindowName, boolean> = {
    minute: minute.back !== 0n || uncounted > 0,
    day: day.back !== 0n,
    month: month.back !== 0n,
  };
  const counted = countedWindows(limits).filter((name) => moved[name]);
  const freed = limits.concurrent === undefined ? undefined : slot;
  if (counted.length === 0 && freed === undefined) return undefined;
  return updateOf({
    key,
    windows: { minute: minute.window, day: day.window, month: month.window },
    counted,
    known: { windows: stored },
    add,
    slot: freed === undefined ? undefined : { free: freed },
    expiresAt: expiryOf(now),
  });
}

/** What comes back, or where it is negative what is to be added, and into which window. */
interface Part {
  window: number;
  /** The table has this window. */
  isThere: boolean;
  back: bigint;
}

/**
 * From the latest of what was reserved, and into one window no more than was reserved in it. A minute that is over is
 * left alone, for it was mostly followed by another, and to find that out costs a write.
 */
function partOf(
  { grants }: Settling,
  name: WindowName,
  back: bigint,
  stored: Partial<Windows>,
  now: Windows,
): Part {
  if (back <= 0n) return { window: now[name], isThere: stored[name] === now[name], back };
  const window = stored[name] ?? now[name];
  const isThere = stored[name] !== undefined && (name !== 'minute' || window === now.minute);
  let [left, inWindow] = [back, 0n];
  for (const { windows, amount } of grants.toReversed()) {
    const own = name === 'minute' ? BigInt(amount.tokens) : amount.pico;
    const taken = own < left ? own : left;
    if (isThere && windows[name] === window) inWindow += taken;
    left -= taken;
  }
  return { window, isThere, back: inWindow };
}
