/** A piece of personal data that a service has found: what kind it is of, and the text itself. */
export interface Named {
  kind: 'NAME' | 'ADDRESS';
  value: string;
}

/** What separates texts that are looked at together. */
const between = '\n\n';

/**
 * Texts joined into as few parts as there can be of at most so many bytes in UTF-8. A text that is too long is cut at
 * white space where it has some, so that names stay whole.
 */
export function partsFor(texts: readonly string[], maxBytes: number): string[] {
  const parts: string[] = [];
  let open: string[] = [];
  let size = 0;
  const close = () => {
    if (open.length > 0) parts.push(open.join(between));
    open = [];
    size = 0;
  };
  for (const text of texts.flatMap((each) => piecesOf(each, maxBytes))) {
    const bytes = Buffer.byteLength(text) + between.length;
    if (size + bytes > maxBytes) close();
    open.push(text);
    size += bytes;
  }
  close();
  return parts;
}

/** A character of UTF-16 has at most three bytes in UTF-8. */
function piecesOf(text: string, maxBytes: number): string[] {
  const most = Math.floor(maxBytes / 3) - between.length;
  const pieces: string[] = [];
  for (let begin = 0; begin < text.length; ) {
    let end = Math.min(text.length, begin + most);
    if (end < text.length) {
      const blank = text.lastIndexOf(' ', end);
      if (blank > begin + most / 2) end = blank;
      else if (isHigh(text.charCodeAt(end - 1))) end -= 1;
    }
    pieces.push(text.slice(begin, end));
    begin = end;
  }
  return pieces;
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** The texts at places that are counted in Unicode characters: all of a text's at once, because it is counted through each time. */
export function valuesAt(text: string, places: readonly { begin: number; end: number }[]): string[] {
  const characters = Array.from(text);
  return places.flatMap(({ begin, end }) =>
    characters
      .slice(begin, end)
      .join('')
      .split(between)
      .map((value) => value.trim())
      .filter((value) => /[\p{L}\p{N}]/u.test(value)),
  );
}
