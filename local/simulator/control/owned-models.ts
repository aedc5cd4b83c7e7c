import { BedrockError } from '../errors.ts';
import { accountArn, foundationArn } from '../models/account.ts';
import {
  customModels,
  deployments,
  importedModels,
  marketplaceEndpoints,
  promptRouters,
  provisioned,
} from '../models/owned.ts';
import type { World } from '../world.ts';
import type { ControlCall, ControlOperation } from './operation.ts';
import { page } from './page.ts';

const own = (world: World, resource: string) => accountArn(world.region, world.account, resource);

/** A paged list under `key`; the account's own models live in its home region only. */
function list(
  name: string,
  path: string[],
  key: string,
  items: (call: ControlCall) => unknown[],
): ControlOperation {
  return {
    name,
    method: 'GET',
    path,
    run(call) {
      const here = call.region === call.world.region ? items(call) : [];
      const { items: found, nextToken } = page(here, call.query, call.world);
      return { [key]: found, nextToken };
    },
  };
}

const imported = ({ world }: ControlCall) =>
  importedModels.map((model) => ({
    modelArn: own(world, `imported-model/${model.id}`),
    modelName: model.name,
    creationTime: model.created,
    instructSupported: model.converse,
    modelArchitecture: model.architecture,
  }));

const custom = ({ world }: ControlCall) =>
  customModels.map((model) => ({
    modelArn: own(world, `custom-model/${model.base}/${model.id}`),
    modelName: model.name,
    creationTime: model.created,
    baseModelArn: foundationArn(world.region, model.base),
    baseModelName: model.base,
    customizationType: model.type,
    ownerAccountId: world.account,
    modelStatus: 'Active',
  }));

const deployed = ({ world }: ControlCall) =>
  deployments.map(({ id, name, model, created }) => ({
    customModelDeploymentArn: own(world, `custom-model-deployment/${id}`),
    customModelDeploymentName: name,
    modelArn: own(world, `custom-model/${customModels.find((each) => each.id === model)?.base}/${model}`),
    createdAt: created,
    lastUpdatedAt: created,
    status: 'Active',
  }));

const throughputs = ({ world }: ControlCall) =>
  provisioned.map(({ id, name, base, units, created }) => ({
    provisionedModelName: name,
    provisionedModelArn: own(world, `provisioned-model/${id}`),
    modelArn: foundationArn(world.region, base),
    desiredModelArn: foundationArn(world.region, base),
    foundationModelArn: foundationArn(world.region, base),
    modelUnits: units,
    desiredModelUnits: units,
    status: 'InService',
    creationTime: created,
    lastModifiedTime: created,
  }));

const routers = ({ world, query }: ControlCall) =>
  promptRouters
    .filter(({ type }) => query.get('type') === null || query.get('type') === type)
    .map(({ id, name, type, models }) => ({
      promptRouterName: name,
      promptRouterArn: own(world, `${type === 'default' ? 'default-prompt-router' : 'prompt-router'}/${id}`),
      models: models.map((model) => ({ modelArn: foundationArn(world.region, model) })),
      fallbackModel: { modelArn: foundationArn(world.region, models[0]) },
      routingCriteria: { responseQualityDifference: 0.25 },
      status: 'AVAILABLE',
      type,
    }));

const endpoints = ({ world }: ControlCall) =>
  marketplaceEndpoints.map(({ name, source }) => ({
    endpointArn: own(world, `endpoint/${name}`).replace(':bedrock:', ':sagemaker:'),
    modelSourceIdentifier: source.replace('{region}', world.region),
    status: 'REGISTERED',
    createdAt: '2026-04-01T10:00:00Z',
    updatedAt: '2026-04-01T10:00:00Z',
  }));

export const ownedModelOperations: ControlOperation[] = [
  list('ListImportedModels', ['imported-models'], 'modelSummaries', imported),
  {
    name: 'GetImportedModel',
    method: 'GET',
    path: ['imported-models', '*'],
    run(call) {
      const id = call.parameter.replace(/^.*\//, '');
      const model = imported(call).find((each) => each.modelArn.endsWith(`/${id}`) || each.modelName === id);
      if (!model || call.region !== call.world.region)
        throw new BedrockError('ResourceNotFoundException', 'The provided imported model was not found.');
      return {
        ...model,
        customModelUnits: { customModelUnitsPerModelCopy: 1, customModelUnitsVersion: 'v1.0' },
      };
    },
  },
  list('ListCustomModels', ['custom-models'], 'modelSummaries', custom),
  list(
    'ListCustomModelDeployments',
    ['model-customization', 'custom-model-deployments'],
    'modelDeploymentSummaries',
    deployed,
  ),
  list(
    'ListProvisionedModelThroughputs',
    ['provisioned-model-throughputs'],
    'provisionedModelSummaries',
    throughputs,
  ),
  list('ListPromptRouters', ['prompt-routers'], 'promptRouterSummaries', routers),
  list(
    'ListMarketplaceModelEndpoints',
    ['marketplace-model', 'endpoints'],
    'marketplaceModelEndpoints',
    endpoints,
  ),
];
