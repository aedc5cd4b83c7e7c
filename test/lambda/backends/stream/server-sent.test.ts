import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxFrameLength } from '../../../../lambda/backends/stream/frames.ts';
import { ServerSentDecoder } from '../../../../lambda/backends/stream/server-sent.ts';

function decoded(chunks: readonly Buffer[]): string[] {
  const found: string[] = [];
  const decoder = new ServerSentDecoder((data) => found.push(data));
  for (const chunk of chunks) decoder.push(chunk);
  return found;
}

test.each([
  ['data: a\n\n', ['a']],
  ['data:a\n\ndata:  b\n\n', ['a', ' b']],
  ['event: x\nid: 1\ndata: a\ndata: b\n\n', ['a\nb']],
  [': comment\n\nevent: x\n\nretry: 1\ndata: a\r\n\r\n', ['a']],
  ['data\ndata: a\n\n', ['a']],
  ['data: a\n', []],
  ['data: a\n\ndata: {"cut', ['a']],
])('%j', (text, expected) => {
  expect(decoded([Buffer.from(text)])).toEqual(expected);
});

test('bytes may be cut anywhere, in the middle of a character too', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
        { maxLength: 8 },
      ),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.nat(400), { maxLength: 20 }),
      (texts, end, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `data: ${text}${end}${end}`).join(''));
        const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
        at.sort((a, b) => a - b);
        const chunks = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
        expect(decoded(chunks)).toEqual(texts);
      },
    ),
  );
});

test('an event that does not end is no reason to keep it all', () => {
  const decoder = new ServerSentDecoder(() => {});
  const chunk = Buffer.alloc(1 << 20, 'a');
  const push = (times: number) => {
    for (let i = 0; i < times; i += 1) decoder.push(chunk);
  };
  expect(() => push(maxFrameLength / chunk.length + 1)).toThrow('does not end');
});
