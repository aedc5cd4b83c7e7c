/** Width and height in pixels by the header of a PNG, JPEG or WebP; undefined where it does not tell. */
export function imageSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = image.toString('latin1', 0, 16);
  if (head.startsWith('\x89PNG\r\n\x1a\n') && image.length >= 24) {
    return { width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
  }
  if (head.startsWith('\xff\xd8\xff')) return jpegSize(image);
  return head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' ? webpSize(image) : undefined;
}

/** Walks the segments to the start of frame, which holds height and width (ITU T.81, B.2.2). */
function jpegSize(image: Buffer): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 <= image.length && image[at] === 0xff) {
    const marker = image.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: image.readUInt16BE(at + 7), height: image.readUInt16BE(at + 5) };
    at += 2 + image.readUInt16BE(at + 2);
  }
  return undefined;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(image: Buffer): { width: number; height: number } | undefined {
  if (image.length < 30) return undefined;
  switch (image.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: image.readUInt16LE(26) & 0x3fff, height: image.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = image.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: image.readUIntLE(24, 3) + 1, height: image.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}
