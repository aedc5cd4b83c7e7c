export interface CacheOptions {
  /** Milliseconds a value is trusted. */
  ttlMs: number;
  /** Least time between two attempts that need not be: after a failure, or for an early refresh. */
  pauseMs: number;
  /** Longest time a value is served after its source has begun to fail. */
  maxStaleMs: number;
  clock: () => number;
  /** Told of every load that failed, also where an old value makes good for it. */
  onFailure: (error: unknown) => void;
}

export interface Cached<T> {
  /** The value, loaded when there is none or it is too old. Rejects when there is none to be had. */
  get(): Promise<T>;
  /** The value as it is now, unless it has been looked at only just. */
  refresh(): Promise<T>;
}

/** One value from a slow source: callers share one load, and a value outlives the failure of its source. */
export function cached<T>(load: () => Promise<T>, options: CacheOptions): Cached<T> {
  let held: { value: T; at: number } | undefined;
  let attempt: { at: number; error?: unknown; failed: boolean } | undefined;
  let loading: Promise<T> | undefined;

  const start = (): Promise<T> => {
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
  const stale = (error: unknown): T => {
    if (!held || options.clock() - held.at > options.ttlMs + options.maxStaleMs) throw error;
    return held.value;
  };
  const justTried = () => attempt !== undefined && options.clock() - attempt.at < options.pauseMs;

  return {
    async get() {
      if (held && options.clock() - held.at < options.ttlMs) return held.value;
      if (attempt?.failed && justTried()) return stale(attempt.error);
      return start();
    },
    async refresh() {
      if (justTried()) return attempt?.failed || !held ? stale(attempt?.error) : held.value;
      return start();
    },
  };
}
