/**
 * Cuts bytes where readers tend to break: inside the length of the first frame, inside its CRC, one byte and
 * three bytes before the end, inside the first characters of several bytes, and at places spread over the rest.
 */
export function awkwardPieces(bytes: Buffer): Buffer[] {
  const spread = Array.from({ length: 7 }, (_, i) => Math.floor((bytes.length * (i + 1)) / 8) + (i % 3));
  const cuts = new Set([
    1,
    3,
    9,
    14,
    ...insideCharacters(bytes),
    ...spread,
    bytes.length - 3,
    bytes.length - 1,
  ]);
  const sorted = [...cuts].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b);
  return [0, ...sorted].map((start, i) => bytes.subarray(start, sorted[i] ?? bytes.length));
}

/** Behind the first byte of what looks like a character of several bytes in UTF-8; eight of them do. */
function insideCharacters(bytes: Buffer): number[] {
  const cuts: number[] = [];
  for (let i = 1; i < bytes.length - 1 && cuts.length < 8; i += 1) {
    const leads = bytes[i]! >= 0xc2 && bytes[i]! <= 0xf4 && bytes[i - 1]! < 0x80;
    if (leads && (bytes[i + 1]! & 0xc0) === 0x80) cuts.push(i + 1);
  }
  return cuts;
}
