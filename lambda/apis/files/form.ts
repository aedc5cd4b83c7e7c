import type { Context } from 'hono';
import { badRequest } from '../shared/bad-request.ts';

/** A form with a file, as clients send it. */
export interface UploadForm {
  filename: string;
  content: Buffer;
  /** One of its other fields. Throws a 400 where it stands there more than once. */
  field(name: string): string | undefined;
  /** What all of its parts are called. */
  names: readonly string[];
}

/** Characters of a file's name: in the bucket it stands in a key, which S3 bounds to 1024 bytes. */
const longestName = 160;

/**
 * Reads multipart/form-data. Node's own reader of forms does it: `Response` as a member of the global object, because in
 * the bundle the name by itself means a class that reads none. Throws a 400 that says what is missing.
 */
export async function readForm(c: Context): Promise<UploadForm> {
  const type = c.req.header('content-type') ?? '';
  if (!/^multipart\/form-data\b/i.test(type))
    throw badRequest('A file is uploaded as multipart/form-data, with a part `file`.', 'file');
  const bytes = await bytesOf(c.req.raw.body);
  const { Response: Reader } = globalThis;
  const form = await new Reader(bytes, { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
  if (!form) throw badRequest('The request body is no well-formed multipart/form-data.');
  const single = (name: string) => {
    const [value = null, ...more] = form.getAll(name);
    if (more.length === 0) return value;
    throw badRequest(`'${name}' stands in the form ${more.length + 1} times, and there can be one.`, name);
  };
  const file = single('file');
  if (file === null)
    throw badRequest("Missing required parameter: 'file'.", 'file', 'missing_required_parameter');
  if (typeof file === 'string') throw badRequest('`file` must be a part with a file name.', 'file');
  const content = Buffer.from(await file.arrayBuffer());
  // Where it is cut, half of a surrogate pair may be left, which no key in the bucket can have.
  const name = file.name
    .replace(/[\p{Cc}/\\]/gu, '_')
    .slice(0, longestName)
    .toWellFormed();
  const filename = name || 'file';
  return {
    filename,
    content,
    names: [...new Set(form.keys())],
    field(name) {
      const value = single(name);
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
  };
}

/** Piece by piece, which is what all that stands for a request here has in common. */
async function bytesOf(body: AsyncIterable<Uint8Array> | null): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts);
}
