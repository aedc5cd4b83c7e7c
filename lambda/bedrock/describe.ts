import type { BedrockClient } from '@aws-sdk/client-bedrock';

/** What the control plane says about an ARN that does not name its model. */
export interface Description {
  /** ARN or id of the model behind it. */
  underlying?: string;
  /** `createdAt` in epoch milliseconds. */
  imported?: { name?: string; architecture?: string; createdAt?: number; instructSupported: boolean };
}

/** `resource`: the ARN's resource type. Undefined where the control plane has no such question. */
export type Describe = (arn: string, resource: string, region: string) => Promise<Description | undefined>;

/** The IAM action that answers for each resource type. */
export const describeActions: Readonly<Record<string, string>> = {
  'application-inference-profile': 'bedrock:GetInferenceProfile',
  'imported-model': 'bedrock:GetImportedModel',
  'provisioned-model': 'bedrock:GetProvisionedModelThroughput',
  'custom-model-deployment': 'bedrock:GetCustomModelDeployment',
  'prompt-router': 'bedrock:GetPromptRouter',
  'default-prompt-router': 'bedrock:GetPromptRouter',
};

type Ask = (client: BedrockClient, arn: string) => Promise<Description>;

const profile: Ask = async (client, inferenceProfileIdentifier) => {
  const { GetInferenceProfileCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }));
  return { underlying: answer.models?.[0]?.modelArn };
};

const importedModel: Ask = async (client, modelIdentifier) => {
  const { GetImportedModelCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetImportedModelCommand({ modelIdentifier }));
  return {
    imported: {
      name: answer.modelName,
      architecture: answer.modelArchitecture,
      createdAt: answer.creationTime?.getTime(),
      instructSupported: answer.instructSupported === true,
    },
  };
};

const provisionedModel: Ask = async (client, provisionedModelId) => {
  const { GetProvisionedModelThroughputCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetProvisionedModelThroughputCommand({ provisionedModelId }));
  return { underlying: answer.foundationModelArn };
};

/** A deployment names its custom model, whose ARN has the base model in the middle. */
const deployment: Ask = async (client, customModelDeploymentIdentifier) => {
  const { GetCustomModelDeploymentCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetCustomModelDeploymentCommand({ customModelDeploymentIdentifier }));
  return { underlying: answer.modelArn };
};

/** A router answers with any of its models; its fallback is the one it starts from. */
const promptRouter: Ask = async (client, promptRouterArn) => {
  const { GetPromptRouterCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetPromptRouterCommand({ promptRouterArn }));
  return { underlying: answer.fallbackModel?.modelArn ?? answer.models?.[0]?.modelArn };
};

const asks: Readonly<Record<string, Ask>> = {
  'application-inference-profile': profile,
  'imported-model': importedModel,
  'provisioned-model': provisionedModel,
  'custom-model-deployment': deployment,
  'prompt-router': promptRouter,
  'default-prompt-router': promptRouter,
};

export function describeWith(client: (region: string) => Promise<BedrockClient>): Describe {
  return async (arn, resource, region) => asks[resource]?.(await client(region), arn);
}
