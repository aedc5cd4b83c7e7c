import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pool } from './pool.ts';

/** Environments without processes: each is back, or gone, when the test says so. */
interface Fake {
  name: number;
  back(): void;
  gone(): void;
  stopped: boolean;
  stop(): Promise<void>;
}
let made: Fake[];
const poolOf = (most: number) =>
  new Pool<Fake>(most, async ({ onIdle, onGone }) => {
    const fake: Fake = {
      name: made.length,
      back: onIdle,
      gone: onGone,
      stopped: false,
      async stop() {
        fake.stopped = true;
      },
    };
    made.push(fake);
    return fake;
  });

beforeEach(() => {
  made = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);
async function finish(pool: Pool<Fake>, ...environments: Fake[]): Promise<void> {
  for (const each of environments) {
    pool.answered(each);
    each.back();
    await settled();
  }
}

test('the environment that came back last is used first', async () => {
  const pool = poolOf(3);
  const [a, b, c] = [await pool.take(), await pool.take(), await pool.take()];
  await finish(pool, b, c, a);
  expect([await pool.take(), await pool.take(), await pool.take()]).toEqual([a, c, b]);
  expect(pool.size).toBe(3);
});

test('one that has answered is waited for, and not for long', async () => {
  const pool = poolOf(3);
  const first = await pool.take();
  pool.answered(first);
  const second = pool.take();
  await settled();
  expect(pool.size).toBe(1);
  first.back();
  expect(await second).toBe(first);
  pool.answered(first);
  const third = pool.take();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await third).toBe(made[1]);
});

test('when there are no more to be had, requests wait in their order', async () => {
  const pool = poolOf(1);
  const first = await pool.take();
  const order: string[] = [];
  const waiting = ['second', 'third'].map((name) => pool.take().then(() => order.push(name)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(order).toEqual([]);
  await finish(pool, first);
  expect(order).toEqual(['second']);
  await finish(pool, first);
  await Promise.all(waiting);
  expect(order).toEqual(['second', 'third']);
});

test('one that is gone makes room for another, also for whoever waits', async () => {
  const pool = poolOf(1);
  const first = await pool.take();
  const next = pool.take();
  first.gone();
  pool.answered(first);
  expect(await next).toBe(made[1]);
  expect(pool.size).toBe(1);
  await finish(pool, made[1]!);
  made[1]?.gone();
  await settled();
  pool.answered(made[1]!);
  expect(await pool.take()).toBe(made[2]);
});

test('all are stopped with the pool', async () => {
  const pool = poolOf(2);
  await finish(pool, await pool.take());
  await pool.take();
  await pool.take();
  const waiting = expect(pool.take()).rejects.toThrow('closed');
  await pool.close();
  await waiting;
  expect(made.map(({ stopped }) => stopped)).toEqual([true, true]);
});
