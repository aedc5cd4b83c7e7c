import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A request that a real client of Responses sent. Its texts are neutral words, cut to 120 characters (descriptions to
 * 40); encrypted contents and ids of the history come from a server that gave canned answers; all else is as it was
 * sent. `turnN` is the N-th request of one conversation with tools: the question, after one call, after two calls at
 * once of which one failed.
 */
export interface ResponsesCapture {
  client: string;
  version: string;
  method: string;
  /** With its query. */
  path: string;
  note: string;
  headers: Record<string, string>;
  body?: ResponsesBody;
}

export interface ResponsesBody {
  [member: string]: unknown;
  model?: string;
  input?: string | Item[];
  tools?: Item[];
}

export interface Item {
  [member: string]: unknown;
  type?: string;
}

const folder = join(import.meta.dirname, '../captures');

/** Names such as `codex/responses-turn1`. */
export const responsesCaptures: readonly string[] = globSync('*/*.json', { cwd: folder })
  .map((path) => path.replaceAll('\\', '/').replace(/\.json$/, ''))
  .filter((name) => readCapture(name).path.startsWith('/v1/responses'))
  .sort();

/** A copy of its own each time. */
export function readCapture(name: string): ResponsesCapture {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

/** The body of a capture, for a model. */
export function captured(name: string, model: string): ResponsesBody & { input: Item[] } {
  const { body } = readCapture(name);
  if (!Array.isArray(body?.input)) throw new Error(`${name} has no items`);
  return { ...body, model, input: body.input };
}
