import type { Config } from '../../config.ts';
import type { GatewayError } from '../../errors.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { createProfileChoice } from '../profiles/choice.ts';
import type { LookUp } from '../profiles/lookup.ts';
import type { Called, Target } from '../target.ts';
import { follow, placeDefault, reached } from './reach.ts';
import type { Knowledge } from './walk.ts';

export interface ResolveOptions {
  /** Where to call what names no region; absent: the home region. */
  region?: string;
  /** What the asker may call. Whatever else there is does not exist for him: a 403. Absent: everything. */
  permits?: (called: Called) => boolean;
}

export interface Resolver {
  /**
   * What a name means. Ids and profile ids resolve from their own text; an ARN that hides its model costs one
   * question, once; other names one listing round, once. Throws GatewayError: 400 for a name that is wrong in
   * itself, 404 for one that nothing has.
   */
  resolve(name: string, options?: ResolveOptions): Promise<Target>;
  /** The same, with each step and its reason. */
  explain(name: string, options?: ResolveOptions): Promise<{ target: Target; reasons: string[] }>;
  /**
   * The target to try after Bedrock refused one because its model is served only through an inference profile,
   * because a profile that had to be guessed does not exist, or because a policy denies the one that was chosen;
   * undefined when it refused for another reason. Throws a 400 where none may be chosen, and the refusal where
   * all are denied. Call it again with what the next refusal says. With `remember: false` (a caller's own
   * credentials) the calls of others learn nothing from it.
   */
  afterRefusal(
    target: Target,
    error: GatewayError,
    options?: { remember?: boolean },
  ): Promise<Target | undefined>;
}

export interface ResolverOptions {
  config: Config;
  catalogue: Catalogue;
  lookUp: LookUp;
  /** The setting that answers for names that nothing has. */
  defaultFrom?: 'DEFAULT_MODEL' | 'DEFAULT_EMBEDDING_MODEL';
}

export function createResolver(options: ResolverOptions): Resolver {
  const { config, catalogue, lookUp, defaultFrom = 'DEFAULT_MODEL' } = options;
  const choice = createProfileChoice({ config, catalogue });
  const defaults = {
    DEFAULT_MODEL: config.defaultModel,
    DEFAULT_EMBEDDING_MODEL: config.defaultEmbeddingModel,
  };
  const knowledge: Knowledge = {
    config,
    catalogue,
    lookUp,
    default: { setting: defaultFrom, model: defaults[defaultFrom] },
    profilesFor: choice.known,
  };

  const explain = async (name: string, { region = config.region, permits }: ResolveOptions = {}) => {
    const reach = () => reached(name, region, (walk) => follow(knowledge, walk, name));
    if (!permits) return reach();
    const { resolvePermitted } = await import('./permitted.ts');
    const reachDefault = (regionNamed?: string) =>
      reached(name, regionNamed ?? region, (walk) => {
        walk.regionNamed = regionNamed !== undefined;
        return placeDefault(knowledge, walk);
      });
    return resolvePermitted({ name, permits, reach, reachDefault, catalogue });
  };
  return {
    explain,
    resolve: async (name, options) => (await explain(name, options)).target,
    afterRefusal: choice.afterRefusal,
  };
}
