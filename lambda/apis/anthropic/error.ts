import type { GatewayError } from '../../errors.ts';
import type { ErrorFormat } from '../api.ts';

/** Anthropic's error types by status (https://docs.anthropic.com/en/api/errors). */
const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** What Anthropic answers with 529, a status of its own, is a 503 elsewhere. */
function status({ status, reason }: GatewayError): number {
  return status === 503 && (reason === 'overloaded' || reason === 'not_ready') ? 529 : status;
}

function body(error: GatewayError, requestId: string) {
  const own = status(error);
  const type = types[own] ?? (own >= 500 ? 'api_error' : 'invalid_request_error');
  const { message, details } = error;
  return { type: 'error', error: { type, message, ...(details && { details }) }, request_id: requestId };
}

/** Errors of all of Anthropic's APIs. */
export const anthropicErrors: ErrorFormat = {
  status,
  body,
  event: (error, requestId) => `event: error\ndata: ${JSON.stringify(body(error, requestId))}\n\n`,
  requestIdHeaders: ['x-request-id', 'request-id'],
};
