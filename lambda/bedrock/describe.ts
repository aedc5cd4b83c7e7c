import type { BedrockClient } from '@aws-sdk/client-bedrock';
import { bounded } from './bounded.ts';

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

type Ask = (
  client: BedrockClient,
  arn: string,
  options: { abortSignal: AbortSignal },
) => Promise<Description>;

const profile: Ask = async (client, inferenceProfileIdentifier, options) => {
  const { GetInferenceProfileCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }), options);
  return { underlying: answer.models?.[0]?.modelArn };
};

const importedModel: Ask = async (client, modelIdentifier, options) => {
  const { GetImportedModelCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetImportedModelCommand({ modelIdentifier }), options);
  return {
    imported: {
      name: answer.modelName,
      architecture: answer.modelArchitecture,
      createdAt: answer.creationTime?.getTime(),
      instructSupported: answer.instructSupported === true,
    },
  };
};

const provisionedModel: Ask = async (client, provisionedModelId, options) => {
  const { GetProvisionedModelThroughputCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetProvisionedModelThroughputCommand({ provisionedModelId }), options);
  return { underlying: answer.foundationModelArn };
};

/** A deployment names its custom model, whose ARN has the base model in the middle. */
const deployment: Ask = async (client, customModelDeploymentIdentifier, options) => {
  const { GetCustomModelDeploymentCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(
    new GetCustomModelDeploymentCommand({ customModelDeploymentIdentifier }),
    options,
  );
  return { underlying: answer.modelArn };
};

/** A router answers with any of its models; its fallback is the one it starts from. */
const promptRouter: Ask = async (client, promptRouterArn, options) => {
  const { GetPromptRouterCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetPromptRouterCommand({ promptRouterArn }), options);
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

/** Milliseconds: a chat waits for the answer, and goes on without it (`models/resolve/hidden.ts`). */
const describeMs = 2500;

/** Each question is given 2.5 s; then it rejects with a TimeoutError. */
export function describeWith(client: (region: string) => Promise<BedrockClient>): Describe {
  return async (arn, resource, region) => {
    const ask = asks[resource];
    return ask && bounded(describeMs, async (abortSignal) => ask(await client(region), arn, { abortSignal }));
  };
}
