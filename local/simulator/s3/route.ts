import type { IncomingMessage } from 'node:http';
import type { CallLog } from '../call-log.ts';
import type { Reply } from '../operation.ts';
import { S3Refusal } from './refusal.ts';
import type { Buckets } from './store.ts';
import { completedXml, errorXml, listXml, uploadXml } from './xml.ts';

interface S3Call {
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  buckets: Buckets;
}

interface S3Operation {
  name: string;
  method: string;
  /** Of an object, or of a bucket. */
  onObject: boolean;
  /** Parameters that the query has; with none of the others' it is this one. */
  query?: readonly string[];
  run(call: S3Call): Reply;
}

/** The operations that the gateway uses; any other is refused as not implemented. */
const operations: readonly S3Operation[] = [
  { name: 'ListObjectsV2', method: 'GET', onObject: false, query: ['list-type'], run: list },
  { name: 'CreateMultipartUpload', method: 'POST', onObject: true, query: ['uploads'], run: startUpload },
  { name: 'UploadPart', method: 'PUT', onObject: true, query: ['partNumber', 'uploadId'], run: uploadPart },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    onObject: true,
    query: ['uploadId'],
    run: completeUpload,
  },
  { name: 'AbortMultipartUpload', method: 'DELETE', onObject: true, query: ['uploadId'], run: abortUpload },
  { name: 'PutObject', method: 'PUT', onObject: true, run: put },
  { name: 'GetObject', method: 'GET', onObject: true, run: get },
  { name: 'DeleteObject', method: 'DELETE', onObject: true, run: remove },
];

/** Finds the operation of a call of S3, in path style, and runs it. Throws S3Refusal. */
export function s3Route(
  request: IncomingMessage,
  body: Buffer,
  buckets: Buckets,
  log: CallLog,
  failing: ReadonlyMap<string, string>,
): Reply {
  const [path = '', search = ''] = (request.url ?? '').split('?');
  const [, bucket = '', ...rest] = path.split('/').map(decode);
  const key = rest.join('/');
  const query = new URLSearchParams(search);
  const operation = operations.find(
    ({ method, onObject, query: names = [] }) =>
      method === request.method && onObject === (key !== '') && names.every((name) => query.has(name)),
  );
  if (!operation)
    throw new S3Refusal(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  log.operation = operation.name;
  const told = failing.get(operation.name);
  if (told === 'AccessDeniedException') throw new S3Refusal('AccessDenied', 'Access Denied');
  if (told !== undefined) throw new S3Refusal('SlowDown', 'Please reduce your request rate.');
  return operation.run({ bucket, key, query, headers: request.headers, body, buckets });
}

export const s3Refusal = ({ code, message, status }: S3Refusal, path: string, requestId: string): Reply =>
  xml(errorXml(code, message, path.split('?')[0] ?? '', requestId), status);

const xml = (text: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  steps: [{ bytes: Buffer.from(text) }],
});

const empty = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  steps: [],
});

function put({ bucket, key, headers, body, buckets }: S3Call): Reply {
  const condition = headers['if-none-match'];
  if (condition !== undefined && condition !== '*')
    throw new S3Refusal(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  const { etag } = buckets.put(bucket, key, body, condition === '*');
  return empty(200, { etag });
}

function get({ bucket, key, buckets }: S3Call): Reply {
  const { body, etag, modifiedAt } = buckets.get(bucket, key);
  return {
    status: 200,
    headers: {
      'content-length': String(body.length),
      'content-type': 'binary/octet-stream',
      etag,
      'last-modified': new Date(modifiedAt).toUTCString(),
    },
    steps: pieces(body),
  };
}

/** As a socket gives it: in pieces that end anywhere. */
function* pieces(body: Buffer): Generator<{ bytes: Buffer }> {
  const size = 48_611;
  for (let from = 0; from < body.length; from += size) yield { bytes: body.subarray(from, from + size) };
}

function remove({ bucket, key, buckets }: S3Call): Reply {
  buckets.remove(bucket, key);
  return empty(204);
}

function startUpload({ bucket, key, buckets }: S3Call): Reply {
  return xml(uploadXml(bucket, key, buckets.startUpload(bucket, key)));
}

function uploadPart({ bucket, key, query, body, buckets }: S3Call): Reply {
  const number = Number(query.get('partNumber'));
  return empty(200, { etag: buckets.addPart(query.get('uploadId') ?? '', { bucket, key }, number, body) });
}

function completeUpload({ bucket, key, query, body, buckets }: S3Call): Reply {
  const text = body.toString();
  if (!/^<CompleteMultipartUpload\b/.test(text))
    throw new S3Refusal('MalformedXML', 'The XML you provided was not well-formed or did not validate');
  const parts = [...text.matchAll(/<Part><PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag><\/Part>/g)];
  const named = parts.map(([, number, etag = '']) => ({
    number: Number(number),
    etag: etag.replaceAll('&quot;', '"'),
  }));
  const { etag } = buckets.completeUpload(query.get('uploadId') ?? '', { bucket, key }, named);
  return xml(completedXml(bucket, key, etag));
}

function abortUpload({ bucket, key, query, buckets }: S3Call): Reply {
  buckets.abortUpload(query.get('uploadId') ?? '', { bucket, key });
  return empty(204);
}

const mostListed = 1000;

function list({ bucket, query, buckets }: S3Call): Reply {
  if (query.get('list-type') !== '2')
    throw new S3Refusal('InvalidArgument', 'Invalid List Type specified in Request');
  const asked = Number(query.get('max-keys') ?? mostListed);
  if (!Number.isInteger(asked) || asked < 0)
    throw new S3Refusal('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  const max = Math.min(asked, mostListed);
  const [prefix, after, delimiter] = ['prefix', 'start-after', 'delimiter'].map(
    (name) => query.get(name) ?? '',
  );
  const objects: (readonly [string, ReturnType<Buckets['get']>])[] = [];
  const prefixes = new Set<string>();
  let truncated = false;
  for (const key of buckets.keys(bucket)) {
    if (!key.startsWith(prefix!) || Buffer.compare(Buffer.from(key), Buffer.from(after!)) <= 0) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix!.length) : -1;
    const common = end < 0 ? undefined : key.slice(0, end + 1);
    if (common !== undefined && prefixes.has(common)) continue;
    if (objects.length + prefixes.size === max) {
      truncated = true;
      break;
    }
    if (common !== undefined) prefixes.add(common);
    else objects.push([key, buckets.get(bucket, key)]);
  }
  const encoded = query.get('encoding-type') === 'url';
  return xml(listXml({ bucket, prefix: prefix!, max, objects, prefixes: [...prefixes], truncated, encoded }));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
