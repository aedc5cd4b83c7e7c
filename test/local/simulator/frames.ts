import { crc32 } from 'node:zlib';

export interface Frame {
  headers: Record<string, string>;
  /** Names of the headers, in order. */
  order: string[];
  raw: string;
  payload: Record<string, unknown>;
}

/** Reads frames by the format's description, checking both checksums. */
export function readFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const total = bytes.readUInt32BE(at);
    const frame = bytes.subarray(at, at + total);
    if (crc32(frame.subarray(0, 8)) !== frame.readUInt32BE(8)) throw new Error('prelude checksum');
    if (crc32(frame.subarray(0, total - 4)) !== frame.readUInt32BE(total - 4))
      throw new Error('message checksum');
    const end = 12 + frame.readUInt32BE(4);
    const headers: Record<string, string> = {};
    for (let h = 12; h < end; ) {
      const nameEnd = h + 1 + frame[h]!;
      const valueEnd = nameEnd + 3 + frame.readUInt16BE(nameEnd + 1);
      headers[frame.toString('utf8', h + 1, nameEnd)] = frame.toString('utf8', nameEnd + 3, valueEnd);
      h = valueEnd;
    }
    const raw = frame.toString('utf8', end, total - 4);
    frames.push({ headers, order: Object.keys(headers), raw, payload: raw ? JSON.parse(raw) : {} });
    at += total;
  }
  return frames;
}
