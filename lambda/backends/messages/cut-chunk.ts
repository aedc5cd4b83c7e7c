const begin = Buffer.from('{"bytes":"');
const quote = 0x22;

/**
 * The JSON in the payload of a chunk, `{"bytes":"…base64…","p":"…"}`, cut out of the bytes: that takes a third of the
 * time of parsing an object whose padding nobody reads. Undefined where a chunk holds none.
 */
export function cutChunk(bytes: Buffer, start: number, end: number): string | undefined {
  const from = start + begin.length;
  if (bytes.subarray(start, from).equals(begin)) {
    const to = bytes.indexOf(quote, from);
    if (to !== -1 && to < end) return decoded(bytes.toString('latin1', from, to));
  }
  const chunk = JSON.parse(bytes.toString('utf8', start, end)) as { bytes?: unknown };
  return typeof chunk.bytes === 'string' ? decoded(chunk.bytes) : undefined;
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();
