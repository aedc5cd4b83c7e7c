import { type ControlPlane, createControlPlane } from './bedrock/control-plane.ts';
import type { Config } from './config.ts';
import { type Catalogue, createCatalogue } from './models/catalogue/catalogue.ts';
import { createModelList, type ModelList } from './models/catalogue/model-list.ts';
import { createLookUp, type LookUp } from './models/profiles/lookup.ts';
import { createResolver, type Resolver } from './models/resolve/resolve.ts';

/** What turns model names into targets: the same for the function and for the command line. */
export interface ModelParts {
  controlPlane: ControlPlane;
  catalogue: Catalogue;
  lookUp: LookUp;
  resolver: Resolver;
  models: ModelList;
}

export interface ModelPartsOptions {
  /** Milliseconds that a list may be waited for; default: what clients that wait for one allow. */
  cataloguePatienceMs?: number;
}

export function createModelParts(config: Config, options: ModelPartsOptions = {}): ModelParts {
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
  const resolver = createResolver({ config, catalogue, lookUp });
  const models = createModelList({ catalogue, resolver, aliases: config.aliases });
  return { controlPlane, catalogue, lookUp, resolver, models };
}
