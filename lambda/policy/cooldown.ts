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
  /** Epoch milliseconds at which it is over, oldest failure first. */
  const until = new Map<string, number>();
  const inRegion = (model: string, region: string) => `${region} ${model}`;
  const everywhere = (model: string) => `* ${model}`;
  const isOn = (key: string) => {
    const end = until.get(key);
    if (end === undefined) return false;
    if (end > now()) return true;
    until.delete(key);
    return false;
  };
  return {
    isCooling: (model, region) => isOn(inRegion(model, region)) || isOn(everywhere(model)),
    failed(model, region, { reason, ofModel }) {
      const ms = ofModel ? coolingMs[reason] : undefined;
      if (ms === undefined) return;
      // What no other region was tried for, none is to be tried for afterwards.
      const key = isRegional(reason) ? inRegion(model, region) : everywhere(model);
      until.delete(key);
      until.set(key, now() + ms);
      if (until.size > maxEntries) until.delete(until.keys().next().value!);
    },
    succeeded(model, region) {
      until.delete(inRegion(model, region));
      until.delete(everywhere(model));
    },
  };
}
