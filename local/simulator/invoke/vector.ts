import { createHash } from 'node:crypto';

/**
 * The vector of a text: always the same for the same text and size, of length 1, and nearer to those of texts
 * that share words with it. Each word points in a direction of its own; the text is their sum.
 */
export function vectorOf(text: string, dimensions: number): number[] {
  const sum = new Float64Array(dimensions);
  for (const word of text.toLowerCase().split(/[^\p{L}\p{N}]+/u)) addDirection(sum, word);
  const length = Math.hypot(...sum);
  return Array.from(sum, (value) => Number((value / length).toPrecision(8)));
}

function addDirection(sum: Float64Array, word: string): void {
  const seed = createHash('sha256').update(word).digest();
  let state = seed.readUInt32LE(0) || 1;
  for (let i = 0; i < sum.length; i += 1) {
    // xorshift32: 32 bits of pseudo-randomness from the 32 before.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    sum[i]! += (state >>> 0) / 2 ** 31 - 1;
  }
}
