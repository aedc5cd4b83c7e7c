import { afterEach, describe, expect, test } from 'vitest';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, startStack } from '../support/stack.ts';

let open: Stack[] = [];
async function stackWith(env: Record<string, string> = {}) {
  const clock = quickClock();
  const stack = await startStack({ env, gateway: { clock } });
  open.push(stack);
  return { stack, clock };
}
afterEach(async () => {
  await Promise.all(open.map((stack) => stack.close()));
  open = [];
});

describe('what is tried again', () => {
  test.each([
    ['throttle', 3, [500, 1000]],
    ['unavailable', 3, [50, 100]],
    ['internal', 3, [50, 100]],
    ['reset', 3, [25, 50]],
    ['timeout', 2, [50]],
    ['model-error', 2, [50]],
    ['tool-sequence', 1, []],
    ['throttle-daily', 1, []],
    ['quota', 1, []],
    ['access-denied', 1, []],
    ['validation', 1, []],
    ['not-found', 1, []],
    ['expired-token', 1, []],
    ['error-200', 1, []],
    ['truncate:0', 1, []],
  ])('[[%s]]: %i calls', async (directive, calls, waits) => {
    const { stack, clock } = await stackWith();
    for (const stream of [false, true]) {
      const told = await chat(stack, `[[${directive}]] Hello there`, { stream });
      expect(told.complete).toBe(false);
      expect(runtimeCalls(stack)).toHaveLength(calls);
      expect(clock.waits).toEqual(waits);
      expect(stack.logs.at(-1)?.retries ?? 0).toBe(calls - 1);
      stack.simulator.reset();
      clock.forget();
    }
  });

  test('until it works: the client learns nothing of it', async () => {
    const { stack } = await stackWith();
    for (const stream of [false, true]) {
      const told = await chat(stack, '[[throttle:2]] Hello there', { stream });
      expect(told).toMatchObject({ status: 200, complete: true, attempts: [`${haiku}@us-east-1=ok`] });
      stack.simulator.reset();
    }
  });

  test('as often as AWS_MAX_ATTEMPTS says, whatever the reason', async () => {
    const { stack } = await stackWith({ AWS_MAX_ATTEMPTS: '2' });
    await chat(stack, '[[throttle]] Hello there');
    expect(runtimeCalls(stack)).toHaveLength(2);
  });

  test('not beyond the deadline', async () => {
    const { stack, clock } = await stackWith({ REQUEST_TIMEOUT_SECONDS: '30', AWS_MAX_ATTEMPTS: '10' });
    expect((await chat(stack, '[[throttle]] Hello there')).status).toBe(429);
    expect(clock.waits).toEqual([500, 1000, 2000, 4000, 8000, 10_000]);
  });
});

describe('a model that is being loaded', () => {
  const asleep = 'custom.b2c3d4e5f6a7';

  test('is waited for', async () => {
    const { stack, clock } = await stackWith();
    const told = await chat(stack, 'Hello there', { model: asleep });
    expect(told).toMatchObject({ status: 200, complete: true });
    expect(clock.waits).toEqual([1000, 2000]);
  });

  test('while it is, a stream has begun already', async () => {
    const { stack } = await stackWith();
    const told = await chat(stack, 'Hello there', { model: asleep, stream: true });
    expect(told).toMatchObject({ status: 200, complete: true, model: asleep });
    expect(told.headers.get('x-gateway-model')).toBeNull();
  });

  test('a fallback that answers in its place is named, although the stream had begun', async () => {
    const { stack } = await stackWith();
    const told = await chat(stack, '[[not-ready@haiku]] Hello there', { models: [nova], stream: true });
    expect(told).toMatchObject({ status: 200, complete: true, model: nova });
    expect(stack.logs.at(-1)).toMatchObject({ modelUsed: nova, attempts: 2 });
  });

  test('no longer than NOT_READY_WAIT_SECONDS; then the client is told to', async () => {
    const { stack, clock } = await stackWith({ NOT_READY_WAIT_SECONDS: '10' });
    const told = await chat(stack, '[[not-ready]] Hello there');
    expect(told).toMatchObject({ status: 503, error: { code: 'model_not_ready' } });
    expect(told.headers.get('retry-after')).toBe('30');
    expect(clock.waits.reduce((sum, ms) => sum + ms)).toBe(10_000);
    const streamed = await chat(stack, '[[not-ready]] Hello there', { stream: true });
    expect(streamed).toMatchObject({ status: 200, complete: false, error: { code: 'model_not_ready' } });
  });
});
