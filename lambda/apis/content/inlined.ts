import { detectFormat } from '../../canonical/detect-format.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { PartContext } from './context.ts';
import { readMedia } from './media.ts';

/**
 * The URL of an image or a file, for a model that reads OpenAI's APIs itself: what was fetched from it becomes a data URL,
 * and so does an image whose own data URL does not say that it is one; any other stays. Its type is that of the bytes:
 * servers of files declare `binary/octet-stream` for what nobody has given a type, and models refuse that. Throws a 400
 * that names `path`, or a 413 when fetched media have become too much.
 */
export function inlined(url: string, kind: 'image' | 'document', path: string, context: PartContext): string {
  const fetched = context.fetched.get(url);
  if (!fetched && !(kind === 'image' && untyped.test(url))) return url;
  const { format, source } = readMedia(url, kind, path, context);
  const { bytes = '' } = source;
  const seen = detectFormat(kind, bytes) ?? format;
  const type = kind === 'image' ? imageType(seen, path) : documentType(seen, fetched?.mediaType);
  return `data:${type};base64,${bytes}`;
}

const untyped = /^data:(?!image\/)/i;

function imageType(format: string, path: string): string {
  if (format === '') throw unsupported(`${path}: it is no PNG, JPEG, GIF or WebP.`, path);
  return `image/${format}`;
}

const documentType = (format: string, declared: string | undefined): string =>
  format === 'pdf' ? 'application/pdf' : declared || 'application/octet-stream';
