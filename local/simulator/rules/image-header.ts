/** What an image's first bytes say it is; undefined for anything else. */
export function imageFormat(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('GIF8')) return 'gif';
  return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'webp' : undefined;
}

/** The longer side in pixels; 0 where the header does not tell. */
export function longerSide(bytes: Buffer): number {
  switch (imageFormat(bytes)) {
    case 'png':
      return bytes.length >= 24 ? Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)) : 0;
    case 'gif':
      return bytes.length >= 10 ? Math.max(bytes.readUInt16LE(6), bytes.readUInt16LE(8)) : 0;
    case 'jpeg':
      return jpegSide(bytes);
    default:
      return 0;
  }
}

/** Walks the segments to the start of frame, which holds height and width. */
function jpegSide(bytes: Buffer): number {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    const startOfFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (startOfFrame) return Math.max(bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7));
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return 0;
}
