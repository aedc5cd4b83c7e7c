/** Response headers that scripts in a browser may read: CORS hides all others from them. */
export const exposedHeaders = [
  'x-request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'x-gateway-model',
  'x-gateway-attempts',
  'x-gateway-ignored',
  'x-gateway-warnings',
  'x-gateway-optimisation',
  'x-gateway-cost-usd',
] as const;
