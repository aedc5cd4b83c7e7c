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

/** The body of a request or of a message; of a block, a tool or a turn what tests look at. */
export interface MessagesBody {
  [member: string]: unknown;
  messages?: Turn[];
  system?: string | Block[];
  tools?: Tool[];
  thinking?: { type: string; budget_tokens?: number; [member: string]: unknown };
  output_config?: Record<string, unknown>;
  anthropic_beta?: string[];
  max_tokens?: number;
}

export interface Turn {
  role: string;
  content: string | Block[];
  [member: string]: unknown;
}

export interface Block {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  data?: string;
  id?: string;
  name?: string;
  input?: object;
  tool_use_id?: string;
  content?: string | Block[];
  cache_control?: object;
  [member: string]: unknown;
}

export interface Tool {
  name: string;
  cache_control?: object;
  defer_loading?: boolean;
  [member: string]: unknown;
}

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
