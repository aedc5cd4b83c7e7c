import { BedrockError, invalid, invalidIdentifier } from '../errors.ts';
import { scenarioModel } from '../scenarios/models.ts';
import type { World } from '../world.ts';
import { accountArn, ownProfiles, systemProfiles } from './account.ts';
import type { InferenceProfileSummary } from './account-types.ts';
import { familyOf } from './families.ts';
import { foundationModels } from './foundation-models.ts';
import type { SimulatedModel } from './model.ts';
import {
  customModels,
  deployments,
  importedModels,
  marketplaceEndpoints,
  promptRouters,
  provisioned,
} from './owned.ts';
import { retiredModels } from './retired-models.ts';

const endOfLife =
  'This model version has reached the end of its life. Please refer to the AWS documentation for more details.';

/**
 * What a model id, profile id or ARN stands for, called from a region. Throws what Bedrock answers: 400 for an
 * identifier that is unknown there, 400 for a model that needs a profile, 404 for one past its end of life.
 */
export function findModel(modelId: string, region: string, world: World): SimulatedModel {
  const scenario = scenarioModel(modelId);
  if (scenario) return simulated(modelId, 'scenario', { directive: scenario });
  const found = modelId.startsWith('arn:') ? findArn(modelId, region, world) : findId(modelId, region, world);
  if (!found) throw invalidIdentifier();
  return found;
}

/**
 * The same for CountTokens, which knows foundation models alone, by their id, those that need a profile as well (live,
 * June 2026; pydantic/pydantic-ai#4001). Throws BedrockError.
 */
export function findCountable(modelId: string, region: string, world: World): SimulatedModel {
  const row = foundationModels.find(({ id }) => id === modelId);
  const lives = row !== undefined && (row.lifecycle !== 'ended' || world.retired);
  if (lives && familyOf(row.id).countsTokens) return simulated(row.id, 'foundation');
  // What does not exist is told as everywhere.
  if (!lives && !modelId.startsWith('arn:')) findModel(modelId, region, world);
  throw invalid(`The provided model doesn't support counting tokens.`);
}

function findId(id: string, region: string, world: World): SimulatedModel | undefined {
  const row = foundationModels.find((candidate) => candidate.id === id);
  if (row?.regions?.includes(region) === false) return undefined;
  if (row) {
    if (row.lifecycle === 'ended' && !world.retired)
      throw new BedrockError('ResourceNotFoundException', endOfLife);
    if (!row.onDemand) throw needsProfile(id);
    return simulated(id, 'foundation');
  }
  const profile = systemProfiles(region, world.account).find((each) => each.inferenceProfileId === id);
  return profile ? behindProfile(profile, world) : findRetired(id, world);
}

function findRetired(id: string, world: World): SimulatedModel | undefined {
  const base = id.replace(/^(us|eu|apac)\./, '');
  if (!retiredModels.some((row) => row.id === base)) return undefined;
  if (!world.retired) throw new BedrockError('ResourceNotFoundException', endOfLife);
  return simulated(base, id === base ? 'foundation' : 'profile');
}

// The apostrophe is typographic on the wire (recorded).
const needsProfile = (id: string) =>
  invalid(
    `Invocation of model ID ${id} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
  );

function findArn(arn: string, region: string, world: World): SimulatedModel | undefined {
  const [, , service, arnRegion, account, ...rest] = arn.split(':');
  const resource = rest.join(':');
  const slash = resource.indexOf('/');
  const [type, id] = [resource.slice(0, slash), resource.slice(slash + 1)];
  if (arnRegion !== region) return undefined;
  if (type === 'foundation-model') return findId(id, region, world);
  if (account !== world.account) return undefined;
  if (type === 'inference-profile') return findId(id, region, world);
  const profile = world.createdProfiles.get(arn);
  if (profile) return behindProfile(profile, world);
  if (region !== world.region) return undefined;
  return service === 'sagemaker' ? findEndpoint(type, id) : findOwned(type, id, arn, world);
}

function findEndpoint(type: string, name: string): SimulatedModel | undefined {
  const known = type === 'endpoint' && marketplaceEndpoints.some((endpoint) => endpoint.name === name);
  return known ? simulated('marketplace', 'marketplace') : undefined;
}

function findOwned(type: string, id: string, arn: string, world: World): SimulatedModel | undefined {
  const byId = <T extends { id: string }>(list: readonly T[]) => list.find((item) => item.id === id);
  switch (type) {
    case 'application-inference-profile': {
      const own = ownProfiles(world.region, world.account).find((each) => each.inferenceProfileArn === arn);
      return own && !world.deletedProfiles.has(arn) ? behindProfile(own, world) : undefined;
    }
    case 'imported-model': {
      const model = byId(importedModels);
      return (
        model &&
        simulated(`imported:${model.architecture}`, 'imported', {
          imported: { architecture: model.architecture, instructSupported: model.converse },
          coldStarts: model.coldStarts,
        })
      );
    }
    case 'custom-model-deployment': {
      const custom = customModels.find((model) => model.id === byId(deployments)?.model);
      return custom && simulated(custom.base, 'custom');
    }
    case 'provisioned-model': {
      const throughput = byId(provisioned);
      return throughput && simulated(throughput.base, 'provisioned');
    }
    case 'default-prompt-router':
    case 'prompt-router': {
      const router = byId(promptRouters);
      return router && simulated(router.models[0], 'router');
    }
    default:
      return undefined;
  }
}

function behindProfile(profile: InferenceProfileSummary, world: World): SimulatedModel {
  const id = profile.models[0]!.modelArn.replace(/^[^/]*\//, '');
  const ended = foundationModels.some((row) => row.id === id && row.lifecycle === 'ended');
  if (ended && !world.retired) throw new BedrockError('ResourceNotFoundException', endOfLife);
  return simulated(id, 'profile');
}

function simulated(
  id: string,
  kind: SimulatedModel['kind'],
  more: Partial<SimulatedModel> = {},
): SimulatedModel {
  const family = familyOf(id);
  const embeds = foundationModels.some((row) => row.id === id && row.output === 'E');
  const ranks = /\.rerank-/.test(id);
  const { contextTokens, maxOutputTokens } = family;
  return { id, kind, family, contextTokens, maxOutputTokens, embeds, ranks, coldStarts: 0, ...more };
}

/** The profile that an id or ARN names in a region; undefined when there is none. */
export function findProfile(
  idOrArn: string,
  region: string,
  world: World,
): InferenceProfileSummary | undefined {
  return allProfiles(region, world).find(
    (each) => each.inferenceProfileArn === idOrArn || each.inferenceProfileId === idOrArn,
  );
}

export function allProfiles(region: string, world: World): InferenceProfileSummary[] {
  const here = accountArn(region, world.account, '');
  const created = [...world.createdProfiles.values()].filter((each) =>
    each.inferenceProfileArn.startsWith(here),
  );
  const own = region === world.region ? ownProfiles(region, world.account) : [];
  const kept = [...own, ...created].filter(
    ({ inferenceProfileArn }) => !world.deletedProfiles.has(inferenceProfileArn),
  );
  return [...systemProfiles(region, world.account), ...kept];
}
