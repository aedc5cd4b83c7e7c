import type { GatewayError } from '../../errors.ts';
import { arnKind } from '../names/arn-kinds.ts';
import { baseModelId, geographyOf, parseArn } from '../names/model-id.ts';
import type { Target } from '../target.ts';
import { type CandidateMemory, type Candidates, without } from './candidates.ts';
import type { ProfileChoiceOptions } from './choice.ts';
import { allDenied, mayNotChoose, noneServes } from './no-profile.ts';
import { guessedProfiles, listedProfiles } from './pick.ts';

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

export interface AfterRefusalOptions extends Pick<ProfileChoiceOptions, 'config' | 'catalogue'> {
  memory: CandidateMemory;
}

/** `ProfileChoice.afterRefusal`: a chunk of its own, as most calls are not refused. */
export function createAfterRefusal({ config, catalogue, memory }: AfterRefusalOptions) {
  const { crossRegionInference, residency } = config;

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
  const candidatesAfter = async ({ id, region, profiles }: Target, { reason, upstream }: GatewayError) => {
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
  const retarget = (target: Target, candidates: Candidates, error: GatewayError, remember: boolean) => {
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
  return async (target: Target, error: GatewayError, remember: boolean): Promise<Target | undefined> => {
    const next = await candidatesAfter(target, error);
    return next && retarget(target, next, error, remember);
  };
}

const isFoundation = (id: string) => {
  const arn = parseArn(id);
  return arn ? arnKind(arn.resource) === 'foundation' : geographyOf(id) === undefined;
};
