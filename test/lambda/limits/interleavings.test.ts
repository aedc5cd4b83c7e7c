import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limits } from '../../../lambda/auth/limits-record.ts';
import { HolderAccount } from '../../../lambda/limits/accounts.ts';
import { picoOf } from '../../../lambda/limits/amount.ts';
import { isSlotOver, slotOf, standingOf } from '../../../lambda/limits/standing.ts';
import { simulatedTable } from '../../support/simulated-table.ts';

/** One request: what it may come to, what it comes to, and how it ends. */
interface Plan {
  bound: number;
  actual: number;
  /** Milliseconds that pass before it begins, and while it runs. */
  before: number;
  during: number;
  fate: 'settle' | 'kill';
}

const limits: Limits = { dollarsPerDay: 100, dollarsPerMonth: 1000, tokensPerMinute: 60, concurrent: 4 };
const start = Date.UTC(2026, 10, 30, 23, 58);
const dollar = 1_000_000_000_000n;

const passing = fc.constantFrom(0, 1000, 61_000, 6 * 3_600_000);
const plan = (mostActual: number): fc.Arbitrary<Plan> =>
  fc.record({
    bound: fc.integer({ min: 1, max: 40 }),
    actual: fc.integer({ min: 0, max: mostActual }),
    before: passing,
    during: passing,
    fate: fc.constantFrom('settle', 'settle', 'kill'),
  });

/** What has been spent of what was reserved in a day, and what of it came to more than was reserved. */
interface Ledger {
  spent: Map<number, bigint>;
  granted: number;
}

async function play(plans: readonly Plan[], scheduler: fc.Scheduler): Promise<void> {
  let now = start;
  const ledger: Ledger = { spent: new Map(), granted: 0 };
  const table = simulatedTable(
    () => scheduler.schedule(Promise.resolve()),
    () => check(),
  );
  const standing = () => standingOf(table.items()[0]);
  const check = () => {
    const { windows, dayPico, monthPico, tokens } = standing();
    expect(dayPico >= (ledger.spent.get(windows.day ?? -1) ?? 0n)).toBe(true);
    expect(monthPico >= 0n && tokens >= 0).toBe(true);
  };
  const run = async ({ bound, actual, before, during, fate }: Plan, index: number) => {
    await scheduler.schedule(Promise.resolve());
    now += before;
    const slot = slotOf(now + 15 * 60_000, `request${index}`);
    const account = new HolderAccount({ kind: 'key', name: 'k', limits }, slot, { table, now: () => now });
    const amount = { tokens: bound, pico: BigInt(bound) * dollar };
    const refused = await account.reserve(amount, true).then(
      ({ refusal }) => refusal,
      () => 'contention',
    );
    if (refused) return;
    const { day = 0 } = account.standing?.windows ?? {};
    ledger.granted += 1;
    await scheduler.schedule(Promise.resolve());
    now += during;
    const spent = BigInt(Math.min(actual, bound)) * dollar;
    ledger.spent.set(day, (ledger.spent.get(day) ?? 0n) + spent);
    check();
    if (fate === 'kill') return;
    const back = BigInt(bound - actual) * dollar;
    await account.settle({ tokens: bound - actual, pico: back });
    // Settled twice: nothing happens.
    await account.settle({ tokens: bound - actual, pico: back });
  };
  await Promise.all([scheduler.waitAll(), ...plans.map(run), drain(scheduler)]);
  const { windows, dayPico, slots } = standing();
  check();
  const settledAll = plans.every(({ fate, actual, bound }) => fate === 'settle' && actual <= bound);
  if (settledAll && ledger.granted > 0) {
    expect(dayPico).toBe(ledger.spent.get(windows.day ?? -1) ?? 0n);
    expect(slots).toEqual([]);
  }
  if (plans.every(({ actual, bound }) => actual <= bound))
    expect(dayPico <= picoOf(limits.dollarsPerDay ?? 0)).toBe(true);
}

/** Requests go on in whatever order until none of them waits. */
async function drain(scheduler: fc.Scheduler): Promise<void> {
  for (let idle = 0; idle < 20; idle += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    while (scheduler.count() > 0) {
      idle = 0;
      await scheduler.waitOne();
    }
  }
}

describe('any interleaving of reserve, settle, kill and roll', () => {
  test('what is counted is never below what was spent, and the same when all have settled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(plan(40), { minLength: 1, maxLength: 8 }),
        (scheduler, plans) =>
          play(
            plans.map((each) => ({ ...each, actual: Math.min(each.actual, each.bound) })),
            scheduler,
          ),
      ),
      { numRuns: 300 },
    );
  });

  test('nor where calls come to more than was reserved for them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(plan(80), { minLength: 1, maxLength: 6 }),
        (scheduler, plans) => play(plans, scheduler),
      ),
      { numRuns: 200 },
    );
  });
});

test('a place whose time is over is free again, whatever became of its request', async () => {
  let now = start;
  const table = simulatedTable();
  const account = (name: string) =>
    new HolderAccount({ kind: 'key', name: 'k', limits: { concurrent: 2 } }, slotOf(now + 1000, name), {
      table,
      now: () => now,
    });
  const nothing = { tokens: 0, pico: 0n };
  expect((await account('a').reserve(nothing, true)).refusal).toBeUndefined();
  expect((await account('b').reserve(nothing, true)).refusal).toBeUndefined();
  expect((await account('c').reserve(nothing, true)).refusal).toMatchObject({ limit: 'concurrent' });
  now += 5000;
  expect((await account('d').reserve(nothing, true)).refusal).toBeUndefined();
  expect(standingOf(table.items()[0]).slots).toEqual([slotOf(now + 1000, 'd')]);
  expect(isSlotOver('no time.x', now)).toBe(true);
});

test('a grant is taken back exactly, and once', async () => {
  const table = simulatedTable();
  const account = new HolderAccount({ kind: 'key', name: 'k', limits }, slotOf(start + 1000, 'a'), {
    table,
    now: () => start,
  });
  const amount = (dollars: bigint) => ({ tokens: 1, pico: dollars * dollar });
  const reserved = () => standingOf(table.items()[0]).dayPico / dollar;
  const [first, second] = [await account.reserve(amount(3n), true), await account.reserve(amount(5n), false)];
  expect(reserved()).toBe(8n);
  for (let again = 0; again < 2; again += 1) if (first.grant) await account.release(first.grant, true);
  expect(reserved()).toBe(5n);
  if (second.grant) await account.release(second.grant, false);
  expect([reserved(), standingOf(table.items()[0]).slots]).toEqual([0n, []]);
});
