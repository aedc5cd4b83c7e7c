import type { Caller, RequestContext } from './types.ts';

/** As whom a request's calls are made, and where they are entered: with the caller's own credentials if there are any. */
export const calledAs = ({ caller, requestId, trace }: RequestContext) => ({
  trace,
  payer: {
    marks: { 'gateway-key': caller.principal.name, 'gateway-request-id': requestId },
    billing: caller.principal.billing,
  },
  ...(caller.credentials && { credentials: caller.credentials }),
});

/**
 * Whether a refusal says something about the gateway's account: not where it may be due to a caller's own credentials, or
 * to the rights of a role, a project or a profile of the key's own.
 */
export const isShared = ({ credentials, principal }: Caller): boolean => !credentials && !principal.billing;
