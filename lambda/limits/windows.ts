/**
 * The spans of time that limits are for: minutes, days and months of UTC, each with a beginning that everybody agrees
 * on. Two full minutes' worth may pass at the seam of two of them; what a bucket that fills steadily would cost is a
 * read before every write.
 */
export interface Windows {
  /** Minutes since 1970. */
  readonly minute: number;
  /** Days since 1970. */
  readonly day: number;
  /** Months since January of the year 0. */
  readonly month: number;
}
export type WindowName = keyof Windows;

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** `at`: epoch milliseconds. */
export function windowsAt(at: number): Windows {
  const date = new Date(at);
  return {
    minute: Math.floor(at / minuteMs),
    day: Math.floor(at / dayMs),
    month: date.getUTCFullYear() * 12 + date.getUTCMonth(),
  };
}

/** Epoch milliseconds at which a window is over. */
export function endOf(name: WindowName, window: number): number {
  if (name === 'minute') return (window + 1) * minuteMs;
  if (name === 'day') return (window + 1) * dayMs;
  return Date.UTC(Math.floor((window + 1) / 12), (window + 1) % 12);
}
