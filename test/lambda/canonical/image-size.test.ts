import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageSize } from '../../../lambda/canonical/image-size.ts';
import { png } from '../../support/images.ts';

const hex = (...parts: string[]) => Buffer.from(parts.join(''), 'hex');
const riff = (kind: string, data: string) =>
  Buffer.concat([Buffer.from(`RIFF\x16\0\0\0WEBP${kind}\x0a\0\0\0`, 'latin1'), hex(data)]);

test.each([
  ['PNG', png({ width: 80, height: 64, samples: 4 }), [80, 64]],
  ['JPEG, baseline', hex('ffd8', 'ffe0000400ff', 'ffc0000b08004000500301', '2200'), [80, 64]],
  ['JPEG, progressive', hex('ffd8', 'ffc2000b08004000500301', '2200'), [80, 64]],
  ['WebP, lossy', riff('VP8 ', '3001009d012a500040000000'), [80, 64]],
  ['WebP, lossless', riff('VP8L', '2f4fc00f00000000000000'), [80, 64]],
  ['WebP, extended', riff('VP8X', '000000004f00003f0000'), [80, 64]],
])('%s', (_, bytes, [width, height]) => {
  expect(imageSize(bytes)).toEqual({ width, height });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a cut PNG', png({ width: 80, height: 64, samples: 1 }).subarray(0, 20)],
  ['a JPEG without a frame', hex('ffd8ffe00004ffff', 'ffe00004ffff')],
  ['a GIF', Buffer.from('GIF89a')],
])('%s: nothing', (_, bytes) => {
  expect(imageSize(bytes)).toBeUndefined();
});

test('any bytes behind any signature', () => {
  const heads = [
    hex('ffd8ff'),
    hex('89504e470d0a1a0a'),
    Buffer.from('RIFF0000WEBPVP8 '),
    Buffer.from('RIFF0000WEBPVP8L'),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 64 }), (head, rest) => {
      expect(() => imageSize(Buffer.concat([head, rest]))).not.toThrow();
    }),
  );
});
