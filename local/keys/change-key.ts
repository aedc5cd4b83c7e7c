import { type KeyRecord, readRecord } from '../../lambda/auth/key-record.ts';
import { checkedRecord, type KeyDocument, keyPair, nameOf, toObject } from './key-document.ts';
import { KeysError } from './keys-error.ts';

/** The record of a key that works. Throws KeysError where there is none of this name, or it cannot be read. */
export function requireKey(document: KeyDocument, name: string): KeyRecord {
  const live = document.keys.filter((record) => toObject(record).revoked !== true);
  const found = live.find((record) => nameOf(record) === name);
  if (found === undefined) {
    const names = live.flatMap((record) => nameOf(record) ?? []);
    throw new KeysError(
      `There is no key named ${name} that has a record and is not revoked. There are: ${names.join(', ') || 'none'}.`,
    );
  }
  const result = readRecord(found);
  if (!result.success) throw new KeysError(`The record of ${name} cannot be read, so it opens nothing.`);
  return result.output;
}

/** Another record for a key. Throws KeysError for one that would open nothing. */
export function replaceKey(document: KeyDocument, name: string, record: KeyRecord): KeyDocument {
  const checked = checkedRecord(record);
  const keys = document.keys.map((each) =>
    nameOf(each) === name && toObject(each).revoked !== true ? checked : each,
  );
  return { ...document, keys };
}

/** A new key for a name: the one before opens until `until`, epoch milliseconds, whatever is kept of older secrets. */
export function rotateKey(
  document: KeyDocument,
  name: string,
  until: number,
): { key: string; document: KeyDocument } {
  const record = requireKey(document, name);
  const { key, sha256 } = keyPair();
  const previous = { sha256: record.sha256, expires: new Date(until).toISOString() };
  return { key, document: replaceKey(document, name, { ...record, sha256, previous }) };
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const mostGraceMs = 30 * units.d;

/** `0`, `30m`, `24h` or `7d` in milliseconds. Throws KeysError. */
export function readGrace(text = '24h'): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd]?)$/.exec(text.trim()) ?? [];
  const ms =
    unit === '' ? (Number(count) === 0 ? 0 : Number.NaN) : Number(count) * units[unit as keyof typeof units];
  if (count !== '' && ms <= mostGraceMs) return ms;
  throw new KeysError(
    `--grace must be 0, or minutes, hours or days such as 30m, 24h or 7d, at most 30d; not ${text}.`,
  );
}
