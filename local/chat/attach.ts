import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { detectFormat } from '../../lambda/canonical/detect-format.ts';
import { formatOfName, isMediaFormat } from '../../lambda/canonical/media-formats.ts';
import type { ContentBlock } from '../../lambda/canonical/types.ts';
import { PlainError } from '../plain-error.ts';

/** A file that cannot be sent along. */
export class AttachError extends PlainError {
  override name = 'AttachError';
}

/** What Bedrock takes in one request, of which base64 makes a third more. */
const mostBytes = 18_000_000;

/** Documents that are no text; what is text is sent as such, which every model reads. */
const documents = ['pdf', 'doc', 'docx', 'xls', 'xlsx'];

/** Reads images, documents and texts. Throws AttachError, with the path and what is wrong. */
export function attachAll(paths: readonly string[]): Promise<ContentBlock[]> {
  return Promise.all(paths.map(attach));
}

async function attach(path: string): Promise<ContentBlock> {
  const bytes = await read(path);
  const base64 = bytes.subarray(0, 16).toString('base64');
  const ending = extname(path).slice(1).toLowerCase();
  const image = detectFormat('image', base64);
  if (image) return { image: { format: image, source: { bytes: bytes.toString('base64') } } };
  if (isMediaFormat('image', formatOfName('image', ending))) {
    throw new AttachError(
      `${path} is not the image that its name says: PNG, JPEG, GIF and WebP can be attached.`,
    );
  }
  const document = detectFormat('document', base64) ?? (documents.includes(ending) ? ending : undefined);
  const name = basename(path);
  if (document) {
    const source = { bytes: bytes.toString('base64') };
    return {
      document: { name: name.slice(0, name.length - extname(name).length), format: document, source },
    };
  }
  return { text: `<file name=${JSON.stringify(name)}>\n${textOf(bytes, path)}\n</file>` };
}

async function read(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new AttachError(`${path} is a folder: attach its files.`);
    if (found.size > mostBytes) {
      throw new AttachError(`${path} has ${found.size} bytes: at most ${mostBytes} can be sent.`);
    }
    const bytes = await readFile(path);
    if (bytes.length === 0) throw new AttachError(`${path} is empty.`);
    return bytes;
  } catch (error) {
    if (error instanceof AttachError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new AttachError(
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`,
    );
  }
}

function textOf(bytes: Buffer, path: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new AttachError(
    `${path} is neither text nor a known format: images (PNG, JPEG, GIF, WebP), ${documents.join(', ')} and UTF-8 texts can be attached.`,
  );
}
