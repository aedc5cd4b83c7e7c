/** Cuts a text into parts of at most `bytes` UTF-8 bytes, at paragraphs where they are short enough. One pass. */
export function partsOf(text: string, bytes: number): string[] {
  const parts: string[] = [];
  let part: string[] = [];
  let size = 0;
  const close = () => {
    const joined = part.join('\n\n').trim();
    if (joined !== '') parts.push(joined);
    part = [];
    size = 0;
  };
  for (const paragraph of text.split(/\n\s*\n/)) {
    for (const piece of pieces(paragraph, bytes)) {
      const length = Buffer.byteLength(piece) + 2;
      if (size > 0 && size + length > bytes) close();
      part.push(piece);
      size += length;
    }
  }
  close();
  return parts;
}

/** A paragraph that is too long is cut at a blank, if there is one near. A character has at most four bytes. */
function pieces(paragraph: string, bytes: number): string[] {
  if (Buffer.byteLength(paragraph) + 2 <= bytes) return [paragraph];
  const longest = Math.max(1, Math.floor(bytes / 4) - 1);
  const found: string[] = [];
  for (let at = 0; at < paragraph.length; ) {
    const end = Math.min(paragraph.length, at + longest);
    const blank = end < paragraph.length ? paragraph.lastIndexOf(' ', end) : -1;
    const cut = blank > at + longest / 2 ? blank : behindWhole(paragraph, end);
    found.push(paragraph.slice(at, cut));
    at = cut;
  }
  return found;
}

/** Where a text can be cut: there, or behind the character of which half stands before it. */
export const behindWhole = (text: string, at: number): number =>
  /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(Math.max(0, at - 1), at + 1)) ? at + 1 : at;
