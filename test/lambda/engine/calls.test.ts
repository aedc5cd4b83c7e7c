import { describe, expect, test } from 'vitest';
import { CallBudget } from '../../../lambda/bounds.ts';
import { type CallOptions, callUntilAnswered } from '../../../lambda/engine/sequence.ts';
import type { GatewayError } from '../../../lambda/errors.ts';
import { systemClock } from '../../../lambda/policy/clock.ts';
import { everyReason, failed } from '../policy/failures.ts';
import { fakeClock } from '../policy/fake-clock.ts';

/** Fails with the errors in turn, then succeeds; tells how it went. */
async function run(errors: unknown[], options: Partial<CallOptions> = {}, random = 0) {
  const clock = fakeClock(random);
  const refused: GatewayError[] = [];
  const befores: number[] = [];
  const left = [...errors];
  const result = await callUntilAnswered(
    async (before) => {
      befores.push(before);
      if (left.length > 0) throw left.shift();
      return 'ok';
    },
    {
      clock,
      maxAttempts: 3,
      deadline: 1_000_000,
      notReadyWaitMs: 120_000,
      signal: new AbortController().signal,
      calls: new CallBudget(),
      repair: async (error) => {
        refused.push(error);
        return false;
      },
      ...options,
    },
  ).catch((error) => error);
  return { result, waits: clock.waits, calls: befores.length, befores, refused };
}

const times = <T>(count: number, item: T) => Array.from({ length: count }, () => item);

describe('which reasons are tried again', () => {
  const retries: Record<string, number> = {
    throttled: 2,
    overloaded: 2,
    connection: 2,
    timeout: 1,
    model_error: 1,
  };
  test.each(everyReason.filter((reason) => reason !== 'not_ready'))('%s', async (reason) => {
    const error = failed(reason);
    const { result, calls } = await run(times(9, error));
    expect(result).toBe(error);
    expect(calls).toBe(1 + (retries[reason] ?? 0));
  });

  test.each(everyReason)('%s: never once the model may have run', async (reason) => {
    expect((await run([failed(reason, { mayHaveRun: true })])).calls).toBe(1);
  });

  test.each(everyReason)('%s: never with a single attempt', async (reason) => {
    expect((await run([failed(reason)], { maxAttempts: 1 })).calls).toBe(1);
  });

  test.each([
    ['throttled', 1],
    ['overloaded', 3],
    ['connection', 3],
  ] as const)('%s, when there is another place to go to: %i calls', async (reason, calls) => {
    expect((await run(times(9, failed(reason)), { hasAlternative: true })).calls).toBe(calls);
  });

  test('a fault of ours ends it', async () => {
    const cause = new TypeError('x');
    expect(await run([cause])).toMatchObject({ result: { reason: 'internal', cause }, calls: 1 });
  });
});

describe('waits', () => {
  test('double, between half of the step and all of it', async () => {
    const errors = times(4, failed('throttled'));
    expect((await run(errors, { maxAttempts: 5 }, 0)).waits).toEqual([500, 1000, 2000, 4000]);
    expect((await run(errors, { maxAttempts: 5 }, 0.999999)).waits).toEqual([1000, 2000, 4000, 8000]);
    expect((await run(times(9, failed('throttled')), { maxAttempts: 10 }, 0.999999)).waits.at(-1)).toBe(
      20_000,
    );
  });

  test('are short for what passes quickly', async () => {
    expect((await run([failed('connection'), failed('overloaded')])).waits).toEqual([25, 50]);
  });

  const asked = (ms: number) =>
    failed('throttled', { upstream: { name: 'x', message: '', retryAfterMs: ms } });

  test('are as long as Bedrock asks for', async () => {
    expect((await run([asked(7000)])).waits).toEqual([7000]);
    expect((await run([asked(10)])).waits).toEqual([500]);
  });

  test('that Bedrock asks for beyond reason are the client’s', async () => {
    const error = asked(60_000);
    expect(await run([error])).toMatchObject({ result: error, calls: 1, waits: [] });
  });

  test('advice for the client is not a wish of Bedrock', async () => {
    expect((await run([failed('throttled', { retryAfterMs: 5000 })])).waits).toEqual([500]);
  });

  test('are left when the request has no call left, with the error of the last one', async () => {
    const error = failed('throttled');
    const calls = new CallBudget(2);
    const spent = await run([error, error, error], { calls });
    expect(spent).toMatchObject({ result: error, calls: 2 });
  });

  test('never reach the deadline', async () => {
    const error = failed('throttled');
    expect(await run([error], { deadline: 500 })).toMatchObject({ result: error, waits: [] });
    expect(await run([error], { deadline: 501 })).toMatchObject({ result: 'ok', waits: [500] });
  });

  test('come after what can be repaired was, and each call knows how many came before', async () => {
    const errors = [failed('throttled'), failed('connection')];
    expect(await run(errors)).toMatchObject({ result: 'ok', refused: errors, befores: [0, 1, 2] });
  });

  test('are not needed after a repair', async () => {
    const error = failed('unsupported');
    expect(await run([error], { repair: async () => true })).toMatchObject({ result: 'ok', waits: [] });
  });
});

describe('a model that is being loaded', () => {
  const loading = times(50, failed('not_ready'));

  test('is waited for, longer each time, for as long as the setting says', async () => {
    const { waits, result } = await run(loading, {}, 0.999999);
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(result).toBe(loading[0]);
  });

  test('does not use up the attempts', async () => {
    const errors = [...times(4, failed('not_ready')), failed('throttled'), failed('throttled')];
    expect((await run(errors)).result).toBe('ok');
  });

  test('is told each time before the wait, so that a stream may begin', async () => {
    let told = 0;
    await run([...times(2, failed('not_ready')), failed('throttled')], { onWait: () => (told += 1) });
    expect(told).toBe(2);
  });

  test('is not waited for when the setting says so', async () => {
    expect((await run(loading, { notReadyWaitMs: 0 })).calls).toBe(1);
  });
});

describe('an abort', () => {
  test('ends a wait with its reason', async () => {
    const controller = new AbortController();
    const reason = failed('deadline');
    const running = callUntilAnswered(() => Promise.reject(failed('throttled')), {
      clock: systemClock,
      maxAttempts: 3,
      deadline: Date.now() + 60_000,
      notReadyWaitMs: 0,
      signal: controller.signal,
      calls: new CallBudget(),
      repair: async () => {
        setImmediate(() => controller.abort(reason));
        return false;
      },
    });
    await expect(running).rejects.toBe(reason);
  });

  test('before a wait ends it too', async () => {
    const signal = AbortSignal.abort(failed('aborted'));
    await expect(systemClock.sleep(1, signal)).rejects.toBe(signal.reason);
    expect((await run([failed('throttled')], { signal })).waits).toEqual([]);
  });

  test('a wait that is not aborted ends by itself', async () => {
    await expect(systemClock.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});
