import type { GatewayError } from '../../errors.ts';
import type { ErrorFormat } from '../api.ts';
import { retryHeaders } from '../shared/retry-headers.ts';

/** OpenAI's error types (https://platform.openai.com/docs/guides/error-codes), which follow from the status. */
function errorType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 429:
      return 'rate_limit_error';
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

/** OpenAI's envelope: `param` and `code` are null, not absent, where there is none. */
export function openAiErrorBody({ status, message, param, code, facts: { limited } }: GatewayError) {
  // A limit's own words: `requests`, `tokens`, and for money the code again.
  const type = limited === 'money' ? code : (limited ?? errorType(status));
  return { error: { message, type, param, code } };
}

/** Errors of all of OpenAI's APIs. */
export const openAiErrors: ErrorFormat = {
  status: ({ status }) => status,
  body: openAiErrorBody,
  event: (error) => `data: ${JSON.stringify(openAiErrorBody(error))}\n\n`,
  headers: retryHeaders,
  requestIdHeaders: ['x-request-id'],
};
