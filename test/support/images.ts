import { crc32, deflateSync } from 'node:zlib';

/** A whole PNG. `pixel` gives the samples at a place: one for grey, two with alpha, three and four for colours. */
export function png(
  { width, height, samples }: { width: number; height: number; samples: 1 | 2 | 3 | 4 },
  pixel: (x: number, y: number) => readonly number[] = () => Array(samples).fill(128),
  comment = '',
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  header.writeUInt8({ 1: 0, 2: 4, 3: 2, 4: 6 }[samples], 9);
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => pixel(x, y)).flat(),
  ]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(comment ? [chunk('tEXt', Buffer.from(`Comment\0${comment}`, 'latin1'))] : []),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/** A file as OpenAI's clients send it. */
export const file = (bytes: Buffer, name = 'image.png') =>
  new File([new Uint8Array(bytes)], name, { type: 'image/png' });
