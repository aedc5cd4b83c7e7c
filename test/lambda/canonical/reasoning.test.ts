import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OpenReasoning, ReasoningDelta } from '../../../lambda/canonical/reasoning.ts';
import { addReasoning, joinBase64, reasoningBlock } from '../../../lambda/canonical/reasoning.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const joined = (pieces: readonly string[]): string => pieces.reduce(joinBase64, '');
/** A value in pieces, some of them empty. */
function cut<T extends { slice(from: number, to: number): T; length: number }>(
  whole: T,
  cuts: number[],
): T[] {
  const ends = [...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
  return ends.map((end, i) => whole.slice(ends[i - 1] ?? 0, end));
}
const data = fc.uint8Array({ maxLength: 40 });
const cuts = fc.array(fc.nat(60), { maxLength: 6 });

describe('base64 in pieces', () => {
  test.each<[string[], string]>([
    [['RU5DUllQVEVELVBBUlQtMTs=', 'UEFSVC0y'], 'RU5DUllQVEVELVBBUlQtMTtQQVJULTI='],
    [['YQ==', 'Yg==', 'Yw=='], 'YWJj'],
    [['YWJj', 'ZGVm'], 'YWJjZGVm'],
    [['YWJ', 'jZA=', '='], 'YWJjZA=='],
    [['', 'YQ==', ''], 'YQ=='],
    [['Er.not base64', '-at all='], 'Er.not base64-at all='],
  ])('%j is %s', (pieces, whole) => {
    expect(joined(pieces)).toBe(whole);
  });

  test('is the same however the bytes were cut before they were encoded', () => {
    fc.assert(
      fc.property(data, cuts, (bytes, at) => {
        expect(joined(cut(bytes, at).map(base64))).toBe(base64(bytes));
      }),
    );
  });

  test('is the same however the text was cut afterwards', () => {
    fc.assert(
      fc.property(data, cuts, (bytes, at) => {
        expect(joined(cut(base64(bytes), at))).toBe(base64(bytes));
      }),
    );
  });
});

describe('a block of reasoning', () => {
  const block = (deltas: ReasoningDelta[]) =>
    reasoningBlock(deltas.reduce<OpenReasoning | undefined>(addReasoning, undefined)!);

  test('is made of all its deltas', () => {
    const signed = block([
      { text: 'a' },
      { text: '' },
      { text: 'b' },
      { signature: 'YQ==' },
      { signature: 'Yg==' },
    ]);
    expect(signed).toEqual({ reasoningContent: { reasoningText: { text: 'ab', signature: 'YWI=' } } });
    const redacted = block([{ redactedContent: 'YQ==' }, { redactedContent: 'Yg==' }]);
    expect(redacted).toEqual({ reasoningContent: { redactedContent: 'YWI=' } });
    expect(block([{ text: 'a' }])).toEqual({ reasoningContent: { reasoningText: { text: 'a' } } });
  });
});
