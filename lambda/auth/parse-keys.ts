import { asMeant } from '../config.ts';
import { type DigestedKey, digestOf } from './digest.ts';

/**
 * The content of the key secret, or of a key file: one key as plain text, `{"api_key": "…"}`,
 * `{"keys": [{"name": "…", "sha256": "…"}]}`, or both members, and `teams` that keys belong to. A key in quotes opens with and without them: it was
 * stored as a JSON text, or pasted with what stood around it. No message of this module holds any of it.
 */

/** The name of the key that stands alone, as text or as `api_key`. */
export const singleKeyName = 'default';

export interface ParsedKeys {
  keys: DigestedKey[];
  /** What cannot be used, and so lets nobody in; for the log. */
  problems: string[];
}

/** The content is in none of the known forms. */
export class KeyFormatError extends Error {
  override name = 'KeyFormatError';

  constructor(what: string) {
    super(`The keys are in no known form: ${what}.`);
  }
}

/** Rejects with KeyFormatError. A record that is wrong costs that record only. `roles`: as of `keysOf`. */
export async function parseKeys(content: string, roles?: readonly string[]): Promise<ParsedKeys> {
  const form = readForm(content);
  const single = form.single === undefined ? [] : singleKeys(form.single);
  if (single.length > 0 && form.records.length + form.teams.length === 0)
    return { keys: single, problems: [] };
  // Most secrets hold a single key, which has no record to be checked.
  const { keysOf } = await import('./parse-records.ts');
  const { keys: recorded, problems } = keysOf(form, roles);
  const keys = [...single, ...recorded];
  if (problems.length === 0 && keys.every(({ revoked }) => revoked)) {
    problems.push(`none of its ${form.records.length} key(s) can be used, so it lets nobody in`);
  }
  return { keys, problems };
}

/** One key as it stands alone, and without the quotes around it. */
export function singleKeys(text: string): DigestedKey[] {
  return [...new Set([text, asMeant(text) || text])].map(singleKey);
}

/** One key as it stands alone, with every right. */
function singleKey(key: string): DigestedKey {
  return { digest: digestOf(key), principal: { name: singleKeyName } };
}

export interface KeyForm {
  single?: string;
  records: unknown[];
  teams: unknown[];
}

/** Takes the content apart without looking into the records. Throws KeyFormatError. */
export function readForm(content: string): KeyForm {
  const trimmed = content.trim();
  if (trimmed === '') throw new KeyFormatError('it is empty');
  if (isJsonList(trimmed)) throw new KeyFormatError('its JSON is a list; `{"keys": [...]}` is expected');
  const value = parseObject(trimmed);
  if (value === undefined) return { single: trimmed, records: [], teams: [] };
  const { api_key: single, keys = [], teams = [] } = value;
  if (single === undefined && value.keys === undefined) {
    throw new KeyFormatError('its JSON has neither api_key nor keys');
  }
  if (single !== undefined && (typeof single !== 'string' || single.trim() === '')) {
    throw new KeyFormatError('its api_key is not a text');
  }
  if (!Array.isArray(keys)) throw new KeyFormatError('its keys are not a list');
  if (!Array.isArray(teams)) throw new KeyFormatError('its teams are not a list');
  return { single: single?.trim(), records: keys, teams };
}

function isJsonList(content: string): boolean {
  if (!content.startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(content));
  } catch {
    return false;
  }
}

/** undefined: plain text. A generated key may well begin with a brace, JSON with a slip in it is no key. */
function parseObject(content: string): Record<string, unknown> | undefined {
  if (!content.startsWith('{')) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    if (/"(api_key|keys)"/.test(content)) throw new KeyFormatError('it looks like JSON and cannot be parsed');
    return undefined;
  }
}
