import { expect, test, vi } from 'vitest';
import { settlesWithin } from '../../lambda/settles-within.ts';

test.each([
  ['what succeeds', async () => 'value', true],
  ['what fails', () => Promise.reject(new Error('down')), true],
  ['what never ends', () => new Promise<void>(() => {}), false],
])('%s', async (_, work, expected) => {
  expect(await settlesWithin(5, work())).toBe(expected);
});

test('no timer outlives the answer', async () => {
  vi.useFakeTimers();
  try {
    expect(await settlesWithin(1000, Promise.resolve())).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
