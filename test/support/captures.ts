import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request of a real client (`test/captures/README.md`). */
export interface Capture {
  /** `claude-code/messages-turn1`. */
  name: string;
  client: string;
  version: string;
  /** Below the base URL, with its query. */
  path: string;
  headers: Record<string, string>;
  body: MessagesBody;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are whatever clients send, and tests look into every corner of them.
export type MessagesBody = Record<string, any>;

const folder = join(import.meta.dirname, '../captures');

/** The names of all captures, or of those that match. */
export const captureNames = (matching = /./): string[] =>
  globSync('*/*.json', { cwd: folder })
    .map((path) => path.replace(/\.json$/, ''))
    .filter((name) => matching.test(name))
    .sort();

/** A copy of its own each time. */
export const capture = (name: string): Capture => ({
  name,
  ...JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')),
});

/** The client's own headers, its key where it puts one, and no key where it puts none. */
export function headersOf({ headers }: Capture, key: string): Record<string, string> {
  const withKey = Object.entries(headers).map(([name, value]) => [name, value.replace('<redacted>', key)]);
  return { authorization: '', ...Object.fromEntries(withKey) };
}
