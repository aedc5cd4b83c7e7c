import { expect, it } from 'vitest';
import { cached } from '../../../lambda/auth/cached.ts';

/** A source that is answered by hand, and a clock that stands still. */
function setup() {
  const state = {
    now: 0,
    loads: 0,
    failures: [] as unknown[],
    answer: async (): Promise<string> => `v${state.loads}`,
    /** Whether a load ends while somebody still waits for it, and how long each was ready to wait. */
    inTime: true,
    waits: [] as number[],
  };
  const cache = cached(
    () => {
      state.loads += 1;
      return state.answer();
    },
    {
      ttlMs: 60_000,
      pauseMs: 5000,
      patienceMs: 250,
      maxStaleMs: 3_600_000,
      clock: () => state.now,
      onFailure: (error) => state.failures.push(error),
      settles: async (ms, work) => {
        state.waits.push(ms);
        if (state.inTime) await work.catch(() => undefined);
        return state.inTime;
      },
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

it('is not trusted for longer, nor its failure, because a clock was put back', async () => {
  const { state, cache, fail } = setup();
  state.now = 7_200_000;
  expect(await cache.get()).toBe('v1');
  state.now = 3_600_000;
  expect(await cache.get()).toBe('v2');
  state.now += 60_000;
  state.answer = fail;
  expect(await cache.get()).toBe('v2');
  state.now -= 60_000;
  state.answer = async () => 'new';
  expect(await cache.refresh()).toBe('new');
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

/** A source that answers when the test says so. */
function held() {
  const answers: ((value: string) => void)[] = [];
  const answer = () => new Promise<string>((resolve) => answers.push(resolve));
  return { answers, answer };
}

it('a slow source holds nobody up while the old value is good, and its answer counts when it comes', async () => {
  const { state, cache } = setup();
  await cache.get();
  const { answers, answer } = held();
  Object.assign(state, { answer, inTime: false, now: 60_000 });
  expect(await cache.get()).toBe('v1');
  state.now += 100;
  expect(await cache.get()).toBe('v1');
  state.now += 150;
  expect(await cache.get()).toBe('v1');
  expect(state.waits).toEqual([250, 150]);
  expect(state.loads).toBe(2);
  answers[0]?.('late');
  await new Promise(setImmediate);
  expect(await cache.get()).toBe('late');
  expect(state.loads).toBe(2);
});

it('a slow source is waited for where the old value is not good any more', async () => {
  const { state, cache } = setup();
  await cache.get();
  const { answers, answer } = held();
  Object.assign(state, { answer, inTime: false, now: 60_000 + 3_600_001 });
  const waiting = cache.get();
  answers[0]?.('late');
  expect(await waiting).toBe('late');
  expect(state.waits).toEqual([]);
});

it('who needs the newest value waits for the load that is under way', async () => {
  const { state, cache } = setup();
  await cache.get();
  const { answers, answer } = held();
  Object.assign(state, { answer, inTime: false, now: 60_000 });
  expect(await cache.get()).toBe('v1');
  const newest = cache.refresh();
  answers[0]?.('late');
  expect(await newest).toBe('late');
  expect(state.loads).toBe(2);
});

it('a late load that fails is reported, and the old value stays', async () => {
  const { state, cache } = setup();
  await cache.get();
  let fail: (error: Error) => void = () => {};
  const answer = () => new Promise<string>((_, reject) => (fail = reject));
  Object.assign(state, { answer, inTime: false, now: 60_000 });
  expect(await cache.get()).toBe('v1');
  fail(new Error('down'));
  await new Promise(setImmediate);
  expect(await cache.get()).toBe('v1');
  expect(state.failures).toHaveLength(1);
  expect(state.loads).toBe(2);
});
