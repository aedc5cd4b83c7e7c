import type { IncomingMessage } from 'node:http';
import { textOf } from './exception.ts';
import { type S3Call, S3Error, s3Call, s3Handler } from './s3-call.ts';
import { decodedKey, element, elements } from './s3-xml.ts';

export interface ListedObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Epoch milliseconds. */
  modifiedAt: number;
}

export interface Listed {
  objects: ListedObject[];
  /** What keys begin with up to the delimiter, which stands at the end of each. */
  prefixes: string[];
  /** There are more. */
  truncated: boolean;
}

export interface ListOptions {
  prefix: string;
  /** Keys beyond this one. */
  startAfter?: string | undefined;
  /** 1 to 1000. */
  max?: number;
  delimiter?: string;
}

export interface FoundObject {
  body: IncomingMessage;
  size: number;
}

/** One bucket. Rejects with S3Error, or with what the socket failed with. */
export interface Bucket {
  /** `onlyNew`: false where the key is taken, and nothing is written then. */
  put(key: string, body: Buffer, options?: { onlyNew?: boolean }): Promise<boolean>;
  /** Undefined where there is no such object. */
  get(key: string, signal?: AbortSignal): Promise<FoundObject | undefined>;
  /** The same, read as text; for objects whose size is known to be small. */
  text(key: string): Promise<string | undefined>;
  list(options: ListOptions): Promise<Listed>;
  remove(key: string): Promise<void>;
  /** An object that is written in parts; nothing of it is there before `complete`. */
  upload(key: string): Promise<Upload>;
}

export interface Upload {
  /** All but the last have 5 MiB or more, which is S3's demand. */
  part(body: Buffer): Promise<void>;
  complete(): Promise<void>;
  abort(): Promise<void>;
}

/** The sockets of all buckets are one set, ended by `close`. */
export function createBuckets(region: string) {
  const handler = s3Handler();
  return {
    bucket: (name: string): Bucket => bucketOf(s3Call(name, region, handler)),
    close: () => handler.destroy(),
  };
}

function bucketOf(call: S3Call): Bucket {
  const get: Bucket['get'] = async (key, signal) => {
    const answer = await call({ method: 'GET', key, signal }).catch(unlessMissing);
    return answer && { body: answer.body, size: Number(answer.headers['content-length'] ?? 0) };
  };
  return {
    get,
    async put(key, body, { onlyNew = false } = {}) {
      try {
        const headers: Record<string, string> = onlyNew ? { 'if-none-match': '*' } : {};
        const answer = await call({ method: 'PUT', key, body, headers });
        answer.body.resume();
        return true;
      } catch (error) {
        // The second is what S3 says while the first write is under way.
        if (onlyNew && error instanceof S3Error && (error.status === 412 || error.status === 409))
          return false;
        throw error;
      }
    },
    async text(key) {
      const found = await get(key);
      return found && textOf(found.body);
    },
    async list({ prefix, startAfter, max = 1000, delimiter }) {
      const query = {
        'list-type': '2',
        'encoding-type': 'url',
        'max-keys': String(max),
        prefix,
        ...(startAfter !== undefined && { 'start-after': startAfter }),
        ...(delimiter !== undefined && { delimiter }),
      };
      return listed(await textOf((await call({ method: 'GET', query })).body));
    },
    async remove(key) {
      (await call({ method: 'DELETE', key })).body.resume();
    },
    upload: (key) => startUpload(call, key),
  };
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
  throw error;
}

function listed(xml: string): Listed {
  const objects = elements(xml, 'Contents').map((entry) => ({
    key: decodedKey(element(entry, 'Key') ?? ''),
    size: Number(element(entry, 'Size')),
    modifiedAt: Date.parse(element(entry, 'LastModified') ?? ''),
  }));
  const prefixes = elements(xml, 'CommonPrefixes').map((entry) => decodedKey(element(entry, 'Prefix') ?? ''));
  return { objects, prefixes, truncated: element(xml, 'IsTruncated') === 'true' };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
async function startUpload(call: S3Call, key: string): Promise<Upload> {
  const begun = await call({ method: 'POST', key, query: { uploads: '' } });
  const uploadId = element(await textOf(begun.body), 'UploadId') ?? '';
  const etags: string[] = [];
  return {
    async part(body) {
      const query = { uploadId, partNumber: String(etags.length + 1) };
      const { headers, body: answer } = await call({ method: 'PUT', key, query, body });
      answer.resume();
      etags.push(headers.etag ?? '');
    },
    async complete() {
      const parts = etags.map(
        (etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
      );
      const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
      const { body: answer } = await call({ method: 'POST', key, query: { uploadId }, body });
      // S3 may answer 200 and say within the body that it has failed.
      const xml = await textOf(answer);
      const code = element(xml, 'Code');
      if (code !== undefined) throw new S3Error(code, 500, element(xml, 'Message') ?? '');
    },
    async abort() {
      (await call({ method: 'DELETE', key, query: { uploadId } })).body.resume();
    },
  };
}
