import { join } from 'node:path';
import { type FileSystem, fileSystem, writeAtomically } from '../atomic-file.ts';
import { withLock } from '../file-lock.ts';
import { PlainError } from '../plain-error.ts';
import { atMost } from './at-most.ts';
import type { Conversation, EncryptionHeader, Envelope } from './format.ts';
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
  /** Epoch milliseconds. */
  now?: () => number;
}

export interface Saved {
  conversation: Conversation;
  path: string;
  /** Another program had written it since: what is here went into a file of its own. */
  forked: boolean;
}

/** A line of a list. What is encrypted and was not opened has no conversation. */
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

/** No conversation, or several, have that id. */
export class NotFound extends PlainError {
  override name = 'NotFound';
}

/** Files read at once. */
const readAtOnce = 16;

/** Conversations, one file each, in a folder that only its owner can read. */
export class Store {
  readonly folder: string;
  readonly #options: StoreOptions;
  readonly #fs: FileSystem;
  /** What was encrypted when it was opened stays so, whatever is set now. */
  readonly #opened = new Map<string, EncryptionKind>();

  constructor(options: StoreOptions) {
    this.folder = options.folder;
    this.#options = options;
    this.#fs = options.fs ?? fileSystem;
  }

  /** Makes sure, before anything is said, that what is said can be encrypted. Throws a SealError. */
  async unlock(): Promise<void> {
    const { encryption, keys } = this.#options;
    if (encryption === 'passphrase') await keys.passphrase.newKey();
  }

  /** Rejects with the file system's error, or a SealError; what was written before is then still there. */
  async save(conversation: Conversation): Promise<Saved> {
    const { now = Date.now, encryption, keys } = this.#options;
    const kind = encryption ?? this.#opened.get(conversation.id);
    // KMS or a person may take their time: nobody else waits for them, and no lock is taken for a dead one's.
    const key = kind && (await keys[kind].newKey());
    await this.#fs.mkdir(this.folder, { recursive: true, mode: 0o700 });
    const name = fileNameOf(conversation);
    return withLock(join(this.folder, `.${name}.lock`), this.#fs, async () => {
      const forked = !(await this.#isOurs(name, conversation.revision));
      const id = forked ? newId() : conversation.id;
      const updatedAt = new Date(now()).toISOString();
      const next = { ...conversation, id, updatedAt, revision: conversation.revision + 1 };
      const path = await this.#write(key ? seal(next, key) : next, fileNameOf(next));
      if (kind) this.#opened.set(id, kind);
      return { conversation: next, path, forked };
    });
  }

  /** The latest first. */
  async list(): Promise<{ listed: Listed[]; skipped: Skipped[] }> {
    const names = (await this.#names()).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
    const lines = await atMost(readAtOnce, names, (name) => this.#listOne(name));
    const listed = lines.filter((line) => line !== undefined && 'id' in line);
    listed.sort(
      (one, other) => other.updatedAt.localeCompare(one.updatedAt) || one.id.localeCompare(other.id),
    );
    return { listed, skipped: lines.filter((line) => line !== undefined && 'why' in line) };
  }

  /** By its id or the beginning of one. Throws a NotFound, an UnreadableFile or a SealError. */
  async load(id: string): Promise<Conversation> {
    const name = await this.#find(id);
    try {
      const parsed = await this.#read(name);
      if ('conversation' in parsed) return parsed.conversation;
      const { envelope } = parsed;
      const { kind } = envelope.encryption;
      const conversation = await unseal(envelope, this.#options.keys[kind]);
      this.#opened.set(conversation.id, kind);
      return conversation;
    } catch (error) {
      if (error instanceof SealError) this.#options.keys.passphrase.forget?.();
      if (error instanceof PlainError) error.message = `conversation ${name.slice(0, 12)}: ${error.message}`;
      throw error;
    }
  }

  /** Resolves with the name of the file. Throws a NotFound. */
  async remove(id: string): Promise<string> {
    const name = await this.#find(id);
    await this.#fs.rm(join(this.folder, name));
    return name;
  }

  async #names(): Promise<string[]> {
    try {
      return await this.#fs.readdir(this.folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async #find(id: string): Promise<string> {
    const names = await this.#names();
    const found = names.filter((name) => fileNamePattern.test(name) && name.startsWith(id));
    const [name] = found;
    if (!/^[0-9a-f]{1,12}$/.test(id) || name === undefined)
      throw new NotFound(`There is no conversation ${id}.`);
    if (found.length === 1) return name;
    throw new NotFound(`${found.length} conversations begin with ${id}: give more of its id.`);
  }

  async #read(name: string): Promise<Parsed> {
    const parsed = parseFile(await this.#fs.readFile(join(this.folder, name), 'utf8'));
    if (name.startsWith(`${headOf(parsed).id}_`)) return parsed;
    throw new UnreadableFile('damaged', 'its name has another id than its content');
  }

  /** Whether what is on disk is what this program read or wrote last. */
  async #isOurs(name: string, revision: number): Promise<boolean> {
    try {
      return headOf(await this.#read(name)).revision === revision;
    } catch (error) {
      if (isMissing(error)) return true;
      // What cannot be read is not overwritten.
      if (error instanceof UnreadableFile) return false;
      throw error;
    }
  }

  async #write(content: Conversation | Envelope, name: string): Promise<string> {
    const path = join(this.folder, name);
    await writeAtomically(path, `${JSON.stringify(content)}\n`, this.#fs);
    return path;
  }

  /** undefined: another program has deleted it meanwhile. */
  async #listOne(name: string): Promise<Listed | Skipped | undefined> {
    try {
      if (!fileNamePattern.test(name)) {
        throw new UnreadableFile('foreign', 'its name is not that of a conversation');
      }
      const parsed = await this.#read(name);
      const { id, updatedAt } = headOf(parsed);
      const line = { id, updatedAt, path: join(this.folder, name) };
      if ('conversation' in parsed) return { ...line, conversation: parsed.conversation };
      const { envelope } = parsed;
      const { kind: encrypted } = envelope.encryption;
      const { openListed, keys } = this.#options;
      if (!openListed || encrypted !== 'passphrase') return { ...line, encrypted };
      return { ...line, encrypted, conversation: await unseal(envelope, keys.passphrase) };
    } catch (error) {
      return isMissing(error) ? undefined : { name, why: whyUnreadable(error) };
    }
  }
}

/** What is known of a file without a key. */
const headOf = (parsed: Parsed) => ('envelope' in parsed ? parsed.envelope : parsed.conversation);

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

export function whyUnreadable(error: unknown): string {
  if (error instanceof UnreadableFile || error instanceof SealError) return error.message;
  return `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
}
