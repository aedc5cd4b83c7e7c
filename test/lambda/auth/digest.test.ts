import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DigestedKey, digestOf, findKey } from '../../../lambda/auth/digest.ts';

const key = (name: string, value: string, more: Partial<DigestedKey> = {}): DigestedKey => ({
  digest: digestOf(value),
  principal: { name },
  ...more,
});

describe('finding a key', () => {
  const keys = [
    key('first', 'a'),
    key('expired', 'b', { expiresAt: 1000 }),
    key('revoked', 'c', { revoked: true }),
    key('last', 'd', { expiresAt: 1001 }),
  ];

  it.each([
    ['a', 'first'],
    ['b', undefined],
    ['c', undefined],
    ['d', 'last'],
    ['e', undefined],
  ])('%s opens %s', (value, name) => {
    expect(findKey(keys, digestOf(value), 1000)?.principal.name).toBe(name);
  });

  it('a digest revoked in one record is shut in all', () => {
    const value = digestOf('x');
    expect(findKey([key('a', 'x'), key('b', 'x', { revoked: true })], value, 0)).toBeUndefined();
    expect(findKey([key('b', 'x', { revoked: true }), key('a', 'x')], value, 0)).toBeUndefined();
  });

  it('the first of two records for one key that can be used is taken', () => {
    const records = [key('old', 'x', { expiresAt: 1 }), key('a', 'x'), key('b', 'x')];
    expect(findKey(records, digestOf('x'), 5)?.principal.name).toBe('a');
  });

  it('compares the whole guess with every key, once, wherever and whether it matches', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'c', 'd', 'nothing', ''), (guess) => {
        const compared: Uint8Array[] = [];
        findKey(keys, digestOf(guess), 1000, (own, other) => {
          compared.push(own);
          expect(own).toHaveLength(32);
          expect(other).toHaveLength(32);
          return Buffer.compare(own, other) === 0;
        });
        expect(compared).toEqual(keys.map((one) => one.digest));
      }),
    );
  });
});
