import type { Reason } from '../errors.ts';

/** Remembers, in this process, which model in which region has just failed hard. */
export interface Cooldown {
  isCooling(model: string, region: string): boolean;
  failed(model: string, region: string, reason: Reason): void;
  succeeded(model: string, region: string): void;
}

/**
 * Milliseconds to leave a model alone. Only what the next request would meet too: a timeout, a model error or
 * a refusal may be due to the request.
 */
const coolingMs: Readonly<Partial<Record<Reason, number>>> = {
  throttled: 5000,
  overloaded: 10_000,
  connection: 10_000,
  not_ready: 30_000,
  access_denied: 60_000,
  quota_exceeded: 60_000,
  end_of_life: 300_000,
};

export interface CooldownOptions {
  now: () => number;
  /** Models in regions remembered at most; the oldest failure is forgotten first. */
  maxEntries?: number;
}

/** Not for calls with a caller's own credentials: their quotas and rights are not the gateway's. */
export function createCooldown({ now, maxEntries = 200 }: CooldownOptions): Cooldown {
  /** Epoch milliseconds at which it is over, by model and region, oldest failure first. */
  const until = new Map<string, number>();
  const key = (model: string, region: string) => `${region} ${model}`;
  return {
    isCooling(model, region) {
      const end = until.get(key(model, region));
      if (end === undefined) return false;
      if (end > now()) return true;
      until.delete(key(model, region));
      return false;
    },
    failed(model, region, reason) {
      const ms = coolingMs[reason];
      if (ms === undefined) return;
      until.delete(key(model, region));
      until.set(key(model, region), now() + ms);
      if (until.size > maxEntries) until.delete(until.keys().next().value!);
    },
    succeeded(model, region) {
      until.delete(key(model, region));
    },
  };
}
