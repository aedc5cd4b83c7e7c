import type { Clock } from '../../lambda/policy/clock.ts';

/** The time of day, on which waits take none: they are written down, and the clock is put forward by them. */
export function quickClock(): Clock & { waits: number[]; forward(ms: number): void } {
  let skipped = 0;
  const waits: number[] = [];
  return {
    waits,
    forward(ms) {
      skipped += ms;
    },
    now: () => Date.now() + skipped,
    random: () => 0,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      skipped += ms;
    },
  };
}
