import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../lambda/errors.ts';
import { whiteWhereEdited } from '../../../lambda/fit/image-mask.ts';
import { chunk, png } from '../../support/images.ts';

const picture = (bytes: Buffer) => ({ bytes: bytes.toString('base64'), format: 'png' as const });

/** The grey pixels of a PNG as the gateway writes it: unfiltered, one chunk of data. */
function pixels(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  const width = bytes.readUInt32BE(16);
  const rows = inflateSync(bytes.subarray(bytes.indexOf('IDAT') + 4));
  return [...rows].filter((_, i) => i % (width + 1) !== 0);
}

/** The beginning of a WebP of 16 by 16 pixels (https://developers.google.com/speed/webp/docs/riff_container). */
function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', isTransparent: boolean) {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write(`WEBP${kind}`, 8, 'latin1');
  if (kind === 'VP8X') bytes.writeUInt8(isTransparent ? 0x10 : 0, 20);
  // A signature, 14 bits of width and of height less one each, and a bit for transparency.
  if (kind === 'VP8L') {
    bytes.writeUInt8(0x2f, 20);
    bytes.writeUInt32LE(15 + 15 * 2 ** 14 + (isTransparent ? 2 ** 28 : 0), 21);
  }
  return { bytes: bytes.toString('base64'), format: 'webp' as const };
}

/** A PNG with alpha whose rows are filtered as they are told (https://www.w3.org/TR/png-3/#9Filter-types). */
function filtered(width: number, rows: readonly (readonly number[])[], filters: readonly number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const data = rows.flatMap((row, y) => {
    const at = (line: readonly number[] | undefined, i: number) => (i < 0 ? 0 : (line?.[i] ?? 0));
    const filter = filters[y] ?? 0;
    return [
      filter,
      ...row.map((value, i) => {
        const [a, b, c] = [at(row, i - 4), at(rows[y - 1], i), at(rows[y - 1], i - 4)];
        const p = a + b - c;
        const nearest = [a, b, c].reduce((best, each) =>
          Math.abs(p - each) < Math.abs(p - best) ? each : best,
        );
        const guess = [0, a, b, Math.floor((a + b) / 2), nearest][filter] ?? 0;
        return (value - guess + 512) & 255;
      }),
    ];
  });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(data))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('OpenAI’s mask', () => {
  test.each([2, 4] as const)('with %i samples: white where it is transparent', (samples) => {
    const mask = png({ width: 3, height: 2, samples }, (x) => [
      ...Array(samples - 1).fill(9),
      x === 1 ? 0 : 255,
    ]);
    const white = whiteWhereEdited(picture(mask));
    expect(pixels(white.bytes)).toEqual([0, 255, 0, 0, 255, 0]);
  });

  test('whatever its rows are filtered by', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const any = fc.integer({ min: 1, max: 6 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        rows: fc.array(fc.array(byte, { minLength: width * 4, maxLength: width * 4 }), {
          minLength: 1,
          maxLength: 6,
        }),
        filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(any, ({ width, rows, filters }) => {
        const alpha = rows.flatMap((row) => row.filter((_, i) => i % 4 === 3));
        fc.pre(alpha.some((value) => value < 255));
        const { bytes } = whiteWhereEdited(picture(filtered(width, rows, filters)));
        expect(pixels(bytes)).toEqual(alpha.map((value) => 255 - value));
      }),
    );
  });
});

describe('stays as it is', () => {
  test.each([
    ['grey', png({ width: 2, height: 2, samples: 1 })],
    ['colours', png({ width: 2, height: 2, samples: 3 })],
    ['opaque', png({ width: 2, height: 2, samples: 4 }, () => [1, 2, 3, 255])],
  ])('%s', (_, bytes) => {
    expect(whiteWhereEdited(picture(bytes))).toEqual(picture(bytes));
  });

  test('what has no transparency in any case', () => {
    const jpeg = { bytes: '/9j/', format: 'jpeg' as const };
    for (const mask of [jpeg, webp('VP8 ', false), webp('VP8L', false), webp('VP8X', false)])
      expect(whiteWhereEdited(mask)).toBe(mask);
    const nothing = { bytes: 'UklGRg==', format: 'webp' as const };
    expect(whiteWhereEdited(nothing)).toBe(nothing);
  });
});

describe('a 400 that names the mask', () => {
  const whole = png({ width: 4, height: 4, samples: 4 }, () => [0, 0, 0, 0]);
  const with_ = (at: number, value: number) => {
    const bytes = Buffer.from(whole);
    bytes[at] = value;
    return bytes;
  };
  /** A header that speaks of more than there is, and data that unpack to more than it speaks of. */
  const vast = Buffer.from(whole);
  vast.writeUInt32BE(100_000, 16);
  vast.writeUInt32BE(100_000, 20);
  const bomb = Buffer.concat([whole.subarray(0, 33), chunk('IDAT', deflateSync(Buffer.alloc(1 << 20)))]);

  test.each([
    ['cut', whole.subarray(0, 40)],
    ['16 bits a sample', with_(24, 16)],
    ['interlaced', with_(28, 1)],
    ['another height', with_(23, 5)],
    ['vast', vast],
    ['more data than it says', bomb],
    [
      'a palette with transparency',
      Buffer.concat([with_(25, 3).subarray(0, 33), chunk('tRNS', Buffer.alloc(1))]),
    ],
    ['nothing behind its signature', whole.subarray(0, 8)],
  ])('%s', (_, bytes) => {
    expect(() => whiteWhereEdited(picture(bytes))).toThrow(
      expect.objectContaining({ status: 400, param: 'mask' }),
    );
  });

  test.each(['VP8L', 'VP8X'] as const)('a WebP with transparency, %s', (kind) => {
    expect(() => whiteWhereEdited(webp(kind, true))).toThrow(
      expect.objectContaining({ status: 400, param: 'mask', message: expect.stringContaining('PNG') }),
    );
  });

  test('any bytes behind a header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (rest) => {
        try {
          whiteWhereEdited(picture(Buffer.concat([whole.subarray(0, 33), rest])));
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
    );
  });
});
