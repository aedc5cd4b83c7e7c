import { describe, expect, test } from 'vitest';
import { once } from '../../lambda/once.ts';

describe('once', () => {
  test('makes a value for the first who asks, undefined too', () => {
    let made = 0;
    const value = once(() => {
      made += 1;
    });
    expect([value(), value(), made]).toEqual([undefined, undefined, 1]);
  });

  test('all who ask while a promise is pending wait for the same', () => {
    const load = once(async () => ({}));
    expect(load()).toBe(load());
  });

  test('what could not be loaded is loaded again', async () => {
    const results = [Promise.reject(new Error('no disk')), Promise.resolve('loaded')];
    const load = once(() => results.shift());
    await expect(load()).rejects.toThrow('no disk');
    await expect(load()).resolves.toBe('loaded');
    await expect(load()).resolves.toBe('loaded');
  });
});
