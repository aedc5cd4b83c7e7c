import { describe, expect, test } from 'vitest';
import type { Reason } from '../../../lambda/errors.ts';
import { createCooldown } from '../../../lambda/policy/cooldown.ts';
import { everyReason } from './failures.ts';

const ofModel = (reason: Reason) => ({ reason, ofModel: true });

describe('cooldown', () => {
  test('for what the next request would meet too, for a while, in that region', () => {
    let time = 0;
    const cooldown = createCooldown({ now: () => time });
    cooldown.failed('m', 'us-east-1', ofModel('overloaded'));
    expect(cooldown.isCooling('m', 'us-east-1')).toBe(true);
    expect(cooldown.isCooling('m', 'us-west-2')).toBe(false);
    expect(cooldown.isCooling('n', 'us-east-1')).toBe(false);
    time = 9_999;
    expect(cooldown.isCooling('m', 'us-east-1')).toBe(true);
    time = 10_000;
    expect(cooldown.isCooling('m', 'us-east-1')).toBe(false);
  });

  test('for no longer because a clock was put back', () => {
    let time = 3_600_000;
    const cooldown = createCooldown({ now: () => time });
    cooldown.failed('m', 'us-east-1', ofModel('overloaded'));
    time = 0;
    expect(cooldown.isCooling('m', 'us-east-1')).toBe(false);
  });

  test('not for what may be due to the request', () => {
    const cooldown = createCooldown({ now: () => 0 });
    const cools = everyReason.filter((reason) => {
      cooldown.failed(reason, 'r', ofModel(reason));
      return cooldown.isCooling(reason, 'r');
    });
    expect(cools).toEqual([
      'access_denied',
      'end_of_life',
      'throttled',
      'quota_exceeded',
      'not_ready',
      'overloaded',
      'connection',
    ]);
  });

  test('for no reason, where the request may have brought it upon itself', () => {
    const cooldown = createCooldown({ now: () => 0 });
    for (const reason of everyReason) cooldown.failed('m', 'r', { reason, ofModel: false });
    expect(cooldown.isCooling('m', 'r')).toBe(false);
  });

  test('a success ends it', () => {
    const cooldown = createCooldown({ now: () => 0 });
    cooldown.failed('m', 'r', ofModel('overloaded'));
    cooldown.succeeded('m', 'r');
    expect(cooldown.isCooling('m', 'r')).toBe(false);
  });

  test('what is remembered is bounded; the oldest failure is forgotten first', () => {
    const cooldown = createCooldown({ now: () => 0, maxEntries: 2 });
    for (const model of ['a', 'b', 'a', 'c']) cooldown.failed(model, 'r', ofModel('overloaded'));
    expect(['a', 'b', 'c'].filter((model) => cooldown.isCooling(model, 'r'))).toEqual(['a', 'c']);
  });

  test('what belongs to the model holds in every region, what belongs to a region only there', () => {
    const cooldown = createCooldown({ now: () => 0 });
    cooldown.failed('a', 'us-east-1', ofModel('end_of_life'));
    cooldown.failed('b', 'us-east-1', ofModel('throttled'));
    const cooling = (model: string) => ['us-east-1', 'eu-west-1'].map((at) => cooldown.isCooling(model, at));
    expect(cooling('a')).toEqual([true, true]);
    expect(cooling('b')).toEqual([true, false]);
    cooldown.succeeded('a', 'eu-west-1');
    expect(cooling('a')).toEqual([false, false]);
  });
});
