import type { RequestContext } from './types.ts';

/** As whom a request's calls are made, and where they are entered: with the caller's own credentials if there are any. */
export const calledAs = ({ caller, requestId, trace }: RequestContext) => ({
  trace,
  payer: {
    marks: { 'gateway-key': caller.principal.name, 'gateway-request-id': requestId },
    billing: caller.principal.billing,
  },
  ...(caller.credentials && { credentials: caller.credentials }),
});
