import type { IncomingMessage } from 'node:http';
import type { Bucket, ListedObject } from '../bedrock/s3.ts';
import { batchBounds } from './bounds.ts';
import { onBucket } from './failures.ts';
import { fileFolder, filesOf, past, type Stem, stemPattern, timeOf } from './keys.ts';

export interface StoredFile {
  stem: Stem;
  filename: string;
  purpose: string;
  bytes: number;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Epoch milliseconds; from then on it cannot be read. */
  expiresAt: number;
}

export interface NewFile {
  filename: string;
  purpose: string;
  content: Buffer;
  /** Epoch milliseconds; absent: when the bucket's lifecycle ends it. */
  expiresAt?: number | undefined;
}

export interface FilePage {
  files: StoredFile[];
  hasMore: boolean;
}

export interface FileListing {
  /** Only those after this one, in the order of the list. */
  after?: Stem | undefined;
  limit: number;
  order: 'asc' | 'desc';
  purpose?: string | undefined;
}

/** Files that callers have uploaded. Everything that a list tells of one is in its key, so no object is looked at for it. */
export interface FileStore {
  create(owner: string, stem: Stem, file: NewFile): Promise<StoredFile>;
  find(owner: string, stem: Stem): Promise<StoredFile | undefined>;
  list(owner: string, listing: FileListing): Promise<FilePage>;
  /** Undefined where there is none. */
  open(owner: string, stem: Stem, signal: AbortSignal): Promise<IncomingMessage | undefined>;
  /** False where there is none. */
  remove(owner: string, stem: Stem): Promise<boolean>;
}

const dayMs = 86_400_000;

export function createFileStore(
  bucket: Bucket,
  { days, now }: { days: number; now: () => number },
): FileStore {
  const isAlive = ({ expiresAt }: StoredFile) => now() < expiresAt;
  const found = async (owner: string, stem: Stem) => {
    const { objects } = await bucket.list({ prefix: fileFolder(owner, stem), max: 1 });
    const [object] = objects;
    const file = object && readKey(owner, object, days);
    return file && isAlive(file) ? { file, key: object.key } : undefined;
  };
  return {
    create: (owner, stem, { filename, purpose, content, expiresAt }) =>
      onBucket(async () => {
        const createdAt = timeOf(stem);
        const ends = Math.min(expiresAt ?? Number.POSITIVE_INFINITY, createdAt + days * dayMs);
        const name = Buffer.from(filename).toString('base64url');
        await bucket.put(`${fileFolder(owner, stem)}${ends}/${purpose}/${name}`, content);
        return { stem, filename, purpose, bytes: content.length, createdAt, expiresAt: ends };
      }),
    find: (owner, stem) => onBucket(async () => (await found(owner, stem))?.file),
    list: (owner, listing) =>
      onBucket(async () => {
        const { after, limit, order, purpose } = listing;
        const wanted = (file: StoredFile) =>
          isAlive(file) && (purpose === undefined || file.purpose === purpose);
        const newestFirst = order === 'desc';
        const files: StoredFile[] = [];
        let startAfter = after && newestFirst ? past(fileFolder(owner, after)) : undefined;
        const enough = newestFirst ? limit + 1 : batchBounds.listed;
        for (let seen = 0; seen < batchBounds.listed && files.length < enough; ) {
          const { objects, truncated } = await bucket.list({ prefix: filesOf(owner), startAfter });
          files.push(...objects.flatMap((object) => readKey(owner, object, days) ?? []).filter(wanted));
          seen += objects.length;
          startAfter = objects.at(-1)?.key;
          if (!truncated) break;
        }
        const inOrder = newestFirst ? files : files.reverse().filter(({ stem }) => !after || stem < after);
        return { files: inOrder.slice(0, limit), hasMore: inOrder.length > limit };
      }),
    open: (owner, stem, signal) =>
      onBucket(async () => {
        const known = await found(owner, stem);
        return known && (await bucket.get(known.key, signal))?.body;
      }),
    remove: (owner, stem) =>
      onBucket(async () => {
        const known = await found(owner, stem);
        if (known) await bucket.remove(known.key);
        return known !== undefined;
      }),
  };
}

function readKey(owner: string, { key, size }: ListedObject, days: number): StoredFile | undefined {
  const [stem = '', ends = '', purpose = '', name = ''] = key.slice(filesOf(owner).length).split('/');
  if (!stemPattern.test(stem)) return undefined;
  const createdAt = timeOf(stem);
  return {
    stem,
    filename: Buffer.from(name, 'base64url').toString(),
    purpose,
    bytes: size,
    createdAt,
    // The lifecycle may have been shortened since.
    expiresAt: Math.min(Number(ends), createdAt + days * dayMs),
  };
}
