import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { quickClock } from '../support/quick-clock.ts';

/**
 * Loaded into a function's process before the function: gives it the time and the chance of a test's clock,
 * whose file is named in SHARED_CLOCK. The gateway's retries wait with `node:timers/promises`; everything else keeps its timers.
 */
const clock = quickClock(process.env.SHARED_CLOCK);
const sleep = (ms = 0, _value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
  clock.sleep(ms, signal ?? new AbortController().signal);

Date.now = clock.now;
Math.random = clock.random;
Object.assign(timers, { setTimeout: sleep });
syncBuiltinESMExports();
