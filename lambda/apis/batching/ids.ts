import type { StateKey } from '../../auth/state-key.ts';
import { open, seal } from '../reasoning/sealed-state.ts';

/**
 * Ids of files and batches. Each is sealed with a key derived from the caller's own, so that nobody can make one up, and
 * one that was given to another key is as good as none. The same thing has the same id each time.
 */
export type IdKind = 'file' | 'output' | 'errors' | 'batch' | 'message-batch';

/** The order counts: the place in this list stands in the ids. */
const kinds: readonly IdKind[] = ['file', 'output', 'errors', 'batch', 'message-batch'];
const prefixes: Readonly<Record<IdKind, string>> = {
  file: 'file-',
  output: 'file-',
  errors: 'file-',
  batch: 'batch_',
  'message-batch': 'msgbatch_',
};
const purpose = 'file or batch id v1';

export interface OpenedId {
  kind: IdKind;
  /** The name of what it stands for in the bucket, in hexadecimal digits. */
  stem: string;
}

export function idOf(kind: IdKind, stem: string, key: StateKey): string {
  const content = Buffer.concat([Buffer.from([kinds.indexOf(kind)]), Buffer.from(stem, 'hex')]);
  return prefixes[kind] + seal(content, key, purpose);
}

/** Undefined for what is no id of one of these kinds, or not this key's. */
export function openId(id: string, among: readonly IdKind[], key: StateKey): OpenedId | undefined {
  const prefix = among.map((kind) => prefixes[kind]).find((each) => id.startsWith(each));
  if (prefix === undefined || id.length > 200) return undefined;
  const content = open(id.slice(prefix.length), key, purpose);
  const kind = content && kinds[content[0] ?? kinds.length];
  if (!content || !kind || !among.includes(kind)) return undefined;
  const stem = content.subarray(1).toString('hex');
  // Base64 can be written in several ways, and only one of them is the id.
  return idOf(kind, stem, key) === id ? { kind, stem } : undefined;
}

/** The folder of everything that belongs to a key: nobody finds it without the key. */
export const ownerOf = (key: StateKey): string =>
  seal(new Uint8Array(), key, 'owner of files and batches v1');
