import type { MediaKind } from './blocks.ts';

/** First bytes that show a format beyond doubt, one character for each. */
const signatures: { kind: MediaKind; format: string; matches: (head: string) => boolean }[] = [
  { kind: 'image', format: 'png', matches: (head) => head.startsWith('\x89PNG\r\n\x1a\n') },
  { kind: 'image', format: 'jpeg', matches: (head) => head.startsWith('\xff\xd8\xff') },
  { kind: 'image', format: 'gif', matches: (head) => head.startsWith('GIF8') },
  {
    kind: 'image',
    format: 'webp',
    matches: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP',
  },
  { kind: 'document', format: 'pdf', matches: (head) => head.startsWith('%PDF-') },
];

/** The format that the first bytes show. Decodes 12 bytes of base64, however long it is. */
export function detectFormat(kind: MediaKind, base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 16), 'base64').toString('latin1');
  return signatures.find((signature) => signature.kind === kind && signature.matches(head))?.format;
}
