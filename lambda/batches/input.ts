import type { IncomingMessage } from 'node:http';
import type { Bucket } from '../bedrock/s3.ts';
import { S3Error } from '../bedrock/s3-call.ts';
import type { RequestContext } from '../engine/types.ts';
import { badRequest, GatewayError } from '../errors.ts';
import { onBucket } from './failures.ts';
import type { BatchSettings } from './settings.ts';

interface InputDeps {
  settings: Pick<BatchSettings, 'inputs'>;
  otherBucket: (name: string) => Bucket;
}

const form = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.{1,1024})$/s;

/**
 * A file in a bucket that the operator has opened for input, for files that no request can carry. A caller whose key does
 * not reach it and one who names what is not there hear the same.
 */
export async function openInput(
  { settings, otherBucket }: InputDeps,
  uri: string,
  { caller, lifetime }: RequestContext,
): Promise<IncomingMessage> {
  const [, bucket = '', key = ''] = form.exec(uri) ?? [];
  if (bucket === '') throw badRequest('An input in S3 is named as s3://bucket/key.');
  const path = `${bucket}/${key}`;
  if (!settings.inputs.some((opened) => path.startsWith(ofKey(opened, caller.principal.name))))
    throw notThere();
  const found = await onBucket(() => otherBucket(bucket).get(key, lifetime.signal).catch(unlessDenied));
  if (!found) throw notThere();
  return found.body;
}

/** No name of a key is the beginning of another's folder, and no bucket's name that of another bucket. */
function ofKey(opened: string, name: string): string {
  const prefix = opened.includes('/') && !opened.endsWith('{key}') ? opened : `${opened}/`;
  return prefix.replaceAll('{key}', encodeURIComponent(name));
}

/** S3 tells nobody who may not list a bucket what is not in it. */
function unlessDenied(error: unknown): undefined {
  if (error instanceof S3Error && error.code === 'AccessDenied') return undefined;
  throw error;
}

const notThere = () =>
  new GatewayError({
    status: 404,
    reason: 'bad_request',
    code: 'file_not_found',
    message:
      'There is no such file in S3 that this API key may use. The gateway’s operator says which buckets it may read.',
  });
