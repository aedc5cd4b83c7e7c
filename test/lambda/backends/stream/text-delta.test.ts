import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutTextDelta } from '../../../../lambda/backends/stream/text-delta.ts';

const payload = (text: string, index = 0, p = 'abcDEF012') =>
  JSON.stringify({ contentBlockIndex: index, delta: { text }, p });

/** In the middle of a buffer, as a payload lies in its frame. */
function cut(text: string) {
  const bytes = Buffer.from(`headers${text}"},"p":"crc`);
  return cutTextDelta(bytes, 7, 7 + Buffer.byteLength(text));
}

describe('a text delta is cut out of its payload', () => {
  test('as JSON.parse would have read it, whatever the text', () => {
    let count = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom('"', '\\', '\n', '"},"p":"x', '\\"'),
        ),
        fc.integer({ min: 0, max: 12 }),
        fc.stringMatching(/^[a-zA-Z0-9]{0,61}$/),
        (text, index, p) => {
          const event = cut(payload(text, index, p));
          if (event === undefined) return;
          count += 1;
          expect(event).toEqual({ contentBlockDelta: { contentBlockIndex: index, delta: { text } } });
        },
      ),
    );
    expect(count).toBeGreaterThan(10);
  });

  test('for plain words', () => {
    expect(cut(payload(' Grüße 👋'))).toEqual({
      contentBlockDelta: { contentBlockIndex: 0, delta: { text: ' Grüße 👋' } },
    });
  });

  test.each(['a\nb', 'say "hi"', '"},"p":"x', 'end\\', '\u0000é"'])('with escapes: %j', (text) => {
    expect(cut(payload(text))).toEqual({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } });
  });

  const others: Record<string, string> = {
    'two digits of index': payload('a', 10),
    'another delta': '{"contentBlockIndex":0,"delta":{"toolUse":{"input":"a"}},"p":"x"}',
    'more members in the delta': '{"contentBlockIndex":0,"delta":{"text":"a","x":"b"},"p":"x"}',
    'members behind the padding': '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"x","q":"y"}',
    'no padding': '{"contentBlockIndex":0,"delta":{"text":"a"}}',
    'white space': '{ "contentBlockIndex":0,"delta":{"text":"a"},"p":"x"}',
    'a text without an end': '{"contentBlockIndex":0,"delta":{"text":"abc',
    'a text that ends in half an escape': '{"contentBlockIndex":0,"delta":{"text":"abc\\',
    'something cut off': '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"x',
    'an empty payload': '',
  };
  for (const [what, text] of Object.entries(others)) {
    test(`but not from ${what}`, () => expect(cut(text)).toBeUndefined());
  }
});
