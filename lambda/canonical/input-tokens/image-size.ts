export interface ImageSize {
  width: number;
  height: number;
}

/** As much of a file as is looked at: a JPEG has its size behind what cameras write about the picture. */
const maxBytes = 65_536;

/**
 * The size in pixels that a PNG, GIF or JPEG says of itself in its first bytes; undefined for other formats, and where
 * it is not among these.
 */
export function imageSize(base64: string): ImageSize | undefined {
  const head = Buffer.from(base64.slice(0, 32), 'base64');
  if (head.length < 24) return undefined;
  if (head.readUInt32BE(0) === 0x89504e47)
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  if (head.toString('latin1', 0, 3) === 'GIF')
    return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
  if (head.readUInt16BE(0) !== startOfImage) return undefined;
  return jpegSize(Buffer.from(base64.slice(0, (maxBytes / 3) * 4), 'base64'));
}

const startOfImage = 0xffd8;

/** Markers of frames: 0xC0 to 0xCF but for tables and the arithmetic coder's conditions (ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Goes from segment to segment until a frame begins. */
function jpegSize(bytes: Buffer): ImageSize | undefined {
  for (let at = 2; at + 9 <= bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at] !== 0xff) return undefined;
    if (isFrame(bytes[at + 1] ?? 0))
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
  }
  return undefined;
}
