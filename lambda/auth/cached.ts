import { settlesWithin } from '../settles-within.ts';

export interface CacheOptions {
  /** Milliseconds a value is trusted. */
  ttlMs: number;
  /** Longest wait, in milliseconds, for the source while the old value is still good. */
  patienceMs: number;
  /** Least time between two attempts that need not be: after a failure, or for an early refresh. */
  pauseMs: number;
  /** Longest time a value is served after its source has begun to fail. */
  maxStaleMs: number;
  clock: () => number;
  /** Called for every load that failed, also where an old value makes good for it. */
  onFailure: (error: unknown) => void;
  /** Whether a load ends in time; tests decide it themselves. */
  settles?: typeof settlesWithin;
}

export interface Cached<T> {
  /**
   * The value: a new one where the old one is due and the source answers within `patienceMs`. Rejects when
   * there is none to be had.
   */
  get(): Promise<T>;
  /** The value as it is now, however long that takes, unless it has been looked at only just. */
  refresh(): Promise<T>;
}

/**
 * One value from a slow source: callers share one load, and a value outlives the failure of its source. A source
 * that answers at once is waited for, so that a change in it holds from then on; a slow one holds nobody up
 * (middyjs/middy#884: Secrets Manager took seconds).
 */
export function cached<T>(load: () => Promise<T>, options: CacheOptions): Cached<T> {
  const { settles = settlesWithin } = options;
  let held: { value: T; at: number } | undefined;
  let attempt: { at: number; error?: unknown; failed: boolean } | undefined;
  let loading: Promise<T> | undefined;
  let startedAt = 0;

  const start = (): Promise<T> => {
    if (!loading) startedAt = options.clock();
    loading ??= load()
      .then(
        (value) => {
          held = { value, at: options.clock() };
          attempt = { at: options.clock(), failed: false };
          return value;
        },
        (error: unknown) => {
          attempt = { at: options.clock(), error, failed: true };
          options.onFailure(error);
          return stale(error);
        },
      )
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };
  /** Of a time to come, too: a clock that was put back must not make a value last. */
  const since = (at: number) => Math.abs(options.clock() - at);
  const old = () => (held && since(held.at) <= options.ttlMs + options.maxStaleMs ? held : undefined);
  const stale = (error: unknown): T => {
    const good = old();
    if (!good) throw error;
    return good.value;
  };
  /** The new value if it comes in time. Those who ask while a load is late already do not wait again. */
  const renewed = async (): Promise<T> => {
    const fresh = start();
    const good = old();
    if (!good) return fresh;
    const left = options.patienceMs - since(startedAt);
    return left > 0 && (await settles(left, fresh)) ? fresh : good.value;
  };
  const justTried = () => attempt !== undefined && since(attempt.at) < options.pauseMs;

  return {
    async get() {
      if (held && since(held.at) < options.ttlMs) return held.value;
      if (attempt?.failed && justTried()) return stale(attempt.error);
      return renewed();
    },
    async refresh() {
      if (justTried()) return attempt?.failed || !held ? stale(attempt?.error) : held.value;
      return start();
    },
  };
}
