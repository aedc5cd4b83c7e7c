import type { GatewayError, Reason } from '../errors.ts';
import { isRegional } from './regions.ts';

/** Remembers, in this process, which model in which region has just failed hard. */
export interface Cooldown {
  isCooling(model: string, region: string): boolean;
  /** Cools only for what the error says of the model itself (`ofModel`). */
  failed(model: string, region: string, error: Pick<GatewayError, 'reason' | 'ofModel'>): void;
  succeeded(model: string, region: string): void;
}

/**
 * Milliseconds to leave a model alone. Only what the next request would meet too: a timeout, a model error or
 * a refusal may be due to the request, and so may each of these where the error does not say otherwise.
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
  /** Epoch milliseconds of the failure, and how many it counts; oldest failure first. */
  const failures = new Map<string, readonly [at: number, ms: number]>();
  const inRegion = (model: string, region: string) => `${region} ${model}`;
  const everywhere = (model: string) => `* ${model}`;
  const isOn = (key: string) => {
    const [at, ms] = failures.get(key) ?? [0, 0];
    // Of a time to come, too: a clock may have been put back.
    if (Math.abs(now() - at) < ms) return true;
    failures.delete(key);
    return false;
  };
  return {
    isCooling: (model, region) => isOn(inRegion(model, region)) || isOn(everywhere(model)),
    failed(model, region, { reason, ofModel }) {
      const ms = ofModel ? coolingMs[reason] : undefined;
      if (ms === undefined) return;
      // What no other region was tried for, none is to be tried for afterwards.
      const key = isRegional(reason) ? inRegion(model, region) : everywhere(model);
      failures.delete(key);
      failures.set(key, [now(), ms]);
      if (failures.size > maxEntries) failures.delete(failures.keys().next().value!);
    },
    succeeded(model, region) {
      failures.delete(inRegion(model, region));
      failures.delete(everywhere(model));
    },
  };
}
