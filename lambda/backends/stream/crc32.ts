import { crc32 as native } from 'node:zlib';

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** Bytes for which a call into zlib costs more than the sum itself. */
const few = 16;
/** Bytes of a process's life that are summed here, so that no first answer waits for zlib to be loaded. */
let left = 32 * 1024;

/** The CRC-32 of zlib and gzip, of a range of bytes that goes on from others of which it is known. */
export function crc32(bytes: Buffer, start: number, end: number, known = 0): number {
  const length = end - start;
  if (length > few && left <= 0) return native(bytes.subarray(start, end), known);
  if (left > 0) left -= length;
  let crc = ~known;
  for (let at = start; at < end; at += 1) crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
