import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { badRequest, type GatewayError } from '../errors.ts';
import { field, note } from '../fields.ts';
import type { Picture } from '../models/images/contract.ts';

/**
 * A mask as Stability's models take it, white where the image is edited and black where it is kept. OpenAI's are
 * transparent where it is edited (https://platform.openai.com/docs/api-reference/images/createEdit); one without any
 * transparency is taken for the other kind and stays as it is. Pure. Throws a 400 for a PNG that cannot be read, and for a
 * WebP that may be transparent: as it is, it would say nothing of what is edited.
 *
 * By hand, for the one kind of PNG that editors write with transparency: zlib does the most of it, and a library for all
 * kinds would be larger than the rest of the route.
 */
export function whiteWhereEdited(mask: Picture): Picture {
  if (mask.format === 'jpeg') return mask;
  const bytes = Buffer.from(mask.bytes, 'base64');
  if (mask.format === 'webp') {
    if (hasAlpha(bytes)) throw unreadable();
    return mask;
  }
  const chunks = chunksOf(bytes);
  const [header] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== 13) throw broken();
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const [depth, colour, , , interlaced] = header.data.subarray(8);
  const samples = samplesWithAlpha.get(colour ?? 0);
  if (samples === undefined) {
    if (chunks.some(({ type }) => type === 'tRNS')) throw unreadable();
    return mask;
  }
  if (depth !== 8 || interlaced !== 0) throw unreadable();
  if (width === 0 || height === 0 || width * height > maxPixels) throw tooLarge(width, height);
  const alpha = alphaOf(unpacked(chunks, height * (width * samples + 1)), { width, height, samples });
  if (alpha.every((value) => value === 255)) return mask;
  return {
    format: 'png',
    bytes: greyPng(
      alpha.map((value) => 255 - value),
      width,
      height,
    ).toString('base64'),
  };
}

/** By the header of a WebP: https://developers.google.com/speed/webp/docs/riff_container */
function hasAlpha(webp: Buffer): boolean {
  if (webp.length < 25) return false;
  const kind = webp.toString('latin1', 12, 16);
  if (kind === 'VP8X') return (webp.readUInt8(20) & 0x10) !== 0;
  return kind === 'VP8L' && (webp.readUInt8(24) & 0x10) !== 0;
}

/** What Stability's models take (https://docs.aws.amazon.com/bedrock/latest/userguide/stable-image-services.html). */
const maxPixels = 9_437_184;

/** Bytes of a pixel of 8 bits a sample, by the colour types that have an alpha of their own. */
const samplesWithAlpha: ReadonlyMap<number, number> = new Map([
  [4, 2],
  [6, 4],
]);

interface Chunk {
  type: string;
  data: Buffer;
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (at + 12 + length > bytes.length) throw broken();
    chunks.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
}

/** Unpacks no more than the header speaks of. */
function unpacked(chunks: readonly Chunk[], length: number): Buffer {
  try {
    const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
    const rows = inflateSync(packed, { maxOutputLength: length });
    if (rows.length === length) return rows;
  } catch {
    // Neither its data nor its length is what the header says.
  }
  throw broken();
}

interface Shape {
  width: number;
  height: number;
  samples: number;
}

/** The last sample of every pixel, its rows put back as they were before they were filtered. */
function alphaOf(rows: Buffer, { width, height, samples }: Shape): Uint8Array {
  const alpha = new Uint8Array(width * height);
  const stride = width * samples;
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const row = rows.subarray(start + 1, start + 1 + stride);
    unfilter(row, above, rows[start] ?? 0, samples);
    for (let x = 0; x < width; x += 1) alpha[y * width + x] = row[(x + 1) * samples - 1] ?? 0;
    above = row;
  }
  return alpha;
}

/** https://www.w3.org/TR/png-3/#9Filter-types; `row` is changed. */
function unfilter(row: Uint8Array, above: Uint8Array, filter: number, samples: number): void {
  if (filter > 4) throw broken();
  if (filter === 0) return;
  for (let i = 0; i < row.length; i += 1) {
    const left = row[i - samples] ?? 0;
    const up = above[i] ?? 0;
    const corner = above[i - samples] ?? 0;
    row[i] = ((row[i] ?? 0) + guessed(filter, left, up, corner)) & 255;
  }
}

function guessed(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    default:
      return paeth(left, up, corner);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function greyPng(pixels: Uint8Array, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

const broken = (): GatewayError =>
  badRequest(note`'${field('mask')}' is no whole PNG: its header and its data do not fit.`, field('mask'));

const unreadable = (): GatewayError =>
  badRequest(
    note`The transparency of '${field('mask')}' cannot be read. Send a PNG of 8 bits a sample that is neither interlaced nor has a palette, or a mask without transparency: white where the image is to be edited, black where it is kept.`,
    field('mask'),
  );

const tooLarge = (width: number, height: number): GatewayError =>
  badRequest(
    note`'${field('mask')}' has ${width} x ${height} pixels; at most ${maxPixels} are taken.`,
    field('mask'),
  );
