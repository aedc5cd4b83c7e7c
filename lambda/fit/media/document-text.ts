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

/** By its mark UTF-16, else UTF-8, else what spreadsheets of Windows write. No text holds a NUL. */
function decoded(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
