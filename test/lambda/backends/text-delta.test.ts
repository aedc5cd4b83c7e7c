import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutTextDelta } from '../../../lambda/backends/text-delta.ts';

const payload = (text: string, index = 0, p = 'abcDEF012') =>
  JSON.stringify({ contentBlockIndex: index, delta: { text }, p });

describe('a text delta is cut out of its payload', () => {
  test('as JSON.parse would have read it, whatever the text', () => {
    let cut = 0;
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
          const event = cutTextDelta(payload(text, index, p));
          if (event === undefined) return;
          cut += 1;
          expect(event).toEqual({ contentBlockDelta: { contentBlockIndex: index, delta: { text } } });
        },
      ),
    );
    expect(cut).toBeGreaterThan(10);
  });

  test('for plain words', () => {
    expect(cutTextDelta(payload(' Grüße 👋'))).toEqual({
      contentBlockDelta: { contentBlockIndex: 0, delta: { text: ' Grüße 👋' } },
    });
  });

  const others: Record<string, string> = {
    'an escape in the text': payload('a\nb'),
    'a quote in the text': payload('say "hi"'),
    'a text that looks like the end': payload('"},"p":"x'),
    'two digits of index': payload('a', 10),
    'another delta': '{"contentBlockIndex":0,"delta":{"toolUse":{"input":"a"}},"p":"x"}',
    'more members in the delta': '{"contentBlockIndex":0,"delta":{"text":"a","x":"b"},"p":"x"}',
    'members behind the padding': '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"x","q":"y"}',
    'no padding': '{"contentBlockIndex":0,"delta":{"text":"a"}}',
    'white space': '{ "contentBlockIndex":0,"delta":{"text":"a"},"p":"x"}',
    'something cut off': '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"x',
    'an empty payload': '',
  };
  for (const [what, text] of Object.entries(others)) {
    test(`but not from ${what}`, () => expect(cutTextDelta(text)).toBeUndefined());
  }
});
