import { type ControlPlane, createControlPlane } from './bedrock/control-plane.ts';
import type { Config } from './config.ts';
import { type Catalogue, createCatalogue } from './models/catalogue/catalogue.ts';
import { createLookUp, type LookUp } from './models/profiles/lookup.ts';
import { createResolver, type Resolver } from './models/resolve/resolve.ts';

/** What turns model names into targets: the same for the function and for the command line. */
export interface ModelParts {
  controlPlane: ControlPlane;
  catalogue: Catalogue;
  lookUp: LookUp;
  resolver: Resolver;
}

export function createModelParts(config: Config): ModelParts {
  const controlPlane = createControlPlane({ maxAttempts: config.maxAttempts });
  const catalogue = createCatalogue({
    list: controlPlane.list,
    regions: config.regions,
    ttlMs: config.catalogueTtlMs,
    without: config.applicationInferenceProfiles ? [] : ['applicationProfiles'],
  });
  const lookUp = createLookUp({ describe: controlPlane.describe, ttlMs: config.catalogueTtlMs });
  return { controlPlane, catalogue, lookUp, resolver: createResolver({ config, catalogue, lookUp }) };
}
