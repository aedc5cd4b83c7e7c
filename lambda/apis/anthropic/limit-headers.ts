import type { LimitView, Rate } from '../../limits/view.ts';

/**
 * What is left of a key's limits, as Anthropic says it (https://docs.anthropic.com/en/api/rate-limits#response-headers).
 * The gateway's tokens are those of input and output together, so both have the same numbers.
 */
export function anthropicLimitHeaders({ requests, tokens }: LimitView): Record<string, string> {
  return {
    ...rateHeaders('requests', requests),
    ...rateHeaders('tokens', tokens),
    ...rateHeaders('input-tokens', tokens),
    ...rateHeaders('output-tokens', tokens),
  };
}

function rateHeaders(name: string, rate: Rate | undefined): Record<string, string> {
  if (!rate) return {};
  return {
    [`anthropic-ratelimit-${name}-limit`]: String(rate.limit),
    [`anthropic-ratelimit-${name}-remaining`]: String(rate.remaining),
    // RFC 3339, to the second, and not before it.
    [`anthropic-ratelimit-${name}-reset`]: new Date(Math.ceil(rate.resetsAt / 1000) * 1000)
      .toISOString()
      .replace('.000Z', 'Z'),
  };
}
