import type { Config } from '../../config.ts';
import type { GatewayError } from '../../errors.ts';
import { once } from '../../once.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Target } from '../target.ts';
import { type Candidates, createCandidateMemory } from './candidates.ts';
import { listedProfiles, needsProfile } from './pick.ts';

/**
 * Which inference profile stands in for a foundation model that cannot be called by its own id.
 *
 * No list of such models is kept: it would be wrong the day after. The first call of a process goes out with
 * the id as it is, since most ids that people write can be called; if Bedrock refuses it, that costs one quick
 * unbilled request, the catalogue is loaded, and from then on every such model is known without a refusal.
 */
export interface ProfileChoice {
  /** From memory alone; undefined: call the model by its own id. */
  known(modelId: string, region: string): Candidates | undefined;
  /**
   * The target to try next after Bedrock refused one for want of a profile, or a policy the profile that was
   * chosen; undefined when that was not the reason. Throws a 400 where no profile may or can be chosen.
   * `remember: false` (a caller's own credentials) leaves no trace for the calls of others.
   */
  afterRefusal(
    target: Target,
    error: GatewayError,
    options?: { remember?: boolean },
  ): Promise<Target | undefined>;
}

export interface ProfileChoiceOptions {
  config: Pick<Config, 'crossRegionInference' | 'residency' | 'catalogueTtlMs'>;
  catalogue: Catalogue;
  /** Epoch milliseconds. */
  now?: () => number;
}

export function createProfileChoice({
  config,
  catalogue,
  now = Date.now,
}: ProfileChoiceOptions): ProfileChoice {
  const { crossRegionInference, residency } = config;
  const memory = createCandidateMemory(config.catalogueTtlMs, now);

  const afterRefusal = once(async () => {
    const { createAfterRefusal } = await import('./after-refusal.ts');
    return createAfterRefusal({ config, catalogue, memory });
  });
  return {
    known(modelId, region) {
      const recalled = memory.recall(modelId, region);
      if (recalled) return recalled;
      const rows = catalogue.peek()?.rows;
      if (!rows || !crossRegionInference || !needsProfile(rows, modelId, region)) return undefined;
      const ids = listedProfiles(rows, modelId, region, residency);
      return ids.length > 0 ? { ids, refused: [], listed: true } : undefined;
    },
    async afterRefusal(target, error, { remember = true } = {}) {
      return (await afterRefusal())(target, error, remember);
    },
  };
}
