import type { ControlPlane } from './bedrock/control-plane.ts';
import type { Config } from './config.ts';
import type { Discovery, DiscoveryOptions } from './discovery.ts';
import type { Catalogue } from './models/catalogue/catalogue.ts';
import type { ModelList } from './models/catalogue/model-list.ts';
import type { LookUp } from './models/profiles/lookup.ts';
import { createResolver, type Resolver } from './models/resolve/resolve.ts';
import { once } from './once.ts';

/**
 * What turns model names into targets: the same for the function and for the command line. A name that says itself
 * what it means needs the resolver alone; the rest is loaded when something is asked of it.
 */
export interface ModelParts {
  catalogue: Catalogue;
  lookUp: LookUp;
  resolver: Resolver;
  controlPlane(): Promise<ControlPlane>;
  models(): Promise<ModelList>;
}

export function createModelParts(config: Config, options: DiscoveryOptions = {}): ModelParts {
  let found: Discovery | undefined;
  const discovery = once(async () => {
    const { createDiscovery } = await import('./discovery.ts');
    found = createDiscovery(config, options);
    return found;
  });
  const catalogue: Catalogue = {
    load: async () => (await discovery()).catalogue.load(),
    models: async () => (await discovery()).catalogue.models(),
    // Nothing is known before the first load.
    peek: () => found?.catalogue.peek(),
    warnings: () => found?.catalogue.warnings() ?? [],
  };
  const lookUp: LookUp = async (...question) => (await discovery()).lookUp(...question);
  const resolver = createResolver({ config, catalogue, lookUp });
  return {
    catalogue,
    lookUp,
    resolver,
    controlPlane: async () => (await discovery()).controlPlane,
    models: once(async () => {
      const { createModelList } = await import('./models/catalogue/model-list.ts');
      return createModelList({ catalogue, resolver, aliases: config.aliases });
    }),
  };
}
