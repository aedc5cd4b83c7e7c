import { S3Error } from '../bedrock/s3-call.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import { unavailable } from './settings.ts';

/** Does something with the bucket. What S3 refuses or a socket breaks becomes an error that clients can read. */
export async function onBucket<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}

/** S3's own words name buckets and roles, so that none of them is shown. */
export function storeError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (!(error instanceof S3Error)) return isOfSocket(error) ? unreachable(error) : toGatewayError(error);
  const upstream = { name: error.code, message: error.message, status: error.status };
  if (error.status >= 500 || error.code === 'SlowDown') return unreachable(error);
  if (error.code === 'NoSuchBucket')
    return unavailable(
      'The bucket of this gateway’s batches is not there. Its operator has to look at the setting BATCHES.',
    );
  return new GatewayError({
    status: 502,
    reason: 'upstream_auth',
    code: 'upstream_auth',
    message: `Amazon S3 has refused the gateway (${error.code}). The gateway’s operator has to look at the permissions of its role.`,
    upstream,
  });
}

function isOfSocket(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'code' in error || /^(?:TimeoutError|AbortError)$/.test(error.name);
}

const unreachable = (cause: unknown) =>
  new GatewayError({
    status: 503,
    reason: 'overloaded',
    code: 'overloaded',
    retryAfterMs: 5000,
    message: 'Amazon S3, where files and batches are kept, does not answer. Please try again.',
    cause,
  });
