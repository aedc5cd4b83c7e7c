import { imageOptionNames, imageOptions } from '../../models/images/options.ts';
import { badRequest } from '../shared/bad-request.ts';
import { parseBody } from '../shared/body.ts';
import type { Fields } from '../shared/json.ts';

/** A file of a form. */
export interface Upload {
  bytes: Uint8Array;
}

/** What an edit sends: its parameters, and where it is a form its files by their names. */
export interface EditBody {
  fields: Fields;
  files: ReadonlyMap<string, readonly Upload[]>;
}

/** What is a number or a flag: a form has words for them. */
const notText: ReadonlySet<string> = new Set([
  'n',
  'stream',
  'partial_images',
  'output_compression',
  ...imageOptionNames.filter((name) => 'min' in imageOptions[name]),
]);

/**
 * A form (`multipart/form-data`, as OpenAI's clients send edits) or JSON. `Response` of the function's bundle reads no
 * forms, so Node's own is asked, which is loaded for it. Throws a 400 for what is neither.
 */
export async function readEdit(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<EditBody> {
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    return { fields: parseBody(Buffer.from(bytes).toString()), files: new Map() };
  }
  const headers = { 'content-type': contentType };
  const form = await new globalThis.Response(bytes, { headers }).formData().catch(() => undefined);
  if (!form) throw badRequest('The request body is not valid multipart/form-data.');
  const fields: [string, unknown][] = [];
  const files = new Map<string, Upload[]>();
  for (const [key, value] of form) {
    const name = key.replace(/\[\d*\]$/, '');
    if (typeof value === 'string') fields.push([name, plain(name, value)]);
    else {
      const upload = { bytes: new Uint8Array(await value.arrayBuffer()) };
      const known = files.get(name);
      if (known) known.push(upload);
      else files.set(name, [upload]);
    }
  }
  return { fields: Object.fromEntries(fields), files };
}

/** A word that is none of a number or a flag stays one, so that it is refused as such. */
function plain(name: string, value: string): unknown {
  if (!notText.has(name)) return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}
