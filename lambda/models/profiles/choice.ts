import type { Config } from '../../config.ts';
import type { ApiError } from '../../errors.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { arnKind } from '../names/arn-kinds.ts';
import { baseModelId, geographyOf, parseArn } from '../names/model-id.ts';
import type { Target } from '../target.ts';
import { type Candidates, createCandidateMemory, without } from './candidates.ts';
import { allDenied, mayNotChoose, noneServes } from './no-profile.ts';
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
  known(modelId: string, region: string): Candidates | undefined;
  /**
   * The target to try next after Bedrock refused one for want of a profile, or a policy the profile that was
   * chosen; undefined when that was not the reason. Throws a 400 where no profile may or can be chosen.
   * `remember: false` (a caller's own credentials) leaves no trace for the calls of others.
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
/** Also said of a bare id where a region has nothing but a profile (charmbracelet/catwalk#223). */
const identifierRefused = /^The provided model identifier is invalid\.$/;
/** A policy of the account or its organisation; it may allow the next profile (aws-samples/sample-badgers#33). */
const policyRefused = /^User: \S+ is not authorized to perform: ?bedrock:InvokeModel/;

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

  const candidatesFor = async (modelId: string, region: string): Promise<Candidates> => {
    if (!crossRegionInference) throw mayNotChoose(modelId, region, 'ENABLE_CROSS_REGION_INFERENCE is off');
    const { rows } = await catalogue.load();
    const listed = rows.some((row) => row.type === 'profile' && row.region === region);
    const ids = listed
      ? listedProfiles(rows, modelId, region, residency)
      : guessedProfiles(modelId, region, residency);
    return { ids, refused: [], listed };
  };
  /** Undefined where the account has none: then the model is unknown, and a guess would not make it known. */
  const listedFor = async (modelId: string, region: string): Promise<Candidates | undefined> => {
    const { rows } = await catalogue.load();
    const [any] = listedProfiles(rows, modelId, region, 'global');
    return any === undefined ? undefined : candidatesFor(modelId, region);
  };
  const candidatesAfter = async ({ id, region, profiles }: Target, { reason, upstream }: ApiError) => {
    const said = upstream?.message ?? '';
    const isUnknown = identifierRefused.test(said);
    if (isFoundation(id)) {
      if (onDemandRefused.test(said)) return candidatesFor(baseModelId(id), region);
      return isUnknown ? listedFor(baseModelId(id), region) : undefined;
    }
    const isDenied = reason === 'access_denied' && policyRefused.test(said);
    const passedOver = isDenied || (isUnknown && profiles?.listed === false);
    return passedOver && profiles ? without(profiles, id) : undefined;
  };
  const retarget = (target: Target, candidates: Candidates, error: ApiError, remember: boolean) => {
    const modelId = baseModelId(target.id);
    const { region } = target;
    if (remember) memory.remember(modelId, region, candidates);
    const [id] = candidates.ids;
    if (id !== undefined) return { ...target, id, underlying: modelId, profiles: candidates };
    if (error.reason === 'access_denied') throw allDenied(candidates.refused, error);
    throw candidates.refused.length > 0
      ? noneServes(modelId, region, catalogue.warnings())
      : mayNotChoose(modelId, region, `RESIDENCY is ${residency}`);
  };
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
      const next = await candidatesAfter(target, error);
      return next && retarget(target, next, error, remember);
    },
  };
}

const isFoundation = (id: string) => {
  const arn = parseArn(id);
  return arn ? arnKind(arn.resource) === 'foundation' : geographyOf(id) === undefined;
};
