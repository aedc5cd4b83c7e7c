import type { ApiError } from '../errors.ts';

/**
 * How a client API renders a failure. Errors themselves know no API: the format is chosen by the request's path
 * before any route runs, so that an answer to a wrong key, an unknown route or too large a body has the form that
 * the client reads as well.
 */
export interface ErrorFormat {
  /** The HTTP status of an error answer; most APIs have the error's own. */
  status(error: ApiError): number;
  /** The JSON body of an error answer. */
  body(error: ApiError, requestId: string): object;
  /** The server-sent event that ends a stream which has begun; nothing follows it. */
  event(error: ApiError, requestId: string): string;
  /** Names of the response headers that carry the request id. */
  requestIdHeaders: readonly string[];
}
