import type { MediaKind } from '../../canonical/blocks.ts';
import { formatOfName, isMediaFormat, mediaFormats } from '../../canonical/media-formats.ts';
import type { MediaSource } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import { field } from '../../fields.ts';

/** First bytes that tell a format beyond doubt. */
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

/**
 * The format as Converse spells it: the one declared where Converse knows it, else the one that the bytes show.
 * Some models compare the two ("The detected file MIME type ... does not match the expected type") and others
 * do not (recorded: Claude 3.5 read PNG bytes declared jpeg); with `byBytes` the bytes count more. Throws a 400
 * for a format that Converse does not take.
 */
export function mediaFormat(
  kind: MediaKind,
  declared: string | undefined,
  source: MediaSource,
  byBytes = false,
): string {
  const spelled = declared?.trim().toLowerCase() ?? '';
  const said = formatOfName(kind, spelled);
  const known = isMediaFormat(kind, said);
  const seen =
    source.bytes !== undefined && (byBytes || !known) ? detectFormat(kind, source.bytes) : undefined;
  if (seen !== undefined) return seen;
  if (known) return said;
  // Files that nothing declares are mostly source code and notes.
  if (kind === 'document' && said === '') return 'txt';
  const what =
    said === ''
      ? `The format of a file (${kind}) cannot be told from its media type, its name or its first bytes: declare it.`
      : `The ${kind} format ${JSON.stringify(declared)} is not supported.`;
  throw badRequest(`${what} Supported are ${mediaFormats[kind].join(', ')}.`, field('messages'));
}

/** The format that the first bytes show. Decodes 12 bytes of base64, however long it is. */
export function detectFormat(kind: MediaKind, base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 16), 'base64').toString('latin1');
  return signatures.find((signature) => signature.kind === kind && signature.matches(head))?.format;
}
