/**
 * Cuts bytes where readers tend to break: inside the length of the first frame, inside its CRC, one byte and
 * three bytes before the end, inside a character of several bytes, and at places spread over the rest.
 */
export function awkwardPieces(bytes: Buffer): Buffer[] {
  const wide = bytes.findIndex((byte) => byte >= 0xc0);
  const spread = Array.from({ length: 7 }, (_, i) => Math.floor((bytes.length * (i + 1)) / 8) + (i % 3));
  const cuts = new Set([1, 3, 9, 14, wide + 1, ...spread, bytes.length - 3, bytes.length - 1]);
  const sorted = [...cuts].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b);
  return [0, ...sorted].map((start, i) => bytes.subarray(start, sorted[i] ?? bytes.length));
}
