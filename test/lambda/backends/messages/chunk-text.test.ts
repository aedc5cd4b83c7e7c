import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkText } from '../../../../lambda/backends/messages/chunk-text.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The payload stands between other bytes, as in the chunk of a socket. */
function read(payload: string, reader = new ChunkText()): string | undefined {
  const bytes = Buffer.from(`before${payload}"after`);
  return reader.read(bytes, 6, 6 + Buffer.byteLength(payload));
}

describe('the text of a chunk', () => {
  test('is what was encoded, whatever its length and characters, one after the other', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 2000 }), { minLength: 1 });
    fc.assert(
      fc.property(texts, (all) => {
        const reader = new ChunkText();
        for (const text of all) {
          expect(read(`{"bytes":"${base64(text)}","p":"abc"}`, reader)).toBe(text);
          expect(read(`{"bytes":"${base64(text)}"}`, reader)).toBe(text);
        }
      }),
    );
  });

  test.each([
    ['another order', `{"p":"abc","bytes":"${base64('{"type":"x"}')}"}`],
    ['white space', `{ "bytes" : "${base64('{"type":"x"}')}" }`],
    ['an escaped stroke', `{"bytes":"${base64('{"type":"x"}')}","p":"\\/"}`],
    ['base64 that is escaped', `{"bytes":"\\u0065${base64('{"type":"x"}').slice(1)}"}`],
  ])('%s', (_, payload) => {
    expect(read(payload)).toBe('{"type":"x"}');
  });

  test.each([
    ['none', '{"p":"abc"}'],
    ['no text', '{"bytes":7}'],
  ])('%s', (_, payload) => {
    expect(read(payload)).toBeUndefined();
  });

  test('what is no JSON fails the stream', () => {
    expect(() => read('{"bytes":"aGVs')).toThrow(SyntaxError);
  });
});
