import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { type KeyRecord, readRecord } from '../../lambda/auth/key-record.ts';
import { readForm, singleKeyName } from '../../lambda/auth/parse-keys.ts';
import { KeysError } from './keys-error.ts';
import { optionFor } from './limit-options.ts';

/** The JSON form of a key secret or file. Records that it cannot read are kept as they are. */
export interface KeyDocument {
  api_key?: string;
  keys: unknown[];
  /** Absent: there are none. */
  teams?: unknown[];
}

/** A plain key becomes `api_key`. Throws KeyFormatError. */
export function readDocument(content: string | undefined): KeyDocument {
  if (content === undefined || content.trim() === '') return { keys: [] };
  const { single, records, teams } = readForm(content);
  return {
    ...(single !== undefined && { api_key: single }),
    keys: records,
    ...(teams.length > 0 && { teams }),
  };
}

export function writeDocument(document: KeyDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A new key with 256 random bits. The document gets its digest only. */
export function createKey(
  document: KeyDocument,
  record: Omit<KeyRecord, 'sha256'>,
): { key: string; document: KeyDocument } {
  if (namesOf(document).includes(record.name)) {
    throw new KeysError(
      `There is a key named ${record.name} already. Choose another --name, or revoke it first.`,
    );
  }
  const { key, sha256 } = keyPair();
  const { name, ...rest } = record;
  const checked = checkedRecord({ name, sha256, ...rest });
  return { key, document: { ...document, keys: [...document.keys, checked] } };
}

/** A new key and its digest. */
export function keyPair(): { key: string; sha256: string } {
  const key = `sk-bg-${randomBytes(32).toString('base64url')}`;
  return { key, sha256: createHash('sha256').update(key).digest('hex') };
}

/** Throws KeysError that names the option at fault. */
export function checkedRecord(record: KeyRecord): KeyRecord {
  const result = readRecord(record);
  if (result.success) return result.output;
  throw new KeysError(result.issues.map((i) => `${optionFor(v.getDotPath(i))} ${i.message}.`).join('\n'));
}

/** A revoked record stays: it keeps its key shut also where an older copy of the document is still honoured. */
export function revokeKey(document: KeyDocument, name: string): KeyDocument {
  if (!namesOf(document).includes(name)) {
    const names = namesOf(document);
    throw new KeysError(`There is no key named ${name}. There are: ${names.join(', ') || 'none'}.`);
  }
  const keys = document.keys.map((record) =>
    nameOf(record) === name ? { ...toObject(record), revoked: true } : record,
  );
  const { api_key: _, ...others } = document;
  return name === singleKeyName ? { ...others, keys } : { ...document, keys };
}

/** Names in use: of keys that work, and of records that cannot be read but have one. */
function namesOf(document: KeyDocument): string[] {
  const single = document.api_key === undefined ? [] : [singleKeyName];
  const live = document.keys.filter((record) => toObject(record).revoked !== true);
  return [...single, ...live.flatMap((record) => nameOf(record) ?? [])];
}

export function nameOf(record: unknown): string | undefined {
  const { name } = toObject(record);
  return typeof name === 'string' ? name : undefined;
}

export function toObject(record: unknown): Record<string, unknown> {
  return typeof record === 'object' && record !== null ? { ...record } : {};
}
