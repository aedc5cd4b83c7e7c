import type { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { listings } from '../lambda/bedrock/control-plane.ts';
import { describeActions } from '../lambda/bedrock/describe.ts';

/**
 * What the function may do, resource types and conditions by
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html. Regions are `*`
 * throughout: an ARN that a client sends, and a cross-region profile, name regions of their own.
 */
export function bedrockAccess(stack: Stack): PolicyStatement[] {
  return [
    invokeModels(stack),
    marketplaceEndpoints(stack),
    prompts(stack),
    guardrails(stack),
    lists(),
    ...describe(stack),
  ];
}

const allow = (sid: string, actions: string[], resources: string[], conditions?: Record<string, unknown>) =>
  new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources, conditions });

const ofAccount = (stack: Stack, service: string) => (resource: string) =>
  stack.formatArn({ service, region: '*', resource, resourceName: '*' });

/** Converse and ConverseStream are authorised as InvokeModel and InvokeModelWithResponseStream. */
function invokeModels(stack: Stack): PolicyStatement {
  const foundationModels = (region: string) =>
    stack.formatArn({
      service: 'bedrock',
      region,
      account: '',
      resource: 'foundation-model',
      resourceName: '*',
    });
  const types = [
    'inference-profile',
    'application-inference-profile',
    'imported-model',
    'custom-model-deployment',
    'provisioned-model',
    'prompt-router',
    'default-prompt-router',
  ];
  return allow(
    'InvokeModels',
    ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    [
      foundationModels('*'),
      // Global inference profiles call models without a region:
      // https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
      foundationModels(''),
      ...types.map(ofAccount(stack, 'bedrock')),
      // One pseudo-resource stands for all Marketplace endpoints.
      stack.formatArn({
        service: 'bedrock',
        region: '*',
        resource: 'marketplace',
        resourceName: 'model-endpoint/all-access',
      }),
    ],
  );
}

/** As the managed policy AmazonBedrockMarketplaceAccess has it: Bedrock calls SageMaker as its caller. */
function marketplaceEndpoints(stack: Stack): PolicyStatement {
  return allow(
    'InvokeMarketplaceEndpointsThroughBedrock',
    ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
    [ofAccount(stack, 'sagemaker')('endpoint')],
    {
      StringEquals: {
        'aws:CalledViaLast': 'bedrock.amazonaws.com',
        'aws:ResourceTag/sagemaker-sdk:bedrock': 'compatible',
      },
    },
  );
}

/** A prompt's ARN may stand for a model in Converse; its versions are `prompt/<id>:<version>`. */
function prompts(stack: Stack): PolicyStatement {
  return allow('RenderPrompts', ['bedrock:RenderPrompt'], [ofAccount(stack, 'bedrock')('prompt')]);
}

/** Profiles: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrail-profiles-permissions.html */
function guardrails(stack: Stack): PolicyStatement {
  const resources = ['guardrail', 'guardrail-profile'].map(ofAccount(stack, 'bedrock'));
  return allow('ApplyGuardrails', ['bedrock:ApplyGuardrail'], resources);
}

/** None of the listings has resource-level permissions. */
function lists(): PolicyStatement {
  const actions = new Set(Object.values(listings).map((listing) => listing.action));
  return allow('ListModels', [...actions], ['*']);
}

/** One statement an action, so that none reaches the resources of another. */
function describe(stack: Stack): PolicyStatement[] {
  const types = Map.groupBy(Object.keys(describeActions), (type) => describeActions[type]!);
  return [...types].map(([action, resources]) =>
    allow(action.replace('bedrock:', ''), [action], resources.map(ofAccount(stack, 'bedrock'))),
  );
}

export function secretAccess(secretArn: string): PolicyStatement {
  return allow('ReadApiKey', ['secretsmanager:GetSecretValue'], [secretArn]);
}

/** For a secret that is encrypted with a customer managed key: that key, for Secrets Manager's use only. */
export function secretKeyAccess(kmsKeyArn: string): PolicyStatement {
  const region = kmsKeyArn.split(':')[3];
  return allow('DecryptApiKey', ['kms:Decrypt'], [kmsKeyArn], {
    StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` },
  });
}

export function logAccess(logGroupArn: string): PolicyStatement {
  return allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn]);
}
