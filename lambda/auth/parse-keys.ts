import { asMeant } from '../config.ts';
import { type DigestedKey, digestOf } from './digest.ts';
import { describeIssue, type KeyRecord, readRecord } from './key-record.ts';
import type { Principal } from './principal.ts';

/**
 * The content of the key secret, or of a key file: one key as plain text, `{"api_key": "…"}`,
 * `{"keys": [{"name": "…", "sha256": "…"}]}`, or both members. A key in quotes opens with and without them: it was
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

/** Throws KeyFormatError. A record that is wrong costs that record only. */
export function parseKeys(content: string): ParsedKeys {
  const form = readForm(content);
  const keys: DigestedKey[] = [];
  const problems: string[] = [];
  if (form.single !== undefined) keys.push(...singleKeys(form.single));
  form.records.forEach((record, index) => {
    const result = readRecord(record);
    if (result.success) keys.push(toKey(result.output));
    else problems.push(...result.issues.map((issue) => `keys[${index}]${describeIssue(issue)}`));
  });
  if (problems.length === 0 && keys.every(({ revoked }) => revoked)) {
    problems.push(`none of its ${form.records.length} key(s) can be used, so it lets nobody in`);
  }
  return { keys, problems };
}

/** One key as it stands alone, and without the quotes around it. */
export function singleKeys(text: string): DigestedKey[] {
  return [...new Set([text, asMeant(text)])].map(singleKey);
}

/** One key as it stands alone, with every right. */
function singleKey(key: string): DigestedKey {
  return { digest: digestOf(key), principal: { name: singleKeyName } };
}

export interface KeyForm {
  single?: string;
  records: unknown[];
}

/** Takes the content apart without looking into the records. Throws KeyFormatError. */
export function readForm(content: string): KeyForm {
  const trimmed = content.trim();
  if (trimmed === '') throw new KeyFormatError('it is empty');
  if (isJsonList(trimmed)) throw new KeyFormatError('its JSON is a list; `{"keys": [...]}` is expected');
  const value = parseObject(trimmed);
  if (value === undefined) return { single: trimmed, records: [] };
  const { api_key: single, keys = [] } = value;
  if (single === undefined && value.keys === undefined) {
    throw new KeyFormatError('its JSON has neither api_key nor keys');
  }
  if (single !== undefined && (typeof single !== 'string' || single.trim() === '')) {
    throw new KeyFormatError('its api_key is not a text');
  }
  if (!Array.isArray(keys)) throw new KeyFormatError('its keys are not a list');
  return { single: single?.trim(), records: keys };
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

function toKey(record: KeyRecord): DigestedKey {
  const { name, models, guardrail, metadata, optimisation } = record;
  const principal: Principal = { name, models, guardrail, metadata, optimisation };
  return {
    digest: Buffer.from(record.sha256, 'hex'),
    principal,
    expiresAt: record.expires === undefined ? undefined : Date.parse(record.expires),
    revoked: record.revoked,
  };
}
