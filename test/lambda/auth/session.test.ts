import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lambda/auth/digest.ts';
import { formTokenOf, type Purpose, readToken, signToken } from '../../../lambda/auth/session.ts';

const keyOf = (key: string, name: string) => ({ digest: digestOf(key), principal: { name } });
const now = 1_795_824_000_000;
const later = now + 1000;
const ann = keyOf('sk-ann', 'ann');
const ben = keyOf('sk-ben', 'ben');

describe('a token', () => {
  test('is its key’s, whatever the name, until its end', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), fc.integer({ min: -5, max: 5 }), (name, offset) => {
        const key = keyOf('sk-x', name);
        const token = signToken(key, 'session', now + offset);
        expect(readToken([ann, key], 'session', token, now)).toBe(offset > 0 ? key : undefined);
      }),
    );
  });

  test('that was changed in any place is nobody’s', () => {
    const token = signToken(ann, 'session', later);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'z', '0', '-', '.', ' '), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        // The last letter of the code has two bits that say nothing.
        fc.pre(changed !== token);
        expect(readToken([ann, ben], 'session', changed, now)).toBeUndefined();
      }),
    );
  });

  test('is good for what it was made for alone', () => {
    const purposes: Purpose[] = ['session', 'link', 'form', 'state'];
    for (const made of purposes)
      for (const used of purposes)
        expect(readToken([ann], used, signToken(ann, made, later), now)).toBe(
          made === used ? ann : undefined,
        );
  });

  test('of a key that is revoked, expired, replaced or gone is nobody’s', () => {
    const token = signToken(ann, 'session', later);
    for (const keys of [
      [{ ...ann, revoked: true }],
      [{ ...ann, expiresAt: now }],
      [keyOf('sk-new', 'ann')],
      [ben],
      [],
    ])
      expect(readToken(keys, 'session', token, now)).toBeUndefined();
    expect(readToken([keyOf('sk-new', 'ann'), ann], 'session', token, now)).toBe(ann);
  });

  test('of any text at all is read or not, and nothing breaks', () => {
    fc.assert(fc.property(fc.string(), (text) => readToken([ann], 'session', text, now) === undefined));
    const odd = ['null', '{}', '[]', '["ann"]', '["ann","x"]', '[["ann"],9e99]'];
    for (const content of odd)
      expect(
        readToken([ann], 'session', `${Buffer.from(content).toString('base64url')}.${'A'.repeat(43)}`, now),
      ).toBeUndefined();
  });
});

test('the token of a form is its session’s', () => {
  expect(formTokenOf(ann, 'one')).not.toBe(formTokenOf(ann, 'two'));
  expect(formTokenOf(ann, 'one')).not.toBe(formTokenOf(ben, 'one'));
});
