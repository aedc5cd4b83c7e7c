import type { GatewayError } from '../../errors.ts';

/**
 * When to come again: in seconds, and in milliseconds as the packages of both vendors prefer it. These would spend
 * their retries within seconds on what lasts for hours, and heed being told not to.
 */
export function retryHeaders(error: GatewayError): Record<string, string> {
  const { retryAfterMs } = error;
  return {
    ...(retryAfterMs !== undefined && {
      'retry-after': String(Math.ceil(retryAfterMs / 1000)),
      'retry-after-ms': String(Math.ceil(retryAfterMs)),
    }),
    ...(isFutile(error) && { 'x-should-retry': 'false' }),
  };
}

/**
 * A limit of the key's that has no time to come again at is too low for the request. What a deployment lacks is a 503,
 * which the packages would try again.
 */
const isFutile = ({ reason, retryAfterMs, status }: GatewayError) =>
  reason === 'quota_exceeded' ||
  reason === 'over_budget' ||
  (reason === 'over_limit' && retryAfterMs === undefined) ||
  (reason === 'unsupported' && status === 503);
