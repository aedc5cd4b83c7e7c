import type { ByteBudget } from '../../bounds.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import type { MediaSource } from '../../canonical/types.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import { isTextType } from './text-types.ts';

export type MediaKind = 'image' | 'document' | 'video' | 'audio';

/** Media types to the format names of Converse's blocks. Maps, because clients write the types that are looked up. */
const formats: Readonly<Record<MediaKind, ReadonlyMap<string, string>>> = {
  image: new Map([
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/jpg', 'jpeg'],
    ['image/gif', 'gif'],
    ['image/webp', 'webp'],
  ]),
  document: new Map([
    ['application/pdf', 'pdf'],
    ['text/csv', 'csv'],
    ['application/msword', 'doc'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['application/vnd.ms-excel', 'xls'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['text/html', 'html'],
    ['text/plain', 'txt'],
    ['text/markdown', 'md'],
  ]),
  video: new Map([
    ['video/mp4', 'mp4'],
    ['video/quicktime', 'mov'],
    ['video/x-matroska', 'mkv'],
    ['video/webm', 'webm'],
    ['video/x-flv', 'flv'],
    ['video/mpeg', 'mpeg'],
    ['video/x-ms-wmv', 'wmv'],
    ['video/3gpp', 'three_gp'],
  ]),
  audio: new Map([
    ['audio/mpeg', 'mp3'],
    ['audio/mp3', 'mp3'],
    ['audio/wav', 'wav'],
    ['audio/x-wav', 'wav'],
    ['audio/aac', 'aac'],
    ['audio/flac', 'flac'],
    ['audio/ogg', 'ogg'],
    ['audio/opus', 'opus'],
    ['audio/mp4', 'm4a'],
    ['audio/webm', 'webm'],
  ]),
};

/** File name endings that are not the format's own name. */
const endings = new Map([
  ['jpg', 'jpeg'],
  ['htm', 'html'],
  ['markdown', 'md'],
  ['text', 'txt'],
  ['3gp', 'three_gp'],
]);

export interface Media {
  format: string;
  source: MediaSource;
}

/** What media that stand elsewhere were replaced with. */
export interface MediaContext {
  fetched: ReadonlyMap<string, FetchedMedia>;
  /** Counts what was fetched each time that it is used. */
  bytes: ByteBudget;
}

/**
 * A URL of a content part (data:, s3://, or an https URL that was fetched before) as a Converse media source.
 * The format comes from the media type, else from the name's ending. Throws a 400 that names `path`, or a 413
 * when fetched media have become too much.
 */
export function readMedia(
  url: string,
  kind: MediaKind,
  path: string,
  { fetched, bytes: budget }: MediaContext,
  filename = url,
): Media {
  if (url.startsWith('data:')) {
    const { mediaType, bytes } = parseDataUrl(url, path);
    return { format: formatOf(mediaType, filename === url ? '' : filename, kind, path), source: { bytes } };
  }
  if (url.startsWith('s3://')) {
    return { format: formatOf('', filename, kind, path), source: { s3Location: { uri: url } } };
  }
  const media = fetched.get(url);
  if (media) {
    budget.spend(media.bytes.length, path);
    return { format: formatOf(media.mediaType, filename, kind, path), source: { bytes: media.bytes } };
  }
  throw unsupported(
    `Unsupported URL in '${path}': use a data: URL, an https:// URL of an image, or s3://.`,
    path,
  );
}

export function isFetchable(url: unknown): url is string {
  return typeof url === 'string' && /^https?:/i.test(url);
}

/** `data:<type>;base64,<data>`. Throws a 400 when the data is not base64; whitespace inside is tolerated. */
export function parseDataUrl(url: string, path: string): FetchedMedia {
  const comma = url.indexOf(',');
  const head = comma < 0 ? '' : url.slice(5, comma);
  const [mediaType = '', ...parameters] = head.split(';');
  if (comma < 0) throw badRequest(`Invalid data URL in '${path}': it has no comma.`, path);
  const data = url.slice(comma + 1);
  if (parameters.some((p) => p.trim().toLowerCase() === 'base64')) {
    return { mediaType: mediaType.trim().toLowerCase(), bytes: readBase64(data, path) };
  }
  try {
    return {
      mediaType: mediaType.trim().toLowerCase(),
      bytes: Buffer.from(decodeURIComponent(data)).toString('base64'),
    };
  } catch {
    throw badRequest(`Invalid data URL in '${path}': its data is neither base64 nor URL-encoded.`, path);
  }
}

/** Standard base64 with its padding. Line breaks and the URL-safe alphabet are put right. */
export function readBase64(text: string, path: string): string {
  const clean = /[\s_-]/.test(text)
    ? text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/')
    : text;
  if (clean === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(clean)) {
    throw badRequest(`Invalid data in '${path}': it is ${clean === '' ? 'empty' : 'not base64'}.`, path);
  }
  const bare = clean.endsWith('=') ? clean.replace(/=+$/, '') : clean;
  if (bare.length % 4 === 1) throw badRequest(`Invalid data in '${path}': the base64 is cut off.`, path);
  return bare.length % 4 === 0 ? bare : bare + '='.repeat(4 - (bare.length % 4));
}

function formatOf(mediaType: string, filename: string, kind: MediaKind, path: string): string {
  const known = formats[kind];
  const byType = known.get(mediaType);
  if (byType) return byType;
  const ending = endingOf(filename);
  const byName = endings.get(ending) ?? ending;
  const names = new Set(known.values());
  if (names.has(byName)) return byName;
  // What nothing declares is recognised by its first bytes when it is fitted to the model.
  if (mediaType === '' || mediaType.endsWith('/octet-stream')) return '';
  if (kind === 'document' && isTextType(mediaType, ending)) return 'txt';
  throw unsupported(
    `Unsupported ${kind} type '${mediaType.slice(0, 100)}' in '${path}'. Supported: ${[...names].join(', ')}.`,
    path,
  );
}

/** The ending of a file name or a URL, in small letters; '' for none. */
function endingOf(name: string): string {
  // A query could hold anything, and a pattern that looks for the last of many dots would try each.
  const end = name.search(/[?#]/);
  const path = end < 0 ? name : name.slice(0, end);
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return ending.length < path.length && /^[a-z0-9]{1,16}$/i.test(ending) ? ending.toLowerCase() : '';
}

export function kindOfMediaType(mediaType: string): MediaKind | undefined {
  return (Object.keys(formats) as MediaKind[]).find((kind) => formats[kind].has(mediaType));
}
