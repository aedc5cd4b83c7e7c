import type { GatewayError, Overflow } from '../../errors.ts';
import type { ErrorFormat } from '../api.ts';
import { retryHeaders } from '../shared/retry-headers.ts';

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

/** What Anthropic answers with 529, a status of its own, is a 503 elsewhere; what fails in a model is a 500 there. */
function status({ status, reason }: GatewayError): number {
  if (status === 503 && (reason === 'overloaded' || reason === 'not_ready')) return 529;
  return status === 502 && reason === 'model_error' ? 500 : status;
}

/** Claude Code repairs a request by the words of the error: those that it knows are used where there are any. */
function message({ message, facts: { missingModel, overflow } }: GatewayError): string {
  if (overflow) return tooLong(overflow);
  return missingModel === undefined ? message : `model: ${missingModel} (${message})`;
}

function tooLong({ tokens, output, limit, said }: Overflow): string {
  // It leaves that much less for the answer, and drops nothing of the conversation.
  if (output !== undefined) {
    return `input length and \`max_tokens\` exceed context limit: ${tokens} + ${output} > ${limit}, decrease input length or \`max_tokens\` and try again. The prompt is too long for an answer of that length.`;
  }
  if (tokens !== undefined) return `prompt is too long: ${tokens} tokens > ${limit} maximum`;
  // Too many bytes: it drops images and documents before anything else, where nothing more is said.
  if (/^input is too long\.?$/i.test(said)) return 'Input is too long.';
  return /^prompt is too long/i.test(said) ? said : `prompt is too long: ${said}`;
}

function body(error: GatewayError, requestId: string) {
  const own = status(error);
  const type = types[own] ?? (own >= 500 ? 'api_error' : 'invalid_request_error');
  const { details } = error.facts;
  const said = { type, message: message(error), ...(details && { details }) };
  return { type: 'error', error: said, request_id: requestId };
}

/** Claude Code goes on trying a refused key for minutes unless a header says that it should not. */
function headers(error: GatewayError): Record<string, string> {
  const isRefused = error.reason === 'unauthenticated';
  return { ...retryHeaders(error), ...(isRefused && { 'x-should-retry': 'false' }) };
}

/** Errors of all of Anthropic's APIs. */
export const anthropicErrors: ErrorFormat = {
  status,
  body,
  event: (error, requestId) => `event: error\ndata: ${JSON.stringify(body(error, requestId))}\n\n`,
  headers,
  requestIdHeaders: ['x-request-id', 'request-id'],
};
