import type { StoredObject } from './store.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

export const errorXml = (code: string, message: string, resource: string, requestId: string): string =>
  `${head}<Error><Code>${code}</Code><Message>${escaped(message)}</Message><Resource>${escaped(resource)}</Resource><RequestId>${requestId}</RequestId></Error>`;

export const uploadXml = (bucket: string, key: string, id: string): string =>
  `${head}<InitiateMultipartUploadResult ${namespace}><Bucket>${bucket}</Bucket><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;

export const completedXml = (bucket: string, key: string, etag: string): string =>
  `${head}<CompleteMultipartUploadResult ${namespace}><Bucket>${bucket}</Bucket><Key>${escaped(key)}</Key><ETag>${escaped(etag)}</ETag></CompleteMultipartUploadResult>`;

export interface ListedPage {
  bucket: string;
  prefix: string;
  max: number;
  objects: readonly (readonly [key: string, object: StoredObject])[];
  prefixes: readonly string[];
  truncated: boolean;
  /** Whether the caller wants keys URL-encoded. */
  encoded: boolean;
}

export function listXml(page: ListedPage): string {
  const { bucket, prefix, max, objects, prefixes, truncated, encoded } = page;
  // As S3 does it: a space is a plus, a slash stays.
  const name = (key: string) =>
    encoded ? encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+') : escaped(key);
  const contents = objects.map(
    ([key, { etag, body, modifiedAt }]) =>
      `<Contents><Key>${name(key)}</Key><LastModified>${new Date(modifiedAt).toISOString()}</LastModified><ETag>${escaped(etag)}</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const common = prefixes.map((each) => `<CommonPrefixes><Prefix>${name(each)}</Prefix></CommonPrefixes>`);
  return `${head}<ListBucketResult ${namespace}><Name>${bucket}</Name><Prefix>${name(prefix)}</Prefix><KeyCount>${objects.length + prefixes.length}</KeyCount><MaxKeys>${max}</MaxKeys>${encoded ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${truncated}</IsTruncated>${contents.join('')}${common.join('')}</ListBucketResult>`;
}
