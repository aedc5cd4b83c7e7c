import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderRecord } from '../../../lambda/accounting/record.ts';
import { Trace, type UpstreamCall } from '../../../lambda/accounting/trace.ts';
import type { Holder } from '../../../lambda/auth/principal.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import type { AnyCall } from '../../../lambda/limits/asked.ts';
import { RequestGate } from '../../../lambda/limits/gate.ts';
import { standingOf } from '../../../lambda/limits/standing.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import type { Pricing } from '../../../lambda/prices/types.ts';
import { StoreError } from '../../../lambda/store/store-error.ts';
import type { Table } from '../../../lambda/store/table.ts';
import type { Update } from '../../../lambda/store/types.ts';
import { simulatedTable } from '../../support/simulated-table.ts';

const dollar = 1_000_000_000_000n;
const now = Date.UTC(2026, 10, 28, 12);

/** A dollar for a token that is written, nothing for one that is read. */
const pricing: Pricing = {
  cost: (_, { output }) => ({ pico: BigInt(output) * dollar, priced: '2026-11-20' }),
  units: () => ({ pico: null, reason: 'not_priced' }),
  bound: (_, { output }) => ({ pico: BigInt(output) * dollar, priced: '2026-11-20' }),
};

const holder = (limits: Holder['limits']): Holder => ({ kind: 'key', name: 'k', limits });

function gateOn(
  table: Table,
  holders: Holder[],
  report: (message: string, error: unknown) => void = (_, error) => {
    throw error;
  },
) {
  const pending: Promise<unknown>[] = [];
  const gate = new RequestGate(
    {
      table,
      pricing: async () => pricing,
      now: () => now,
      newId: () => crypto.randomUUID(),
      whenUnreachable: 'refuse',
      report,
      announce: () => {},
      alert: () => {},
    },
    { holders, key: 'k', deadline: now + 60_000, waitUntil: (work) => void pending.push(work) },
  );
  const end = async () => {
    const trace = new Trace();
    gate.end(renderRecord(trace, { requestId: 'r', arrivedAt: now }), trace);
    await Promise.all(pending);
  };
  return { gate, end };
}

const controller = new AbortController();
const asking = (maxTokens: number, signal = controller.signal): AnyCall => ({
  target: {
    asked: 'm',
    id: 'm',
    region: 'us-east-1',
    backend: 'converse',
    capabilities: capabilitiesOf('amazon.nova-lite-v1:0'),
    reportAs: 'm',
    warnings: [],
  },
  signal,
  request: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens } },
});

const ended = (output: number | undefined): UpstreamCall => ({
  modelId: 'm',
  region: 'us-east-1',
  repeated: false,
  startedAt: now,
  ...(output !== undefined && {
    tokens: { input: 0, output, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
  }),
});

const used = (table: ReturnType<typeof simulatedTable>) => standingOf(table.items()[0]).dayPico;

async function drain(scheduler: fc.Scheduler): Promise<void> {
  for (let idle = 0; idle < 20; idle += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    while (scheduler.count() > 0) {
      idle = 0;
      await scheduler.waitOne();
    }
  }
}

describe('the calls of one request at once', () => {
  test('what is reserved is never less than what they may come to and have come to', async () => {
    const plan = fc.record({
      bound: fc.integer({ min: 1, max: 250 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(plan, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (scheduler, plans, expected) => {
          const table = simulatedTable(() => scheduler.schedule(Promise.resolve()));
          const { gate, end } = gateOn(table, [holder({ dollarsPerDay: 900, mode: 'hard' })]);
          gate.expect(expected);
          let owed = 0n;
          let spent = 0n;
          const run = async (each: (typeof plans)[number]) => {
            await scheduler.schedule(Promise.resolve());
            await once(each);
            // As after a failure: the next call finds what the one before has left.
            await once(each);
          };
          const once = async ({ bound, share }: (typeof plans)[number]) => {
            const call = await gate.admit(asking(bound)).catch((error) => {
              expect(error).toMatchObject({ reason: 'over_budget' });
            });
            if (!call) return;
            const mine = BigInt(call.request?.inferenceConfig?.maxTokens ?? 0) * dollar;
            owed += mine;
            expect(used(table) >= owed).toBe(true);
            await scheduler.schedule(Promise.resolve());
            const output = Math.floor(share * Number(mine / dollar));
            call.reservation?.settle(ended(output));
            owed += BigInt(output) * dollar - mine;
            spent += BigInt(output) * dollar;
            expect(used(table) >= owed).toBe(true);
          };
          await Promise.all([...plans.map(run), drain(scheduler)]);
          await Promise.all([end(), drain(scheduler)]);
          expect(used(table)).toBe(spent);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a call that follows one that has failed needs nothing from the table', async () => {
    let calls = 0;
    const table = simulatedTable(async () => {
      calls += 1;
    });
    const { gate, end } = gateOn(table, [holder({ dollarsPerDay: 100 })]);
    const first = await gate.admit(asking(50));
    const before = calls;
    first.reservation?.settle(ended(undefined));
    const second = await gate.admit(asking(50));
    second.reservation?.settle(ended(20));
    second.reservation?.settle(ended(20));
    second.reservation?.cancel();
    expect(calls).toBe(before);
    await end();
    expect(calls).toBe(before + 1);
    expect(used(table)).toBe(20n * dollar);
  });

  test('a call whose client has left while it was reserved for is not made, and costs nothing', async () => {
    const left = new AbortController();
    const table = simulatedTable(async () =>
      left.abort(new GatewayError({ status: 499, reason: 'aborted', message: '' })),
    );
    const { gate, end } = gateOn(table, [holder({ dollarsPerDay: 100 })]);
    await expect(gate.admit(asking(50, left.signal))).rejects.toMatchObject({ reason: 'aborted' });
    await end();
    expect(used(table)).toBe(0n);
  });

  test.each([
    ['first', 0],
    ['second', 50],
  ])(
    'what the table grants for its %s call when the request is over already is given back',
    async (_, before) => {
      const left = new AbortController();
      let [writes, answer] = [0, () => {}];
      const slow = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const table = simulatedTable(async () => {
        writes += 1;
        await (before === 0 || writes > 2 ? slow : undefined);
      });
      const { gate, end } = gateOn(table, [holder({ dollarsPerDay: 200, concurrent: 2 })]);
      if (before > 0) (await gate.admit(asking(before))).reservation?.settle(ended(before));
      const late = gate.admit(asking(60, left.signal));
      const refused = expect(late).rejects.toMatchObject({ reason: 'aborted' });
      while (writes < (before === 0 ? 1 : 3)) await new Promise((resolve) => setImmediate(resolve));
      left.abort(new GatewayError({ status: 499, reason: 'aborted', message: '' }));
      const ending = end();
      await new Promise((resolve) => setImmediate(resolve));
      answer();
      await Promise.all([refused, ending]);
      expect(used(table)).toBe(BigInt(before) * dollar);
      expect(standingOf(table.items()[0]).slots).toEqual([]);
    },
  );

  test.each([1, 2])(
    'a write that was done, was not answered for and was sent again is not refused its own place (of %i)',
    async (concurrent) => {
      const once = simulatedTable();
      let isBroken = true;
      const table = {
        ...once,
        // As after a connection that broke: what was done is asked for once more.
        async update(update: Update) {
          const updated = await once.update(update);
          if (!updated.done || !isBroken) return updated;
          isBroken = false;
          return once.update(update);
        },
      };
      const { gate, end } = gateOn(table, [holder({ concurrent, requestsPerMinute: 100 })]);
      const call = await gate.admit(asking(50));
      expect(standingOf(once.items()[0]).slots).toHaveLength(1);
      const other = gateOn(table, [holder({ concurrent })]);
      if (concurrent === 1)
        await expect(other.gate.admit(asking(50))).rejects.toMatchObject({ code: 'rate_limit_exceeded' });
      else await expect(other.gate.admit(asking(50))).resolves.toBeDefined();
      call.reservation?.settle(ended(1));
      await Promise.all([end(), other.end()]);
      expect(standingOf(once.items()[0]).slots).toEqual([]);
    },
  );

  test('a reservation that was done and not answered for leaves no slot', async () => {
    const once = simulatedTable();
    const table = {
      ...once,
      async update(update: Update) {
        const updated = await once.update(update);
        if (!updated.done || !update.expression.includes('ADD openSlots')) return updated;
        throw new StoreError({ name: 'TimeoutError', message: '', mayBeDone: true, passes: false });
      },
    };
    const { gate, end } = gateOn(table, [holder({ concurrent: 1 })], () => {});
    await expect(gate.admit(asking(50))).rejects.toMatchObject({ code: 'limits_unavailable' });
    expect(standingOf(once.items()[0]).slots).toHaveLength(1);
    await end();
    expect(standingOf(once.items()[0]).slots).toEqual([]);
  });

  test('a settlement that was not made leaves no slot', async () => {
    const once = simulatedTable();
    let isOver = false;
    const table = {
      ...once,
      async update(update: Update) {
        if (!isOver) return once.update(update);
        isOver = false;
        throw new StoreError({ name: 'ThrottlingException', message: '', mayBeDone: false, passes: true });
      },
    };
    const said: unknown[] = [];
    const { gate, end } = gateOn(table, [holder({ concurrent: 1 })], (message) => void said.push(message));
    (await gate.admit(asking(50))).reservation?.settle(ended(1));
    isOver = true;
    await end();
    expect(said).toEqual(['limits: not settled']);
    expect(standingOf(once.items()[0]).slots).toEqual([]);
  });

  test('more than was reserved for a call is added when it is known', async () => {
    const table = simulatedTable();
    const { gate, end } = gateOn(table, [holder({ dollarsPerDay: 100 })]);
    const call = await gate.admit(asking(50));
    call.reservation?.settle(ended(70));
    await end();
    expect(used(table)).toBe(70n * dollar);
  });

  test.each([
    ['by the words alone, has read its pictures all the same', undefined, 1600],
    ['when its input was known, has read that', true, 7],
  ])('a call that its client left, and that is counted %s', async (_, isPartial, input) => {
    const table = simulatedTable();
    const { gate, end } = gateOn(table, [holder({ tokensPerMinute: 100_000 })]);
    const call = asking(50);
    const picture = { image: { format: 'png' as const, source: { bytes: 'A'.repeat(300) } } };
    const messages = [{ role: 'user' as const, content: [picture, { text: 'Hi' }] }];
    const capabilities = capabilitiesOf('us.anthropic.claude-haiku-4-5-20251001-v1:0');
    const { reservation } = await gate.admit({
      ...call,
      target: { ...call.target, capabilities },
      request: { ...call.request, messages },
    });
    const tokens = { input: 7, output: 3, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
    reservation?.settle({ ...ended(3), tokens, estimated: 'left', ...(isPartial && { isPartial }) });
    await end();
    const counted = standingOf(table.items()[0]).tokens;
    expect(counted).toBeGreaterThanOrEqual(input + 3);
    expect(counted).toBeLessThan(input + 100);
  });

  test.each(['failed', 'not_reported'] as const)(
    'of an estimate (%s) nothing is given back',
    async (estimated) => {
      const table = simulatedTable();
      const { gate, end } = gateOn(table, [holder({ dollarsPerDay: 100 })]);
      const call = await gate.admit(asking(50));
      call.reservation?.settle({ ...ended(3), estimated });
      await end();
      expect(used(table)).toBe(50n * dollar);
    },
  );
});
