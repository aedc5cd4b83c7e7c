import { isObject } from './json.ts';

/** Members that hold bytes, ids or marks, and no words. */
const wordless: ReadonlySet<string> = new Set([
  'data',
  'file_data',
  'signature',
  'type',
  'role',
  'id',
  'tool_use_id',
  'media_type',
]);

/** A file, wherever it stands: what a model makes of it has nothing to do with its characters. */
const file = /^data:[^,]{0,200};base64,/;

/** What `promptText` is of a request, of a native body, whatever its members. */
export function textsOf(value: unknown): string {
  if (typeof value === 'string') return file.test(value) ? '' : value;
  if (typeof value !== 'object' || value === null) return '';
  // A document of the Messages API that is text has it where others have bytes.
  const isText = isObject(value) && value.type === 'text';
  return Object.entries(value)
    .map(([name, member]) => (wordless.has(name) && !(isText && name === 'data') ? '' : textsOf(member)))
    .filter((text) => text !== '')
    .join('\n');
}
