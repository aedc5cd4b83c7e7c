import { detectFormat } from '../../canonical/detect-format.ts';
import { formatOfName, mediaTypeOf } from '../../canonical/media-formats.ts';
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

/**
 * The data of a file for the same models, which want it as a data URL of a type: clients also send base64 alone, which
 * OpenAI's others take. What is a PDF is said to be one, and of what has no type the name says it; any other stays.
 */
export function typedFile(data: string, filename: unknown): string {
  if (/^(?:s3|https?):/i.test(data)) return data;
  const [head] = /^data:[^,]{0,200},/i.exec(data) ?? [''];
  const bytes = data.slice(head.length);
  const isPdf = detectFormat('document', bytes) === 'pdf';
  if (/^data:[^;,]/i.test(head) && !isPdf) return data;
  const type = isPdf ? pdf : (mediaTypeOf('document', formatIn(String(filename ?? ''))) ?? unknownType);
  return `data:${type};base64,${bytes}`;
}

const pdf = 'application/pdf';
const unknownType = 'application/octet-stream';

const formatIn = (filename: string): string =>
  formatOfName('document', filename.slice(filename.lastIndexOf('.') + 1).toLowerCase());

const untyped = /^data:(?!image\/)/i;

function imageType(format: string, path: string): string {
  if (format === '') throw unsupported(`${path}: it is no PNG, JPEG, GIF or WebP.`, path);
  return `image/${format}`;
}

const documentType = (format: string, declared: string | undefined): string =>
  format === 'pdf' ? pdf : declared || unknownType;
