import { describe, expect, test } from 'vitest';
import { onBucket, storeError } from '../../../lambda/batches/failures.ts';
import { S3Error } from '../../../lambda/bedrock/s3-call.ts';
import { GatewayError } from '../../../lambda/errors.ts';

const socket = Object.assign(new Error('broke'), { code: 'ECONNRESET' });
const named = (name: string) => Object.assign(new Error('late'), { name });
const own = new GatewayError({ status: 409, reason: 'bad_request', code: 'upstream_error', message: 'own' });

describe('what S3 and its sockets fail with', () => {
  test.each<[string, unknown, number, string | null]>([
    ['an error of the gateway stays as it is', own, 409, 'upstream_error'],
    ['a broken socket', socket, 503, 'overloaded'],
    ['a time-out', named('TimeoutError'), 503, 'overloaded'],
    ['an end from outside', named('AbortError'), 503, 'overloaded'],
    ['a fault of the gateway’s own', new TypeError('x'), 500, 'internal_error'],
    ['no error at all', 'x', 500, 'internal_error'],
    ['a failure of S3', new S3Error('InternalError', 500, ''), 503, 'overloaded'],
    ['too many calls', new S3Error('SlowDown', 400, ''), 503, 'overloaded'],
    ['a bucket that is gone', new S3Error('NoSuchBucket', 404, ''), 503, 'feature_unavailable'],
    ['a refusal', new S3Error('AccessDenied', 403, 'of arn:x'), 502, 'upstream_auth'],
  ])('%s', async (_, thrown, status, code) => {
    const error = storeError(thrown);
    expect([error.status, error.code]).toEqual([status, code]);
    expect(error.message).not.toContain('arn:');
    await expect(onBucket(() => Promise.reject(thrown))).rejects.toMatchObject({ status, code });
  });

  test('is none where all goes well', async () => {
    expect(await onBucket(async () => 7)).toBe(7);
  });
});
