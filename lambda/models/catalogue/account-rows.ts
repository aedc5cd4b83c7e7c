import { baseModelId, parseArn } from '../names/model-id.ts';
import { seconds } from './lifecycle.ts';
import { callable, type RegionListings, type Row } from './row.ts';

/** What the account made or bought and calls by an ARN of its own. */
export function accountRows(region: string, from: RegionListings): Row[] {
  return [
    ...importedRows(region, from),
    ...deploymentRows(region, from),
    ...provisionedRows(region, from),
    ...routerRows(region, from),
    ...marketplaceRows(region, from),
  ];
}

const lastPart = (arn: string) => arn.split('/').at(-1) ?? arn;

function importedRows(region: string, from: RegionListings): Row[] {
  return (from.importedModels ?? []).flatMap((model): Row[] => {
    const { modelArn: arn, modelName: name } = model;
    if (!arn || !name) return [];
    const custom = `custom.${lastPart(arn)}`;
    return [
      {
        ...callable('imported', `${name}-id:${custom}`, region, arn),
        name,
        names: [custom, name, arn],
        provider: 'imported',
        created: seconds(model.creationTime),
        input: ['TEXT'],
        output: ['TEXT'],
        streaming: true,
        imported: {
          arn,
          name,
          architecture: model.modelArchitecture,
          createdAt: model.creationTime?.getTime(),
          instructSupported: model.instructSupported === true,
        },
      },
    ];
  });
}

/** A custom model is called by its deployment. Without one it cannot be called and is not here. */
function deploymentRows(region: string, from: RegionListings): Row[] {
  const models = new Map((from.customModels ?? []).map((model) => [model.modelArn, model]));
  return (from.deployments ?? []).flatMap((deployment): Row[] => {
    const { customModelDeploymentArn: arn, customModelDeploymentName: name, modelArn } = deployment;
    if (!arn || !name || !modelArn) return [];
    const model = models.get(modelArn);
    const custom = `custom.${lastPart(modelArn)}`;
    return [
      {
        ...callable('custom', `${model?.modelName ?? name}-id:${custom}`, region, arn, deployment.status),
        name,
        names: [custom, name, ...(model?.modelName ? [model.modelName] : []), modelArn, arn],
        underlying: baseModelId(model?.baseModelArn ?? modelArn),
        created: seconds(deployment.createdAt),
      },
    ];
  });
}

function provisionedRows(region: string, from: RegionListings): Row[] {
  return (from.provisionedModels ?? []).flatMap((model): Row[] => {
    const { provisionedModelArn: arn, provisionedModelName: name, modelArn } = model;
    if (!arn || !name) return [];
    const isCustom = parseArn(modelArn ?? '')?.resource === 'custom-model';
    return [
      {
        ...callable('provisioned', name, region, arn, model.status),
        names: [name, arn, ...(isCustom && modelArn ? [`custom.${lastPart(modelArn)}`, modelArn] : [])],
        underlying: model.foundationModelArn && baseModelId(model.foundationModelArn),
        created: seconds(model.creationTime),
      },
    ];
  });
}

function routerRows(region: string, from: RegionListings): Row[] {
  return (from.promptRouters ?? []).flatMap((router): Row[] => {
    const { promptRouterArn: arn, promptRouterName: name } = router;
    if (!arn || !name) return [];
    const model = router.fallbackModel?.modelArn ?? router.models?.[0]?.modelArn;
    return [
      {
        ...callable('router', name, region, arn, router.status),
        names: [name, arn],
        underlying: model && baseModelId(model),
        created: seconds(router.createdAt),
      },
    ];
  });
}

function marketplaceRows(region: string, from: RegionListings): Row[] {
  return (from.marketplaceEndpoints ?? []).flatMap((endpoint): Row[] => {
    const { endpointArn: arn } = endpoint;
    if (!arn) return [];
    const name = lastPart(arn);
    return [
      {
        ...callable('marketplace', name, region, arn, endpoint.status),
        names: [name, arn],
        provider: 'marketplace',
        input: ['TEXT'],
        output: ['TEXT'],
        created: seconds(endpoint.createdAt),
      },
    ];
  });
}
