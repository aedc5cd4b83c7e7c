import { isUtf8 } from 'node:buffer';
import type { DocumentBlock, TextBlock } from '../../canonical/types.ts';
import { mediaFormat } from './format.ts';

export const textFormats = ['txt', 'csv', 'md', 'html'];

/** A document as text, for models that take none: undefined for what is no text, and for what lies in S3. */
export function documentAsText({ document }: DocumentBlock): TextBlock | undefined {
  const text = textOf(document);
  if (text === undefined) return undefined;
  const name = document.name.replace(/[\s"<>]+/g, ' ').slice(0, 200);
  return { text: `<document name="${name}">\n${text}\n</document>` };
}

function textOf({ source, format }: DocumentBlock['document']): string | undefined {
  if (source.text !== undefined) return source.text;
  if (source.content) return source.content.map(({ text }) => text).join('\n');
  if (source.bytes === undefined) return undefined;
  if (!textFormats.includes(mediaFormat('document', format, source))) return undefined;
  return decoded(Buffer.from(source.bytes, 'base64'));
}

/**
 * A file of text in UTF-8, as base64: Bedrock reads it in no other encoding ("Unsupported MIME type:
 * application/octet-stream.", measured on Shift_JIS: aws-samples/generative-ai-use-cases#1679). Undefined where it is, or
 * where nothing tells which text it holds.
 */
export function inUtf8(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  // A PDF that is declared to be a text is read as the PDF that it is.
  const isText = !isUtf8(bytes) && !bytes.toString('latin1', 0, 5).startsWith('%PDF-');
  const text = isText ? decoded(bytes) : undefined;
  return text === undefined ? undefined : Buffer.from(text).toString('base64');
}

/** By its mark UTF-16, else UTF-8, else what is Japanese, else what spreadsheets of Windows write. No text holds a NUL. */
function decoded(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) return undefined;
  return decodedAs('utf-8', bytes) ?? japanese(bytes) ?? western(bytes);
}

function decodedAs(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Japanese holds kana; in another encoding's text the bytes of two in a row are as good as none. */
function japanese(bytes: Buffer): string | undefined {
  const texts = ['shift_jis', 'euc-jp'].map((encoding) => decodedAs(encoding, bytes));
  return texts.find((text) => text !== undefined && /[\u3041-\u3096\u30a1-\u30fc]{2}/.test(text));
}

/** A text mostly of letters beyond ASCII is one of another alphabet, and which is not known. */
function western(bytes: Buffer): string | undefined {
  let seen = 0;
  let beyond = 0;
  for (const byte of bytes) {
    if (byte > 0x20) seen += 1;
    if (byte > 0x7f) beyond += 1;
  }
  return beyond * 3 > seen ? undefined : decodedAs('windows-1252', bytes);
}
