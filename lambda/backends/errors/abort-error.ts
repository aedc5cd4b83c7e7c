import { ApiError } from '../../errors.ts';

/** The reason the signal was aborted with, if that is an error for clients; else that the client has gone. */
export function abortError(signal: AbortSignal): ApiError {
  if (signal.reason instanceof ApiError) return signal.reason;
  return new ApiError({
    status: 499,
    type: 'invalid_request_error',
    reason: 'aborted',
    code: 'request_aborted',
    message: 'The request was aborted before its answer was complete.',
  });
}
