import type { GatewayError, Reason } from '../errors.ts';
import type { Clock } from './clock.ts';

export interface RetryOptions {
  clock: Clock;
  /** Calls in all; 1: no second call for any reason. */
  maxAttempts: number;
  /** Epoch milliseconds by which the answer must be complete. */
  deadline: number;
  /** Milliseconds to spend in all on waiting for a model that is being loaded. */
  notReadyWaitMs: number;
  /** Somewhere else the request can be tried at once: what would take long to cure here is left for there. */
  hasAlternative?: boolean;
  /** Once aborted, nothing is tried again. */
  signal: AbortSignal;
}

interface Class {
  /** Milliseconds before the first retry; each further one waits twice as long, up to `capMs`. */
  baseMs: number;
  capMs: number;
  /** Retries for this reason, if fewer than `maxAttempts` allows. */
  retries?: number;
  /** Not retried where there is an alternative. */
  skipWhenAlternative?: true;
}

/**
 * What is tried again, and how patiently: the SDK's measures (50 ms for transient failures, 1 s for
 * throttling, 20 s at most). A model that timed out or failed has used tokens, and gets one more chance.
 */
const classes: Readonly<Partial<Record<Reason, Class>>> = {
  throttled: { baseMs: 1000, capMs: 20_000, skipWhenAlternative: true },
  overloaded: { baseMs: 100, capMs: 20_000 },
  connection: { baseMs: 50, capMs: 20_000 },
  timeout: { baseMs: 100, capMs: 20_000, retries: 1 },
  model_error: { baseMs: 100, capMs: 20_000, retries: 1 },
};

/** A copy of an imported model takes about a minute to load. */
const notReady: Class = { baseMs: 2000, capMs: 30_000 };

/** Bedrock may ask for a longer wait than its class has, up to this; for one beyond it the client gets the error instead. */
const maxRetryAfterMs = 20_000;

/** What the waits of one step have come to so far. */
export interface Spent {
  /** Not counting those that waited for a model to be loaded. */
  retries: number;
  notReadyMs: number;
  byReason: Map<Reason, number>;
}

export const nothingSpent = (): Spent => ({ retries: 0, notReadyMs: 0, byReason: new Map() });

/**
 * Milliseconds to wait before the same request is sent again, which is then counted in `spent`. Undefined where
 * another call makes no sense: for what the request itself is at fault, once the model may have run, when the
 * attempts are used up, or when the wait would reach the deadline.
 */
export function waitBefore(error: GatewayError, spent: Spent, options: RetryOptions): number | undefined {
  if (options.maxAttempts <= 1 || error.mayHaveRun || options.signal.aborted) return undefined;
  const wait = error.reason === 'not_ready' ? notReadyWait : classWait;
  const waitMs = wait(error, spent, options);
  if (waitMs === undefined || options.clock.now() + waitMs >= options.deadline) return undefined;
  spent.byReason.set(error.reason, (spent.byReason.get(error.reason) ?? 0) + 1);
  if (error.reason === 'not_ready') spent.notReadyMs += waitMs;
  else spent.retries += 1;
  return waitMs;
}

function classWait(error: GatewayError, spent: Spent, options: RetryOptions): number | undefined {
  const { clock, maxAttempts, hasAlternative } = options;
  const row = classes[error.reason];
  const before = spent.byReason.get(error.reason) ?? 0;
  if (!row || (hasAlternative && row.skipWhenAlternative)) return undefined;
  if (spent.retries + 1 >= maxAttempts || before >= (row.retries ?? maxAttempts)) return undefined;
  const asked = error.upstream?.retryAfterMs ?? 0;
  return asked > maxRetryAfterMs ? undefined : Math.max(asked, backoff(row, before, clock));
}

function notReadyWait(
  error: GatewayError,
  spent: Spent,
  { clock, notReadyWaitMs }: RetryOptions,
): number | undefined {
  const left = notReadyWaitMs - spent.notReadyMs;
  if (left <= 0) return undefined;
  const asked = error.upstream?.retryAfterMs ?? 0;
  return Math.min(left, Math.max(asked, backoff(notReady, spent.byReason.get('not_ready') ?? 0, clock)));
}

/** Between half of the exponential step and all of it, so that callers who failed together do not return together. */
function backoff({ baseMs, capMs }: Class, before: number, clock: Clock): number {
  const step = Math.min(capMs, baseMs * 2 ** before);
  return Math.round(step * (0.5 + clock.random() / 2));
}
