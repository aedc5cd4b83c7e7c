import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bounded } from '../../../lambda/bedrock/bounded.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what ends in time is the answer, and leaves no timer', async () => {
  expect(await bounded(1000, async () => 'value')).toBe('value');
  await expect(bounded(1000, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(vi.getTimerCount()).toBe(0);
});

test('what hangs is aborted and times out, also where it does not heed the signal', async () => {
  let aborted: AbortSignal | undefined;
  const work = bounded(1000, (signal) => {
    aborted = signal;
    return new Promise<void>(() => {});
  });
  const outcome = expect(work).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.advanceTimersByTimeAsync(1000);
  await outcome;
  expect(aborted?.aborted).toBe(true);
});

test('what fails because it was aborted has timed out', async () => {
  const work = bounded(
    1000,
    (signal) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  const outcome = expect(work).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.advanceTimersByTimeAsync(1000);
  await outcome;
});
