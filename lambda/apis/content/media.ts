import type { MediaKind } from '../../canonical/blocks.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import { formatOfName, formatOfType, isMediaFormat, mediaFormats } from '../../canonical/media-formats.ts';
import type { MediaSource } from '../../canonical/types.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import type { PartContext } from './context.ts';
import { isTextType } from './text-types.ts';

export interface Media {
  format: string;
  source: MediaSource;
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
  { fetched, bytes: budget }: PartContext,
  filename = url,
): Media {
  if (url.startsWith('data:')) {
    return mediaOf(parseDataUrl(url, path), kind, path, filename === url ? '' : filename);
  }
  if (url.startsWith('s3://')) {
    return { format: formatOf('', filename, kind, path), source: { s3Location: { uri: url } } };
  }
  const media = fetched.get(url);
  if (media) {
    budget.spend(media.bytes.length, path);
    return mediaOf(media, kind, path, filename);
  }
  throw unsupported(
    `Unsupported URL in '${path}': use a data: URL, an https:// URL of an image, or s3://.`,
    path,
  );
}

/** Bytes whose type is declared beside them; `filename` helps where it is not. Throws a 400 that names `path`. */
export function mediaOf(
  { mediaType, bytes }: FetchedMedia,
  kind: MediaKind,
  path: string,
  filename = '',
): Media {
  return { format: formatOf(mediaType, filename, kind, path), source: { bytes } };
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
  const byType = formatOfType(kind, mediaType);
  if (byType) return byType;
  const ending = endingOf(filename);
  const byName = formatOfName(kind, ending);
  if (isMediaFormat(kind, byName)) return byName;
  // What nothing declares is recognised by its first bytes when it is fitted to the model.
  if (mediaType === '' || mediaType.endsWith('/octet-stream')) return '';
  if (kind === 'document' && isTextType(mediaType, ending)) return 'txt';
  throw unsupported(
    `Unsupported ${kind} type '${mediaType.slice(0, 100)}' in '${path}'. Supported: ${mediaFormats[kind].join(', ')}.`,
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
