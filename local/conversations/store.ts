import { join } from 'node:path';
import { type FileSystem, fileSystem, writeAtomically } from '../atomic-file.ts';
import { withLock } from './file-lock.ts';
import type { Conversation, EncryptionHeader } from './format.ts';
import { fileNameOf, fileNamePattern, newId } from './new-conversation.ts';
import { type Parsed, parseFile, UnreadableFile } from './parse.ts';
import { type KeySource, SealError, seal, unseal } from './seal.ts';

export type EncryptionKind = EncryptionHeader['kind'];

export interface StoreOptions {
  folder: string;
  /** How new files are encrypted. undefined: they are not. */
  encryption: EncryptionKind | undefined;
  keys: Record<EncryptionKind, KeySource>;
  /** Whether lists open what a passphrase encrypts; what KMS does would be a call for each. */
  openListed: boolean;
  fs?: FileSystem;
  now?: () => number;
}

export interface Saved {
  conversation: Conversation;
  path: string;
  /** Another program had written it since: what is here went into a file of its own. */
  forked: boolean;
}

/** A line of a list. What is encrypted has no title and no model. */
export interface Listed {
  id: string;
  updatedAt: string;
  path: string;
  conversation?: Conversation;
  encrypted?: EncryptionKind;
}

/** A file that is no conversation, or cannot be read. It is left as it is. */
export interface Skipped {
  name: string;
  why: string;
}

export interface Store {
  readonly folder: string;
  /** Makes sure, before anything is said, that what is said can be encrypted. Throws a SealError. */
  unlock(): Promise<void>;
  /** Rejects with the file system's error, or a SealError; what was written before is then still there. */
  save(conversation: Conversation): Promise<Saved>;
  /** The latest first. */
  list(): Promise<{ listed: Listed[]; skipped: Skipped[] }>;
  /** By its id or the beginning of one. Throws a NotFound, an UnreadableFile or a SealError. */
  load(id: string): Promise<Conversation>;
  remove(id: string): Promise<string>;
}

/** No conversation, or several, have that id. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** Files read at once. */
const atOnce = 16;

/** One file a conversation, in a folder that only its owner can read. */
export function createStore(options: StoreOptions): Store {
  const { folder, keys, encryption, fs = fileSystem, now = Date.now } = options;
  /** What was encrypted when it was opened stays so, whatever is set now. */
  const opened = new Map<string, EncryptionKind>();

  const names = async (): Promise<string[]> => {
    try {
      return await fs.readdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  const readParsed = async (name: string): Promise<Parsed> => {
    const parsed = parseFile(await fs.readFile(join(folder, name), 'utf8'));
    const { id } = 'envelope' in parsed ? parsed.envelope : parsed.conversation;
    if (name.startsWith(`${id}_`)) return parsed;
    throw new UnreadableFile('damaged', 'its name has another id than its content');
  };
  const find = async (id: string): Promise<string> => {
    const found = (await names()).filter((name) => fileNamePattern.test(name) && name.startsWith(id));
    const [name] = found;
    if (!/^[0-9a-f]{1,12}$/.test(id) || name === undefined)
      throw new NotFound(`There is no conversation ${id}.`);
    if (found.length > 1)
      throw new NotFound(`${found.length} conversations begin with ${id}: give more of its id.`);
    return name;
  };
  /** Whether what is on disk is what this program read or wrote last. */
  const isOurs = async (path: string, name: string, revision: number): Promise<boolean> => {
    try {
      const parsed = await readParsed(name);
      return ('envelope' in parsed ? parsed.envelope : parsed.conversation).revision === revision;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
      // What cannot be read is not overwritten.
      if (error instanceof UnreadableFile) return false;
      throw new Error(`${path} cannot be read`, { cause: error });
    }
  };
  const write = async (conversation: Conversation): Promise<string> => {
    const kind = encryption ?? opened.get(conversation.id);
    const content = kind ? await seal(conversation, keys[kind]) : conversation;
    const path = join(folder, fileNameOf(conversation));
    await writeAtomically(path, `${JSON.stringify(content)}\n`, fs);
    if (kind) opened.set(conversation.id, kind);
    return path;
  };
  const listOne = async (name: string): Promise<Listed | Skipped> => {
    const path = join(folder, name);
    try {
      if (!fileNamePattern.test(name))
        throw new UnreadableFile('foreign', 'its name is not that of a conversation');
      const parsed = await readParsed(name);
      if ('conversation' in parsed) {
        const { conversation } = parsed;
        return { id: conversation.id, updatedAt: conversation.updatedAt, path, conversation };
      }
      const { envelope } = parsed;
      const { kind } = envelope.encryption;
      const line = { id: envelope.id, updatedAt: envelope.updatedAt, path, encrypted: kind };
      if (!options.openListed || kind !== 'passphrase') return line;
      return { ...line, conversation: await unseal(envelope, keys[kind]) };
    } catch (error) {
      return { name, why: whyUnreadable(error) };
    }
  };

  return {
    folder,
    async unlock() {
      if (encryption === 'passphrase') await keys.passphrase.newKey();
    },
    async save(conversation) {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      const name = fileNameOf(conversation);
      const path = join(folder, name);
      return withLock(join(folder, `.${name}.lock`), fs, async () => {
        const forked = !(await isOurs(path, name, conversation.revision));
        const kind = opened.get(conversation.id);
        const id = forked ? newId() : conversation.id;
        if (kind) opened.set(id, kind);
        const updatedAt = new Date(now()).toISOString();
        const next = { ...conversation, id, updatedAt, revision: conversation.revision + 1 };
        return { conversation: next, path: await write(next), forked };
      });
    },
    async list() {
      const all = (await names()).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
      const lines = await mapAtMost(all, atOnce, listOne);
      const listed = lines.filter((line) => 'id' in line);
      listed.sort(
        (one, other) => other.updatedAt.localeCompare(one.updatedAt) || one.id.localeCompare(other.id),
      );
      return { listed, skipped: lines.filter((line) => 'why' in line) };
    },
    async load(id) {
      const parsed = await readParsed(await find(id));
      if ('conversation' in parsed) return parsed.conversation;
      const { envelope } = parsed;
      const { kind } = envelope.encryption;
      const conversation = await unseal(envelope, keys[kind]);
      opened.set(conversation.id, kind);
      return conversation;
    },
    async remove(id) {
      const name = await find(id);
      await fs.rm(join(folder, name));
      return name;
    },
  };
}

export function whyUnreadable(error: unknown): string {
  if (error instanceof UnreadableFile || error instanceof SealError) return error.message;
  return `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
}

async function mapAtMost<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
