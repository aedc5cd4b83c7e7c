import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withDeadline } from '../../../lambda/policy/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the deadline aborts with an error for clients', () => {
  const { signal } = withDeadline(new AbortController().signal, Date.now() + 1000);
  vi.advanceTimersByTime(999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason).toMatchObject({ status: 504, reason: 'deadline' });
});

test('a deadline that has passed aborts at once, one far away does not', () => {
  const past = withDeadline(new AbortController().signal, Date.now() - 1);
  const far = withDeadline(new AbortController().signal, Date.now() + 1e12);
  vi.advanceTimersByTime(10);
  expect([past.signal.aborted, far.signal.aborted]).toEqual([true, false]);
  far.clear();
});

test('the client aborts with its own reason, and the timer ends', () => {
  const client = new AbortController();
  const { signal } = withDeadline(client.signal, Date.now() + 1000);
  const reason = new Error('gone');
  client.abort(reason);
  expect(signal.reason).toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

test('a client that has gone already', () => {
  const { signal } = withDeadline(AbortSignal.abort('gone'), Date.now() + 1000);
  expect(signal.reason).toBe('gone');
  expect(vi.getTimerCount()).toBe(0);
});

test('clear ends the timer and leaves the client’s signal', () => {
  const client = new AbortController();
  const { signal, clear } = withDeadline(client.signal, Date.now() + 1000);
  clear();
  expect(vi.getTimerCount()).toBe(0);
  client.abort();
  vi.advanceTimersByTime(2000);
  expect(signal.aborted).toBe(false);
});
