import type { Config } from '../../config.ts';
import { ApiError } from '../../errors.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { arnKind } from '../names/arn-kinds.ts';
import { baseModelId, geographyOf, parseArn } from '../names/model-id.ts';
import type { Target } from '../target.ts';
import { guessedProfiles, listedProfiles, needsProfile } from './pick.ts';

/**
 * Which inference profile stands in for a foundation model that cannot be called by its own id.
 *
 * No list of such models is kept: it would be wrong the day after. The first call of a process goes out with
 * the id as it is, since most ids that people write can be called; if Bedrock refuses it, that costs one quick
 * unbilled request, the catalogue is loaded, and from then on every such model is known without a refusal.
 */
export interface ProfileChoice {
  /** From memory alone; undefined: call the model by its own id. */
  known(modelId: string, region: string): string | undefined;
  /**
   * The target to try next after Bedrock refused one for want of a profile; undefined when that was not the
   * reason. Throws a 400 where no profile may or can be chosen. `remember: false` (a caller's own credentials)
   * leaves no trace for the calls of others.
   */
  afterRefusal(
    target: Target,
    error: ApiError,
    options?: { remember?: boolean },
  ): Promise<Target | undefined>;
}

/**
 * Bedrock's words (https://repost.aws/knowledge-center/bedrock-invokemodel-api-error), with either apostrophe.
 * From the first to the last, because other refusals quote what a client wrote.
 */
const onDemandRefused =
  /^Invocation of model ID \S+ with on-demand throughput isn.t supported\.(?: Retry your request with the ID or ARN of an inference profile that contains this model\.)?$/u;
const identifierRefused = /^The provided model identifier is invalid\.$/;

/** Profile ids still to try, best first, and those that Bedrock did not know. Listed ones exist for certain. */
interface Candidates {
  ids: readonly string[];
  refused: readonly string[];
  listed: boolean;
}

export function createProfileChoice(config: Config, catalogue: Catalogue): ProfileChoice {
  const { crossRegionInference, residency } = config;
  const learned = new Map<string, Candidates>();
  const keyOf = (modelId: string, region: string) => `${region} ${modelId}`;

  const candidatesFor = async (modelId: string, region: string): Promise<Candidates> => {
    if (!crossRegionInference) throw mayNotChoose(modelId, region, 'ENABLE_CROSS_REGION_INFERENCE is off');
    const { rows } = await catalogue.load();
    const listed = rows.some((row) => row.type === 'profile' && row.region === region);
    const find = () =>
      listed ? listedProfiles(rows, modelId, region, residency) : guessedProfiles(modelId, region, residency);
    return { ids: find(), refused: [], listed };
  };
  const retarget = (target: Target, modelId: string, candidates: Candidates, remember: boolean): Target => {
    const [id] = candidates.ids;
    if (id !== undefined) {
      if (remember) learned.set(keyOf(modelId, target.region), candidates);
      return { ...target, id, underlying: modelId };
    }
    if (remember) learned.delete(keyOf(modelId, target.region));
    throw candidates.refused.length > 0
      ? noneServes(modelId, target.region, catalogue.warnings())
      : mayNotChoose(modelId, target.region, `RESIDENCY is ${residency}`);
  };
  return {
    known(modelId, region) {
      const [candidate] = learned.get(keyOf(modelId, region))?.ids ?? [];
      if (candidate !== undefined) return candidate;
      const rows = catalogue.peek()?.rows;
      if (!rows || !crossRegionInference || !needsProfile(rows, modelId, region)) return undefined;
      return listedProfiles(rows, modelId, region, residency)[0];
    },
    async afterRefusal(target, error, { remember = true } = {}) {
      const said = error.upstream?.message ?? '';
      const modelId = baseModelId(target.id);
      if (onDemandRefused.test(said) && isFoundation(target.id))
        return retarget(target, modelId, await candidatesFor(modelId, target.region), remember);
      const candidates = learned.get(keyOf(modelId, target.region));
      if (!identifierRefused.test(said) || !candidates) return undefined;
      const remaining = withoutGuess(candidates, target.id);
      return remaining && retarget(target, modelId, remaining, remember);
    },
  };
}

/** What is left to try after a guess was refused; undefined when it was no guess. */
function withoutGuess(candidates: Candidates, id: string): Candidates | undefined {
  if (candidates.listed) return undefined;
  const [guess, ...ids] = candidates.ids;
  if (guess === id) return { ids, refused: [...candidates.refused, id], listed: false };
  // Another call found it out first.
  return candidates.refused.includes(id) ? candidates : undefined;
}

const isFoundation = (id: string) => {
  const arn = parseArn(id);
  return arn ? arnKind(arn.resource) === 'foundation' : geographyOf(id) === undefined;
};

function profileRequired(message: string) {
  return new ApiError({
    status: 400,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'inference_profile_required',
    param: 'model',
    message,
  });
}

const mayNotChoose = (modelId: string, region: string, why: string) =>
  profileRequired(
    `The model \`${modelId}\` can only be called through an inference profile in ${region}, and the gateway ` +
      `has none to choose: ${why}. Name a profile yourself, or ask for another model.`,
  );

const noneServes = (modelId: string, region: string, warnings: readonly string[]) =>
  profileRequired(
    `The model \`${modelId}\` can only be called through an inference profile in ${region}, and the gateway ` +
      `could not find out which. ${warnings.find((warning) => warning.includes('profiles')) ?? 'Name one yourself'}.`,
  );
