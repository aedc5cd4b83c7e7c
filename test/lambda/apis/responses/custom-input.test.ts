import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CustomInput } from '../../../../lambda/apis/responses/custom-input.ts';

const read = (fragments: readonly string[]): string[] => {
  const input = new CustomInput();
  return [...fragments.map((fragment) => input.add(fragment)), input.end()];
};
const joined = (...fragments: string[]) => read(fragments).join('');
const cut = (text: string, places: readonly number[]): string[] => {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...ends, text.length].map((end, i) => text.slice(ends[i - 1] ?? 0, end));
};

describe('the input of a custom tool', () => {
  test('is the string that was wrapped, however it is cut, and no piece ends within a character', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(400)), (text, places) => {
        const pieces = read(cut(JSON.stringify({ input: text }), places));
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
      }),
    );
  });

  test('is the same for any text that a model may write, however it is cut', () => {
    const pieces = fc.constantFrom(
      '{"input"',
      ': "',
      '{',
      '"',
      '\\',
      '\\u00',
      'e9',
      '\\n',
      'a',
      ' ',
      '}',
      '😀',
      '\\ud83d',
    );
    const written = fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((list) => list.join('')),
      fc.array(pieces, { maxLength: 20 }).map((list) => `{"input":"${list.join('')}`),
      fc.string().map((text) => ' '.repeat(80) + text),
    );
    fc.assert(
      fc.property(written, fc.array(fc.nat(400)), (text, places) => {
        expect(joined(...cut(text, places))).toBe(joined(text));
      }),
    );
  });

  test.each([
    ['goes out as it comes', ['{"input":"a', 'b', 'c"}'], ['a', 'b', 'c', '']],
    ['waits for the rest of an escape', ['{"input":"\\', 'n\\u00', 'e9"}'], ['', '\n', 'é', '']],
    ['waits for the other half of a character', ['{"input":"\\ud83d', '\\ude00"}'], ['', '😀', '']],
    ['may have white space around its name', ['{ "input" :\n "a"}'], ['a', '']],
    ['may have line breaks that JSON does not allow', ['{"input":"a\nb"}'], ['a\nb', '']],
    ['keeps what is no escape', ['{"input":"\\d+\\u12g4"}'], ['\\d+\\u12g4', '']],
    ['ends where it was cut off', ['{"input":"*** Begin\\'], ['*** Begin', '']],
    ['may come after other members', ['{"why":"x","input":"a', '"}'], ['', '', 'a']],
    ['may not be wrapped at all', ['*** Begin', ' Patch'], ['', '', '*** Begin Patch']],
    ['may be missing', ['{', '}'], ['', '', '']],
    ['may be nothing', [], ['']],
  ])('%s', (_, fragments, pieces) => {
    expect(read(fragments)).toEqual(pieces);
  });

  test('takes time that grows with its length alone', () => {
    const text = '\\"'.repeat(500_000);
    expect(joined(`{"input":"${text}"}`)).toBe('"'.repeat(500_000));
  });
});
