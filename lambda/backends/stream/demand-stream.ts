import type { Answered } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';

/**
 * Throws a 502 where a stream was asked for and JSON has come with a 2xx. Its body is ended: one that nobody reads keeps its
 * connection, for as long as the request goes on elsewhere.
 */
export function demandStream({ body, headers, requestId }: Answered): void {
  if (!headers['content-type']?.startsWith('application/json')) return;
  body.destroy();
  throw notAnAnswer(requestId);
}
