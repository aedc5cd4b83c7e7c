import { type ControlPlane, createControlPlane } from './bedrock/control-plane.ts';
import type { Config } from './config.ts';
import { type Catalogue, createCatalogue } from './models/catalogue/catalogue.ts';
import { createLookUp, type LookUp } from './models/profiles/lookup.ts';

/** What asks AWS which models there are. */
export interface Discovery {
  controlPlane: ControlPlane;
  catalogue: Catalogue;
  lookUp: LookUp;
}

export interface DiscoveryOptions {
  /** Milliseconds that a list may be waited for; default: what clients that wait for one allow. */
  cataloguePatienceMs?: number;
}

export function createDiscovery(config: Config, options: DiscoveryOptions): Discovery {
  const { cataloguePatienceMs: patienceMs } = options;
  const controlPlane = createControlPlane({ maxAttempts: config.maxAttempts });
  const catalogue = createCatalogue({
    list: controlPlane.list,
    regions: config.regions,
    ttlMs: config.catalogueTtlMs,
    residency: config.residency,
    without: config.applicationInferenceProfiles ? [] : ['applicationProfiles'],
    ...(patienceMs !== undefined && { patienceMs }),
  });
  const lookUp = createLookUp({ describe: controlPlane.describe, ttlMs: config.catalogueTtlMs });
  return { controlPlane, catalogue, lookUp };
}
