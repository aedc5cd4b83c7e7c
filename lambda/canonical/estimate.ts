/**
 * Tokens of a text where no model counts them: four bytes each, which is near the truth for English and not
 * far off for scripts whose characters take three bytes. Numbers made of it are marked as an estimate.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** What a character is to a tokenizer. */
type Kind = 0 | 1 | 2 | 3 | 4 | 5;
const none: Kind = 0;
const lower: Kind = 1;
const upper: Kind = 2;
const digit: Kind = 3;
const space: Kind = 4;
const mark: Kind = 5;

/** Of ASCII; what is beyond has no kind and is counted by the character. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 97 && code <= 122) return lower;
  if (code >= 65 && code <= 90) return upper;
  if (code >= 48 && code <= 57) return digit;
  return code <= 32 ? space : mark;
});

/** Letters of a word that are one token more. */
const lettersPerToken = 7;
const digitsPerToken = 3;
const newline = 10;
/** From here on, in UTF-16: Chinese, Japanese, Korean, and the halves of emoji. */
const ideographs = 0x2e80;

/**
 * The same, nearer to what tokenizers do: words, numbers and marks are counted as they are split, so that code, JSON
 * and tables, which have more tokens than prose has by the byte, do not come out too low. Not rounded. One pass.
 */
export function wordTokens(text: string): number {
  let tokens = 0;
  let before: number = none;
  let run = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? (kinds[code] as number) : none;
    // A capital goes on with the word that it begins.
    run = kind === before || (kind === lower && before === upper) ? run + 1 : 1;
    if (kind === lower || kind === upper) tokens += run % lettersPerToken === 1 ? 1 : 0;
    else if (kind === digit) tokens += run % digitsPerToken === 1 ? 1 : 0;
    else if (kind === mark) tokens += run === 1 ? 0.8 : 0.5;
    else if (kind === none) tokens += code >= ideographs ? 1.3 : 0.6;
    else if (code === newline && before !== space) tokens += 0.5;
    before = kind;
  }
  return tokens;
}
