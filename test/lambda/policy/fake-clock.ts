import type { Clock } from '../../../lambda/policy/clock.ts';

/** A clock whose waits are over at once, written down, and that moves only by them. */
export function fakeClock(random = 0): Clock & { waits: number[]; time: number } {
  const clock = {
    time: 0,
    waits: [] as number[],
    now: () => clock.time,
    random: () => random,
    async sleep(ms: number, signal: AbortSignal) {
      signal.throwIfAborted();
      clock.waits.push(ms);
      clock.time += ms;
    },
  };
  return clock;
}
