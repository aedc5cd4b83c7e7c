import { createHash, randomBytes } from 'node:crypto';
import { accessDenied, noSuchBucket, noSuchKey, S3Refusal } from './refusal.ts';

export interface StoredObject {
  body: Buffer;
  etag: string;
  /** Epoch milliseconds. */
  modifiedAt: number;
}

interface Upload {
  bucket: string;
  key: string;
  parts: Map<number, StoredObject>;
}

/** Buckets of the account: that of the gateway's own stack, one that input is read from, and one that nobody may touch. */
export const bucketNames = {
  own: 'bedrock-gateway-batches',
  inputs: 'batch-inputs',
  closed: 'somebody-elses-bucket',
} as const;

const minPartBytes = 5 * 1024 * 1024;
const maxKeyBytes = 1024;

/** S3, as far as the gateway and its jobs use it; strongly consistent, as S3 is. */
export class Buckets {
  readonly #now: () => number;
  readonly #objects = new Map<string, Map<string, StoredObject>>();
  readonly #uploads = new Map<string, Upload>();

  constructor(now: () => number) {
    this.#now = now;
    this.clear();
  }

  clear(): void {
    this.#uploads.clear();
    for (const name of [bucketNames.own, bucketNames.inputs]) this.#objects.set(name, new Map());
  }

  /** Keys in the order in which S3 lists them: by their bytes. */
  keys(bucket: string): string[] {
    return [...this.#in(bucket).keys()].sort((one, other) =>
      Buffer.compare(Buffer.from(one), Buffer.from(other)),
    );
  }

  put(bucket: string, key: string, body: Buffer, onlyNew = false): StoredObject {
    if (Buffer.byteLength(key) > maxKeyBytes) throw new S3Refusal('KeyTooLongError', 'Your key is too long');
    const objects = this.#in(bucket);
    if (onlyNew && objects.has(key))
      throw new S3Refusal(
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      );
    const object = { body, etag: `"${md5(body)}"`, modifiedAt: this.#now() };
    objects.set(key, object);
    return object;
  }

  get(bucket: string, key: string): StoredObject {
    const object = this.#in(bucket).get(key);
    if (!object) throw noSuchKey();
    return object;
  }

  /** What is not there is deleted as well. */
  remove(bucket: string, key: string): void {
    this.#in(bucket).delete(key);
  }

  startUpload(bucket: string, key: string): string {
    this.#in(bucket);
    const id = randomBytes(24).toString('base64url');
    this.#uploads.set(id, { bucket, key, parts: new Map() });
    return id;
  }

  addPart(id: string, place: { bucket: string; key: string }, number: number, body: Buffer): string {
    const upload = this.#uploadOf(id, place);
    if (!Number.isInteger(number) || number < 1 || number > 10_000)
      throw new S3Refusal('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    const etag = `"${md5(body)}"`;
    upload.parts.set(number, { body, etag, modifiedAt: this.#now() });
    return etag;
  }

  completeUpload(
    id: string,
    place: { bucket: string; key: string },
    parts: readonly { number: number; etag: string }[],
  ): StoredObject {
    const upload = this.#uploadOf(id, place);
    if (parts.length === 0) throw new S3Refusal('MalformedXML', 'The XML you provided was not well-formed');
    const bodies = parts.map(({ number, etag }, i) => {
      const before = parts[i - 1];
      if (before && before.number >= number)
        throw new S3Refusal('InvalidPartOrder', 'The list of parts was not in ascending order.');
      const part = upload.parts.get(number);
      if (!part || part.etag !== etag)
        throw new S3Refusal('InvalidPart', 'One or more of the specified parts could not be found.');
      if (i < parts.length - 1 && part.body.length < minPartBytes)
        throw new S3Refusal(
          'EntityTooSmall',
          'Your proposed upload is smaller than the minimum allowed size',
        );
      return part.body;
    });
    this.#uploads.delete(id);
    return this.put(place.bucket, place.key, Buffer.concat(bodies));
  }

  abortUpload(id: string, place: { bucket: string; key: string }): void {
    this.#uploadOf(id, place);
    this.#uploads.delete(id);
  }

  /** Uploads that nobody has completed or given up: S3 keeps their parts, and bills them. */
  get openUploads(): number {
    return this.#uploads.size;
  }

  #uploadOf(id: string, { bucket, key }: { bucket: string; key: string }): Upload {
    const upload = this.#uploads.get(id);
    if (!upload || upload.bucket !== bucket || upload.key !== key)
      throw new S3Refusal(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      );
    return upload;
  }

  #in(bucket: string): Map<string, StoredObject> {
    if (bucket === bucketNames.closed) throw accessDenied();
    const objects = this.#objects.get(bucket);
    if (!objects) throw noSuchBucket();
    return objects;
  }
}

const md5 = (body: Buffer): string => createHash('md5').update(body).digest('hex');
