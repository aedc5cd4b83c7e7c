import type { ControlPlane, ListingName, Listings } from '../../../lambda/bedrock/control-plane.ts';
import type { Describe, Description } from '../../../lambda/bedrock/describe.ts';
import { type Config, readConfig } from '../../../lambda/config.ts';
import { createCatalogue } from '../../../lambda/models/catalogue/catalogue.ts';
import { createModelList } from '../../../lambda/models/catalogue/model-list.ts';
import { createLookUp } from '../../../lambda/models/profiles/lookup.ts';
import { createResolver } from '../../../lambda/models/resolve/resolve.ts';

/** A small account in two regions, as the SDK would list it. */

const account = '123456789012';
const born = new Date('2026-01-15T00:00:00Z');
const arn = (region: string, resource: string) => `arn:aws:bedrock:${region}:${account}:${resource}`;
const foundationArn = (region: string, id: string) => `arn:aws:bedrock:${region}::foundation-model/${id}`;

export const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
export const llama = 'meta.llama3-3-70b-instruct-v1:0';
export const novaLite = 'amazon.nova-lite-v1:0';

function foundation(region: string, id: string, types: string[], more: Record<string, unknown> = {}) {
  return {
    modelId: id,
    modelArn: foundationArn(region, id),
    modelName: id.split('.')[1],
    providerName: id.split('.')[0],
    inputModalities: ['TEXT', 'IMAGE'],
    outputModalities: ['TEXT'],
    responseStreamingSupported: true,
    inferenceTypesSupported: types,
    modelLifecycle: { status: 'ACTIVE', startOfLifeTime: born },
    ...more,
  };
}

function profile(region: string, id: string, model: string, more: Record<string, unknown> = {}) {
  return {
    inferenceProfileId: id,
    inferenceProfileName: `Profile ${id}`,
    inferenceProfileArn: arn(region, `inference-profile/${id}`),
    models: [{ modelArn: foundationArn(region, model) }],
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
    createdAt: born,
    ...more,
  };
}

const ended = {
  status: 'LEGACY',
  startOfLifeTime: new Date('2023-08-01T00:00:00Z'),
  endOfLifeTime: new Date('2026-06-30T00:00:00Z'),
};

const useast1 = {
  foundationModels: [
    foundation('us-east-1', sonnet, ['INFERENCE_PROFILE']),
    foundation('us-east-1', llama, ['INFERENCE_PROFILE']),
    foundation('us-east-1', novaLite, ['ON_DEMAND', 'INFERENCE_PROFILE']),
    foundation('us-east-1', `${novaLite}:24k`, ['PROVISIONED']),
    foundation('us-east-1', 'anthropic.claude-3-5-sonnet-20240620-v1:0', ['ON_DEMAND']),
    foundation('us-east-1', 'anthropic.claude-3-5-sonnet-20241022-v2:0', ['ON_DEMAND']),
    foundation('us-east-1', 'anthropic.claude-v2', ['ON_DEMAND'], { modelLifecycle: ended }),
    foundation('us-east-1', 'acme.painter-v1:0', ['ON_DEMAND', 'SOMETHING_NEW'], {
      outputModalities: ['HOLOGRAM'],
    }),
    foundation('us-east-1', 'acme.bought-v1:0', ['PROVISIONED']),
  ],
  systemProfiles: [
    profile('us-east-1', `us.${sonnet}`, sonnet),
    profile('us-east-1', `global.${sonnet}`, sonnet),
    profile('us-east-1', `us.${llama}`, llama),
  ],
  applicationProfiles: [
    profile('us-east-1', 'a1b2c3d4e5f6', sonnet, {
      inferenceProfileName: 'Team Search',
      inferenceProfileArn: arn('us-east-1', 'application-inference-profile/a1b2c3d4e5f6'),
      type: 'APPLICATION',
    }),
  ],
  importedModels: [
    {
      modelArn: arn('us-east-1', 'imported-model/a1b2c3d4'),
      modelName: 'mistral-7b-instruct',
      creationTime: new Date('2025-06-03T09:12:44Z'),
      instructSupported: true,
      modelArchitecture: 'mistral',
    },
    {
      modelArn: arn('us-east-1', 'imported-model/b2c3d4e5'),
      modelName: 'qwen-coder',
      creationTime: new Date('2026-02-17T15:40:02Z'),
      instructSupported: false,
      modelArchitecture: 'qwen2',
    },
  ],
  customModels: [
    {
      modelArn: arn('us-east-1', `custom-model/${novaLite}/f6a7b8c9d0e1`),
      modelName: 'nova-tickets',
      creationTime: born,
      baseModelArn: foundationArn('us-east-1', novaLite),
      baseModelName: 'Nova Lite',
    },
    {
      modelArn: arn('us-east-1', `custom-model/${novaLite}/f6a7b8c9d0e2`),
      modelName: 'nova-undeployed',
      creationTime: born,
      baseModelArn: foundationArn('us-east-1', novaLite),
      baseModelName: 'Nova Lite',
    },
  ],
  deployments: [
    {
      customModelDeploymentArn: arn('us-east-1', 'custom-model-deployment/b8c9d0e1f2a3'),
      customModelDeploymentName: 'nova-tickets-prod',
      modelArn: arn('us-east-1', `custom-model/${novaLite}/f6a7b8c9d0e1`),
      createdAt: born,
      status: 'Active',
    },
  ],
  provisionedModels: [
    {
      provisionedModelName: 'nova-batch',
      provisionedModelArn: arn('us-east-1', 'provisioned-model/c9d0e1f2a3b4'),
      modelArn: foundationArn('us-east-1', novaLite),
      foundationModelArn: foundationArn('us-east-1', novaLite),
      status: 'InService',
      creationTime: born,
    },
    {
      provisionedModelName: 'both',
      provisionedModelArn: arn('us-east-1', 'provisioned-model/c9d0e1f2a3b5'),
      modelArn: foundationArn('us-east-1', novaLite),
      foundationModelArn: foundationArn('us-east-1', novaLite),
      status: 'Creating',
      creationTime: born,
    },
  ],
  promptRouters: [
    {
      promptRouterName: 'both',
      promptRouterArn: arn('us-east-1', 'prompt-router/d0e1f2a3b4c5'),
      models: [{ modelArn: foundationArn('us-east-1', novaLite) }],
      fallbackModel: { modelArn: foundationArn('us-east-1', novaLite) },
      status: 'AVAILABLE',
      createdAt: born,
    },
    {
      promptRouterName: 'twins',
      promptRouterArn: arn('us-east-1', 'prompt-router/d0e1f2a3b4c6'),
      models: [],
      fallbackModel: undefined,
      status: 'AVAILABLE',
      createdAt: born,
    },
  ],
  marketplaceEndpoints: [
    {
      endpointArn: 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/twins',
      modelSourceIdentifier: 'arn:aws:sagemaker:us-east-1:aws:hub-content/Hub/Model/twins/1.1.0',
      status: 'REGISTERED',
      createdAt: born,
    },
    {
      endpointArn: 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/gemma',
      modelSourceIdentifier: 'arn:aws:sagemaker:us-east-1:aws:hub-content/Hub/Model/gemma/1.1.0',
      status: 'REGISTERED',
      createdAt: born,
    },
  ],
};

const euwest1 = {
  foundationModels: [
    foundation('eu-west-1', sonnet, ['INFERENCE_PROFILE']),
    foundation('eu-west-1', novaLite, ['INFERENCE_PROFILE']),
  ],
  systemProfiles: [
    profile('eu-west-1', `eu.${sonnet}`, sonnet),
    profile('eu-west-1', `global.${sonnet}`, sonnet),
    profile('eu-west-1', `eu.${novaLite}`, novaLite),
  ],
};

// What the SDK's enums do not have yet is in here on purpose.
const regions = { 'us-east-1': useast1, 'eu-west-1': euwest1 } as unknown as Record<
  string,
  Partial<Listings>
>;

/** What the control plane answers about ARNs. */
const descriptions: Record<string, Description> = {
  [arn('us-east-1', 'application-inference-profile/a1b2c3d4e5f6')]: {
    underlying: foundationArn('us-east-1', sonnet),
  },
  [arn('eu-west-1', 'application-inference-profile/eeeeeeeeeeee')]: {
    underlying: foundationArn('eu-west-1', novaLite),
  },
  [arn('us-east-1', 'provisioned-model/c9d0e1f2a3b4')]: { underlying: foundationArn('us-east-1', novaLite) },
  [arn('us-east-1', 'custom-model-deployment/b8c9d0e1f2a3')]: {
    underlying: arn('us-east-1', `custom-model/${novaLite}/f6a7b8c9d0e1`),
  },
  [arn('us-east-1', 'default-prompt-router/anthropic.claude:1')]: {
    underlying: foundationArn('us-east-1', 'anthropic.claude-3-5-sonnet-20240620-v1:0'),
  },
  [arn('us-east-1', 'imported-model/a1b2c3d4')]: {
    imported: { architecture: 'mistral', createdAt: Date.parse('2025-06-03'), instructSupported: true },
  },
  [arn('us-east-1', 'imported-model/b2c3d4e5')]: {
    imported: { architecture: 'qwen2', createdAt: Date.parse('2026-02-17'), instructSupported: false },
  },
};

export class AwsError extends Error {
  constructor(name: string) {
    super('User: arn:aws:sts::123456789012:assumed-role/secret-role is not authorized');
    this.name = name;
  }
}

/** Counts what is asked; `fail` names listings, or `describe`, that answer with an error. */
export function fakeControlPlane(fail: Partial<Record<ListingName | 'describe', string>> = {}) {
  const calls = { list: [] as string[], describe: [] as string[] };
  const list: ControlPlane['list'] = async (name, region) => {
    calls.list.push(`${name} ${region}`);
    await Promise.resolve();
    const failure = fail[name];
    if (failure) throw new AwsError(failure);
    return (regions[region]?.[name] ?? []) as Listings[typeof name];
  };
  const describe: Describe = async (asked) => {
    calls.describe.push(asked);
    await Promise.resolve();
    if (fail.describe) throw new AwsError(fail.describe);
    const known = descriptions[asked];
    if (!known) throw new AwsError('ResourceNotFoundException');
    return known;
  };
  return { calls, fail, list, describe };
}

/** A resolver over the small account, with settings as the environment would have them. */
export function resolverWith(
  env: Record<string, string> = {},
  fail: Parameters<typeof fakeControlPlane>[0] = {},
) {
  const config: Config = readConfig({ GATEWAY_REGIONS: 'us-east-1,eu-west-1', ...env });
  const control = fakeControlPlane(fail);
  const clock = { now: Date.parse('2026-11-21T00:00:00Z') };
  const now = () => clock.now;
  const catalogue = createCatalogue({
    list: control.list,
    regions: config.regions,
    ttlMs: config.catalogueTtlMs,
    now,
    residency: config.residency,
    without: config.applicationInferenceProfiles ? [] : ['applicationProfiles'],
  });
  const lookUp = createLookUp({ describe: control.describe, ttlMs: config.catalogueTtlMs, now });
  const resolver = createResolver({ config, catalogue, lookUp });
  const models = createModelList({ catalogue, resolver, aliases: config.aliases });
  return { config, control, clock, catalogue, models, resolver };
}
