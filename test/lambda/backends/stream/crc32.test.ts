import { randomBytes } from 'node:crypto';
import { crc32 as native } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from '../../../../lambda/backends/stream/crc32.ts';

test('is zlib’s, before zlib is called and after', () => {
  let summed = 0;
  for (let nth = 0; summed < 200_000; nth += 1) {
    const bytes = randomBytes(nth % 700);
    const start = bytes.length >> 2;
    const end = bytes.length - (bytes.length >> 3);
    const known = native(bytes.subarray(0, start));
    expect(crc32(bytes, start, end, known)).toBe(native(bytes.subarray(0, end)));
    expect(crc32(bytes, start, end)).toBe(native(bytes.subarray(start, end)));
    summed += end - start;
  }
});
