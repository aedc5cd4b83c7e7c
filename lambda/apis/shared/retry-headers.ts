import type { GatewayError } from '../../errors.ts';

/**
 * When to come again: in seconds, and in milliseconds as the packages of both vendors prefer it. These would spend
 * their retries within seconds on what lasts for hours, and heed being told not to.
 */
export function retryHeaders({ retryAfterMs, reason }: GatewayError): Record<string, string> {
  return {
    ...(retryAfterMs !== undefined && {
      'retry-after': String(Math.ceil(retryAfterMs / 1000)),
      'retry-after-ms': String(Math.ceil(retryAfterMs)),
    }),
    ...((reason === 'quota_exceeded' || reason === 'over_budget') && { 'x-should-retry': 'false' }),
  };
}
