const parts = ['limit', 'remaining', 'reset'] as const;

/** What is left of a key's limits, in the words of OpenAI's API and of Anthropic's. */
const limitHeaders = [
  ...['requests', 'tokens'].flatMap((name) => parts.map((part) => `x-ratelimit-${part}-${name}`)),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((name) =>
    parts.map((part) => `anthropic-ratelimit-${name}-${part}`),
  ),
];

/** Response headers that scripts in a browser may read: CORS hides all others from them. */
export const exposedHeaders: readonly string[] = [
  'x-request-id',
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'x-gateway-model',
  'x-gateway-attempts',
  'x-gateway-ignored',
  'x-gateway-warnings',
  'x-gateway-optimisation',
  'x-gateway-cost-usd',
  'x-gateway-budget-remaining-usd',
  ...limitHeaders,
];
