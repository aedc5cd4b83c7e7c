import { crc32 } from 'node:zlib';

/**
 * A frame of application/vnd.amazon.eventstream: total length, headers length, CRC of those two, headers,
 * payload, CRC of everything before it.
 */
export function encodeFrame(headers: Record<string, string>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const frame = Buffer.alloc(16 + head.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(head, 12);
  frame.set(payload, 12 + head.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

const stringValue = 7;

function encodeHeader(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([stringValue]),
    length,
    text,
  ]);
}

/** An event: always these three headers in this order, and padding in `p` (all 5,795 recorded frames). */
export function encodeEvent(type: string, payload: Record<string, unknown>, nth = 0): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return encodeFrame(headers, json({ ...payload, p: padding(type, nth) }));
}

/** An exception: no padding (recorded). */
export function encodeException(type: string, payload: Record<string, unknown>): Buffer {
  const headers = {
    ':exception-type': type,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  };
  return encodeFrame(headers, json(payload));
}

/** An error that no model describes: its code and text are headers, and there is no payload. */
export function encodeError(code: string, message: string): Buffer {
  const headers = { ':error-code': code, ':error-message': message, ':message-type': 'error' };
  return encodeFrame(headers, new Uint8Array());
}

const json = (value: unknown) => Buffer.from(JSON.stringify(alphabetical(value)));

/** Converse's JSON has its keys in alphabetical order at every level (146 of 150 recorded bodies). */
export function alphabetical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(alphabetical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, alphabetical(each)]),
  );
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

// 2 to 61 characters, always a prefix of the same alphabet (recorded); here by position, so that runs repeat.
const padding = (type: string, nth: number) => letters.slice(0, 2 + ((type.length * 7 + nth * 13) % 60));
