import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partsFor, valuesAt } from '../../../lambda/techniques/reading/named-data.ts';
import { Placeholders } from '../../../lambda/techniques/wrappers/placeholders.ts';

describe('parts to be looked at', () => {
  test('hold all texts in their order, each within its size, with no character cut in two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 20 }),
        fc.integer({ min: 60, max: 400 }),
        (texts, maxBytes) => {
          const parts = partsFor(texts, maxBytes);
          for (const part of parts) {
            expect(Buffer.byteLength(part)).toBeLessThanOrEqual(maxBytes);
            expect(part.isWellFormed()).toBe(
              texts.every((text) => text.isWellFormed()) || part.isWellFormed(),
            );
          }
          const plain = (text: string) => text.replaceAll('\n', '');
          expect(plain(parts.join(''))).toBe(plain(texts.join('')));
        },
      ),
    );
  });

  test('are few', () => {
    expect(partsFor(['a', 'b', 'c'], 1000)).toEqual(['a\n\nb\n\nc']);
    expect(partsFor([], 1000)).toEqual([]);
  });

  test('are cut between words', () => {
    const parts = partsFor(['Bob Miller '.repeat(20)], 100);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts.slice(0, -1)) expect(part).toMatch(/(?:Bob|Miller)$/);
  });
});

test.each<[string, [number, number], string[]]>([
  ['I am Bob Miller.', [5, 15], ['Bob Miller']],
  ['😀😀 Zoë Ödön is here', [3, 11], ['Zoë Ödön']],
  ['one Bob\n\nMiller two', [4, 15], ['Bob', 'Miller']],
  ['a … b', [2, 3], []],
  ['short', [2, 99], ['ort']],
])('in %j the texts at %j are %j', (text, [begin, end], values) => {
  expect(valuesAt(text, [{ begin, end }])).toEqual(values);
});

describe('a name that was learned', () => {
  test.each([
    ['Ask Bob Miller, or Bob.', 'Ask <NAME_0>, or <NAME_1>.'],
    ['Bobsled and Bob’s', 'Bobsled and <NAME_0>’s'],
    ['Bob.Miller@mail.example and Bob', '<EMAIL_0> and <NAME_0>'],
    ['12 Main Street (near Bob)', '<ADDRESS_0> (near <NAME_0>)'],
    ['<NAME_0> is not Bob', '<NAME_0> is not <NAME_1>'],
    ['EMAIL of Bob: a@b.example', 'EMAIL of <NAME_0>: <EMAIL_0>'],
    ['$1 [x] (y)', '<ADDRESS_0> (y)'],
  ])('%j becomes %j, and comes back', (text, hidden) => {
    const placeholders = new Placeholders([text]);
    placeholders.learn('NAME', 'Bob');
    placeholders.learn('NAME', 'Bob Miller');
    placeholders.learn('ADDRESS', '12 Main Street');
    placeholders.learn('ADDRESS', '$1 [x]');
    expect(placeholders.hide(text)).toBe(hidden);
    expect(placeholders.restore(hidden)).toBe(text);
  });
});
