import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { type KeyRecord, readRecord } from '../../lambda/auth/key-record.ts';
import { readForm, singleKeyName } from '../../lambda/auth/parse-keys.ts';

/** The JSON form of a key secret or file. Records that it cannot read are kept as they are. */
export interface KeyDocument {
  api_key?: string;
  keys: unknown[];
}

/** Something the user has to put right. */
export class KeysError extends Error {
  override name = 'KeysError';
}

/** A plain key becomes `api_key`. Throws KeyFormatError. */
export function readDocument(content: string | undefined): KeyDocument {
  if (content === undefined || content.trim() === '') return { keys: [] };
  const { single, records } = readForm(content);
  return single === undefined ? { keys: records } : { api_key: single, keys: records };
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
  const key = `sk-bg-${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(key).digest('hex');
  const { name, ...rest } = record;
  const result = readRecord({ name, sha256, ...rest });
  if (!result.success) {
    throw new KeysError(result.issues.map((i) => `--${v.getDotPath(i)} ${i.message}.`).join('\n'));
  }
  return { key, document: { ...document, keys: [...document.keys, result.output] } };
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
  return name === singleKeyName ? { keys } : { ...document, keys };
}

/** Names in use: of keys that work, and of records that cannot be read but have one. */
function namesOf(document: KeyDocument): string[] {
  const single = document.api_key === undefined ? [] : [singleKeyName];
  const live = document.keys.filter((record) => toObject(record).revoked !== true);
  return [...single, ...live.flatMap((record) => nameOf(record) ?? [])];
}

function nameOf(record: unknown): string | undefined {
  const { name } = toObject(record);
  return typeof name === 'string' ? name : undefined;
}

function toObject(record: unknown): Record<string, unknown> {
  return typeof record === 'object' && record !== null ? { ...record } : {};
}
