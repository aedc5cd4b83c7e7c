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
 * forms, so Node's own is asked, which is loaded for it. What was left empty is not given: a form has no null, and
 * browsers send a file without a name for none. Throws a 400 for what is neither.
 */
export async function readEdit(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<EditBody> {
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    // Without the mark of its encoding, as any other body is read.
    return { fields: parseBody(new TextDecoder().decode(bytes)), files: new Map() };
  }
  const headers = { 'content-type': contentType };
  const form = await new globalThis.Response(bytes, { headers }).formData().catch(() => undefined);
  if (!form) throw badRequest('The request body is not valid multipart/form-data.');
  const fields = new Map<string, unknown[]>();
  const files = new Map<string, Upload[]>();
  for (const [key, value] of form) {
    const name = key.replace(/\[\d*\]$/, '');
    if (typeof value === 'string') {
      if (value !== '') addTo(fields, name, plain(name, value));
    } else if (value.name !== '' || value.size > 0)
      addTo(files, name, { bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  const given = [...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return { fields: Object.fromEntries(given), files };
}

/** What stands in a form more than once is a list: images as data URLs are one, and for anything else it is refused. */
function addTo<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const known = lists.get(name);
  if (known) known.push(value);
  else lists.set(name, [value]);
}

/** A word that is none of a number or a flag stays one, so that it is refused as such. */
function plain(name: string, value: string): unknown {
  if (!notText.has(name)) return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}
