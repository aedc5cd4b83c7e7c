import { expect, it } from 'vitest';
import { cached } from '../../../lambda/auth/cached.ts';

/** A source that is answered by hand, and a clock that stands still. */
function setup() {
  const state = {
    now: 0,
    loads: 0,
    failures: [] as unknown[],
    answer: async (): Promise<string> => `v${state.loads}`,
  };
  const cache = cached(
    () => {
      state.loads += 1;
      return state.answer();
    },
    {
      ttlMs: 60_000,
      pauseMs: 5000,
      maxStaleMs: 3_600_000,
      clock: () => state.now,
      onFailure: (error) => state.failures.push(error),
    },
  );
  const fail = async () => {
    throw new Error('down');
  };
  return { state, cache, fail };
}

it('loads once while the value is fresh, and again when it is not', async () => {
  const { state, cache } = setup();
  expect(await cache.get()).toBe('v1');
  state.now = 59_999;
  expect(await cache.get()).toBe('v1');
  state.now = 60_000;
  expect(await cache.get()).toBe('v2');
});

it('shares one load among all who ask meanwhile', async () => {
  const { state, cache } = setup();
  expect(await Promise.all([cache.get(), cache.get(), cache.refresh(), cache.get()])).toEqual([
    'v1',
    'v1',
    'v1',
    'v1',
  ]);
  expect(state.loads).toBe(1);
});

it('refreshes early, but not more often than the pause allows', async () => {
  const { state, cache } = setup();
  await cache.get();
  state.now = 4999;
  expect(await cache.refresh()).toBe('v1');
  state.now = 5000;
  expect(await cache.refresh()).toBe('v2');
  expect(await cache.refresh()).toBe('v2');
});

it('serves the old value while the source fails, asks it again after each pause, and then no longer', async () => {
  const { state, cache, fail } = setup();
  await cache.get();
  state.answer = fail;
  state.now = 60_000;
  expect(await cache.get()).toBe('v1');
  expect(await cache.get()).toBe('v1');
  expect(await cache.refresh()).toBe('v1');
  expect(state.loads).toBe(2);
  state.now = 65_000;
  expect(await cache.get()).toBe('v1');
  expect(state.loads).toBe(3);
  state.now = 60_000 + 3_600_001;
  await expect(cache.get()).rejects.toThrow('down');
  expect(state.failures).toHaveLength(3);
});

it('without any value it rejects, bounded in the same way, and recovers', async () => {
  const { state, cache, fail } = setup();
  const well = state.answer;
  state.answer = fail;
  await expect(cache.get()).rejects.toThrow('down');
  await expect(cache.get()).rejects.toThrow('down');
  await expect(cache.refresh()).rejects.toThrow('down');
  expect(state.loads).toBe(1);
  state.answer = well;
  state.now = 5000;
  expect(await cache.get()).toBe('v2');
});
