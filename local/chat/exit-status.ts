import { GatewayError, type Reason } from '../../lambda/errors.ts';
import type { Ending } from './answer.ts';

/** What `gateway chat` ends with; docs/terminal.md has the table. */
export const chatExit = {
  complete: 0,
  /** Bedrock or the gateway could not answer: busy, unreachable, out of time. Trying again may help. */
  unavailable: 1,
  usage: 2,
  credentials: 3,
  refused: 4,
  /** The answer had begun. */
  broken: 5,
  /** The answer ends at a limit of tokens or a filter. */
  incomplete: 6,
  /** As shells have it for Ctrl-C: 128 + SIGINT. */
  stopped: 130,
  /** Whoever read the answer has gone: 128 + SIGPIPE. */
  unread: 141,
} as const;

export const exitOf: Readonly<Record<Ending, number>> = {
  complete: chatExit.complete,
  incomplete: chatExit.incomplete,
  stopped: chatExit.stopped,
  failed: chatExit.broken,
};

const ofCredentials: ReadonlySet<Reason> = new Set(['unauthenticated', 'upstream_auth']);

/** Of a failure before an answer had begun. */
export function exitOfError(error: unknown): number {
  if (!(error instanceof GatewayError)) return chatExit.unavailable;
  if (ofCredentials.has(error.reason)) return chatExit.credentials;
  if (error.reason === 'aborted') return chatExit.stopped;
  const isRefusal = error.status >= 400 && error.status < 500 && error.status !== 429 && error.status !== 408;
  return isRefusal || refusals.has(error.reason) ? chatExit.refused : chatExit.unavailable;
}

/** Whatever status they have for clients. */
const refusals: ReadonlySet<Reason> = new Set([
  'access_denied',
  'forbidden',
  'model_not_found',
  'end_of_life',
]);
