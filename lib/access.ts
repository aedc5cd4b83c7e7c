import { Fn, type Stack, Token } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { listings } from '../lambda/bedrock/control-plane.ts';
import { describeActions } from '../lambda/bedrock/describe.ts';
import type { Reach } from './settings/reach.ts';

/**
 * What the function may do, resource types and conditions by
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html. Where the settings
 * name regions or a residency, it may call nothing beyond them. Where they name neither, regions are `*`: an ARN
 * that a client sends, and a cross-region profile, name regions of their own.
 */
export function bedrockAccess(stack: Stack, reach: Reach): PolicyStatement[] {
  const where = placesOf(stack, reach);
  return [
    invokeModels(where, reach),
    ...invokeThroughProfiles(where),
    ...callRareModels(where, reach),
    countTokens(where),
    marketplaceEndpoints(where),
    prompts(where),
    guardrails(where),
    listsAndChecks(where),
    ...describe(where),
  ];
}

/** DetectPiiEntities knows no resources (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncomprehend.html). */
export const comprehendAccess = (): PolicyStatement =>
  allow('FindPersonalData', ['comprehend:DetectPiiEntities'], ['*']);

/** The regions of ARNs: each `*`, a region, a pattern, or '' for the global profiles' models. */
interface Places {
  stack: Stack;
  /** Where requests are sent to. */
  sources: readonly string[];
  /** Where inference profiles may route them. */
  destinations: readonly string[];
  /** The geographies of the sources, which guardrails with cross-region inference use. */
  geographies: readonly string[];
  isBounded: boolean;
}

function placesOf(stack: Stack, { regions, residency }: Reach): Places {
  if (regions.length === 0 && residency === 'global') {
    const all = ['*'];
    return { stack, sources: all, destinations: ['*', ''], geographies: all, isBounded: false };
  }
  const sources = regions.length > 0 ? regions : [stack.region];
  const patterns = [...new Set(sources.map(geographyPattern))];
  const destinations = { region: sources, geography: patterns, global: ['*', ''] }[residency];
  const geographies = residency === 'region' ? sources : patterns;
  return { stack, sources, destinations, geographies, isBounded: true };
}

/**
 * `us.` profiles route within the US regions, `eu.` ones within the European, and `apac.`, `jp.`, `au.` and `in.`
 * ones within those of Asia and the Pacific: a geography is what regions' names begin with.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
function geographyPattern(region: string): string {
  const start = Token.isUnresolved(region) ? Fn.select(0, Fn.split('-', region)) : region.split('-')[0];
  return `${start}-*`;
}

export const allow = (
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: Record<string, unknown>,
) => new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources, conditions });

/** Everything of a kind that the account has, in each of these regions. */
const ofAccount = (stack: Stack, regions: readonly string[], resource: string, service = 'bedrock') =>
  regions.map((region) => stack.formatArn({ service, region, resource, resourceName: '*' }));

/** Regions are `''` where global inference profiles call models without one. */
const foundationModels = (stack: Stack, regions: readonly string[]) =>
  regions.map((region) =>
    stack.formatArn({
      service: 'bedrock',
      region,
      account: '',
      resource: 'foundation-model',
      resourceName: '*',
    }),
  );

const invoke = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const invocable = [
  'inference-profile',
  'application-inference-profile',
  'imported-model',
  'custom-model-deployment',
  'provisioned-model',
  'prompt-router',
  'default-prompt-router',
];

/** Converse and ConverseStream are authorised as InvokeModel and InvokeModelWithResponseStream. */
function invokeModels(
  { stack, sources, destinations, isBounded }: Places,
  { nativeOpenAi }: Reach,
): PolicyStatement {
  return allow('InvokeModels', invoke, [
    ...foundationModels(stack, isBounded ? sources : destinations),
    ...invocable.flatMap((resource) => ofAccount(stack, sources, resource)),
    // One pseudo-resource stands for all Marketplace endpoints.
    ...sources.map((region) =>
      stack.formatArn({
        service: 'bedrock',
        region,
        resource: 'marketplace',
        resourceName: 'model-endpoint/all-access',
      }),
    ),
    ...(nativeOpenAi ? [defaultProject(stack)] : []),
  ]);
}

/**
 * A request through an inference profile is authorised for the model in every region that the profile routes to,
 * and for a global one without a region
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html): so these are open,
 * for what comes through a profile of the regions that may be called, and for nothing else.
 */
function invokeThroughProfiles({ stack, sources, destinations, isBounded }: Places): PolicyStatement[] {
  if (!isBounded || destinations === sources) return [];
  const profiles = ofAccount(stack, sources, '*inference-profile');
  return [
    allow('InvokeModelsThroughProfiles', invoke, foundationModels(stack, destinations), {
      ArnLike: { 'bedrock:InferenceProfileArn': profiles },
    }),
  ];
}

/**
 * OpenAI's Responses on the runtime is authorised for the model, whose regions are bounded, and for the project that the
 * response belongs to; other projects than the account's default one it does not know
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html). Without this, models that speak it are called
 * by Converse. No statement of its own, because the policy of a role is bounded.
 */
const defaultProject = (stack: Stack): string =>
  stack.formatArn({ service: 'bedrock', region: '*', resource: 'project', resourceName: 'default' });

/**
 * bedrock-mantle's own actions, on the projects of the account: a request without a project belongs to the default one
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html).
 */
export function mantleAccess(stack: Stack, reach: Reach): PolicyStatement {
  return allow(
    'InferOnMantle',
    ['bedrock-mantle:CreateInference'],
    ofAccount(stack, placesOf(stack, reach).sources, 'project', 'bedrock-mantle'),
  );
}

/**
 * Models that rank and models that draw are in few regions, and most have no inference profile, so a request travels to
 * one of these itself, as far as it may where no region is named (`lambda/engine/model-places.ts`).
 */
function callRareModels(
  { stack, sources, destinations, isBounded }: Places,
  reach: Reach,
): PolicyStatement[] {
  if (!isBounded || destinations === sources || reach.regions.length > 0) return [];
  const models = ['*.rerank-*', 'stability.*'].flatMap((resourceName) =>
    destinations.map((region) =>
      stack.formatArn({
        service: 'bedrock',
        region,
        account: '',
        resource: 'foundation-model',
        resourceName,
      }),
    ),
  );
  return [allow('CallRareModels', ['bedrock:InvokeModel'], models)];
}

/** CountTokens knows foundation models alone, and counts in the region that is asked: it runs none. */
function countTokens({ stack, sources }: Places): PolicyStatement {
  return allow('CountTokens', ['bedrock:CountTokens'], foundationModels(stack, sources));
}

/** As the managed policy AmazonBedrockMarketplaceAccess has it: Bedrock calls SageMaker as its caller. */
function marketplaceEndpoints({ stack, sources }: Places): PolicyStatement {
  return allow(
    'InvokeMarketplaceEndpointsThroughBedrock',
    ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
    ofAccount(stack, sources, 'endpoint', 'sagemaker'),
    {
      StringEquals: {
        'aws:CalledViaLast': 'bedrock.amazonaws.com',
        'aws:ResourceTag/sagemaker-sdk:bedrock': 'compatible',
      },
    },
  );
}

/** A prompt's ARN may stand for a model in Converse; its versions are `prompt/<id>:<version>`. */
function prompts({ stack, sources }: Places): PolicyStatement {
  return allow('RenderPrompts', ['bedrock:RenderPrompt'], ofAccount(stack, sources, 'prompt'));
}

/**
 * A guardrail with cross-region inference needs its profile in every region that this routes to:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/guardrail-profiles-permissions.html
 */
function guardrails({ stack, sources, geographies }: Places): PolicyStatement {
  return allow(
    'ApplyGuardrails',
    ['bedrock:ApplyGuardrail'],
    [...ofAccount(stack, sources, 'guardrail'), ...ofAccount(stack, geographies, 'guardrail-profile')],
  );
}

/**
 * None of the listings has resource-level permissions, and neither have the checks that moderations are made by. One
 * statement, since a role's policy is bounded.
 */
function listsAndChecks(where: Places): PolicyStatement {
  const actions = new Set(Object.values(listings).map((listing) => listing.action));
  const all = [...actions, 'bedrock:InvokeGuardrailChecks'];
  return allow('ListModelsAndCheckTexts', all, ['*'], requestedIn(where));
}

/** For questions to the control plane: shorter than every resource in every region, since a role's policy is bounded. */
const requestedIn = ({ sources, isBounded }: Places) =>
  isBounded ? { StringEquals: { 'aws:RequestedRegion': sources } } : undefined;

/** What jobs of batch inference may be made of; a job is authorised for its model where it is made. */
export function jobAccess(stack: Stack): PolicyStatement[] {
  const here = [stack.region];
  const jobs = ofAccount(stack, here, 'model-invocation-job');
  const models = [
    ...foundationModels(stack, here),
    ...ofAccount(stack, here, 'inference-profile'),
    ...ofAccount(stack, here, 'application-inference-profile'),
  ];
  return [
    allow('CreateBatchJobs', ['bedrock:CreateModelInvocationJob'], [...models, ...jobs]),
    allow(
      'FollowBatchJobs',
      ['bedrock:GetModelInvocationJob', 'bedrock:StopModelInvocationJob', 'bedrock:TagResource'],
      jobs,
    ),
  ];
}

/** What a job itself may call, which is what the function may: no further than the settings let requests travel. */
export function jobModels(stack: Stack, reach: Reach): PolicyStatement[] {
  const where = placesOf(stack, reach);
  const here = [stack.region];
  return [
    allow(
      'InvokeModels',
      ['bedrock:InvokeModel'],
      [
        ...foundationModels(stack, where.isBounded ? here : ['*', '']),
        ...ofAccount(stack, here, 'inference-profile'),
        ...ofAccount(stack, here, 'application-inference-profile'),
      ],
    ),
    ...invokeThroughProfiles({ ...where, sources: where.isBounded ? here : where.sources }),
  ];
}

/** One statement an action, so that none reaches the resources of another. */
function describe(where: Places): PolicyStatement[] {
  const types = Map.groupBy(Object.keys(describeActions), (type) => describeActions[type]!);
  return [...types].map(([action, resources]) =>
    allow(
      action.replace('bedrock:', ''),
      [action],
      resources.flatMap((resource) => ofAccount(where.stack, ['*'], resource)),
      requestedIn(where),
    ),
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

/** To count, and for the usage page and the usage API to read what was counted. */
export function limitsAccess(tableArn: string): PolicyStatement {
  return allow('CountUse', ['dynamodb:UpdateItem', 'dynamodb:GetItem', 'dynamodb:Query'], [tableArn]);
}

/** As `defaultProject`, for those that keys are billed by. */
export function projectAccess(stack: Stack, projects: readonly string[]): PolicyStatement {
  return allow(
    'InvokeModelsForProjects',
    invoke,
    projects.map((resourceName) =>
      stack.formatArn({ service: 'bedrock', region: '*', resource: 'project', resourceName }),
    ),
  );
}

/** Exactly the roles that keys may be billed by, and tags for their sessions, which alone reach the bill. */
export function assumeAccess(roleArns: readonly string[]): PolicyStatement {
  return allow('AssumeRolesOfKeys', ['sts:AssumeRole', 'sts:TagSession'], [...roleArns]);
}

/** Stored answers alone, not the counters beside them (lambda/stored-parts.ts has the partitions). */
export function storeAccess(tableArn: string): PolicyStatement {
  const actions = ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Query'];
  return allow('StoreAnswers', actions, [tableArn], {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['STORE#*'] },
  });
}

export function logAccess(logGroupArn: string): PolicyStatement {
  return allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn]);
}
