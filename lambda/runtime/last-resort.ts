import { toApiError } from '../errors.ts';

/** The answer where the app itself failed: an envelope, and nothing of a stranger's error text. */
export function lastResortResponse(error: unknown, requestId: string): Response {
  const apiError = toApiError(error);
  return Response.json(apiError, { status: apiError.status, headers: { 'x-request-id': requestId } });
}

/**
 * The end of an event stream whose source failed. The blank line closes an event that was cut in half.
 * Clients of every API know `event: error`, and stop reading at it.
 */
export function lastResortEvent(error: unknown): string {
  return `\n\nevent: error\ndata: ${JSON.stringify(toApiError(error))}\n\n`;
}
