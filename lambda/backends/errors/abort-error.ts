import { GatewayError } from '../../errors.ts';

/** The reason the signal was aborted with, if that is an error for clients; else that the client has gone. */
export function abortError(signal: AbortSignal): GatewayError {
  if (signal.reason instanceof GatewayError) return signal.reason;
  return new GatewayError({
    status: 499,
    reason: 'aborted',
    code: 'request_aborted',
    message: 'The request was aborted before its answer was complete.',
  });
}
