import type { MediaKind } from '../../canonical/blocks.ts';
import type { MediaSource } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';

// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
const formats: Record<MediaKind, readonly string[]> = {
  image: ['png', 'jpeg', 'gif', 'webp'],
  document: ['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'],
  video: ['mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp'],
  audio: 'mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm'.split(' '),
};

/** What files and media types call a format that Converse calls otherwise. */
const otherNames: Record<MediaKind, Record<string, string>> = {
  image: { jpg: 'jpeg', pjpeg: 'jpeg', jfif: 'jpeg' },
  document: {
    htm: 'html',
    markdown: 'md',
    plain: 'txt',
    text: 'txt',
    log: 'txt',
    json: 'txt',
    jsonl: 'txt',
    xml: 'txt',
    yaml: 'txt',
    yml: 'txt',
    tsv: 'txt',
  },
  video: { '3gp': 'three_gp', '3gpp': 'three_gp', quicktime: 'mov', 'x-matroska': 'mkv', 'x-flv': 'flv' },
  audio: { 'x-wav': 'wav', wave: 'wav', 'x-m4a': 'm4a', 'x-flac': 'flac', 'x-matroska': 'mkv' },
};

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
  const aliases = otherNames[kind];
  const said = Object.hasOwn(aliases, spelled) ? aliases[spelled]! : spelled;
  const known = formats[kind].includes(said);
  const seen = source.bytes !== undefined && (byBytes || !known) ? detect(kind, source.bytes) : undefined;
  if (seen !== undefined) return seen;
  if (known) return said;
  // Files that nothing declares are mostly source code and notes.
  if (kind === 'document' && said === '') return 'txt';
  const what =
    said === ''
      ? `The format of a file (${kind}) cannot be told from its media type, its name or its first bytes: declare it.`
      : `The ${kind} format ${JSON.stringify(declared)} is not supported.`;
  throw badRequest(`${what} Supported are ${formats[kind].join(', ')}.`, 'messages');
}

/** Decodes 12 bytes of base64, however long it is. */
function detect(kind: MediaKind, base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 16), 'base64').toString('latin1');
  return signatures.find((signature) => signature.kind === kind && signature.matches(head))?.format;
}
