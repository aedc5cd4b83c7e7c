import { describe, expect, it } from 'vitest';
import { asText, functionStatements, templateFor } from './synth.ts';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

type Entry = [effect: string, actions: string[], resources: unknown[], condition?: unknown];

/** The CDK sorts actions and resources; the tables here are in an order for people. */
function sorted(policy: Record<string, Entry>): Record<string, Entry> {
  const entries = Object.entries(policy).map(([sid, [effect, actions, resources, ...condition]]) => [
    sid,
    [effect, actions.toSorted(), resources.toSorted(), ...condition],
  ]);
  return Object.fromEntries(entries);
}

function policyOf(gateway: Record<string, unknown> = {}) {
  const { own, added } = functionStatements<Statement>(gateway);
  const entries = [...own, ...added].map(({ Sid, Effect, Action, Resource, Condition }) => [
    Sid,
    [Effect, [Action].flat(), [Resource].flat().map(asText), ...(Condition ? [Condition] : [])],
  ]);
  return sorted(Object.fromEntries(entries));
}

const partition = `arn:\${AWS::Partition}`;
const account = (resource: string, service = 'bedrock') =>
  `${partition}:${service}:*:\${AWS::AccountId}:${resource}`;

const bedrock: Record<string, Entry> = {
  InvokeModels: [
    'Allow',
    ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    [
      `${partition}:bedrock:*::foundation-model/*`,
      `${partition}:bedrock:::foundation-model/*`,
      account('inference-profile/*'),
      account('application-inference-profile/*'),
      account('imported-model/*'),
      account('custom-model-deployment/*'),
      account('provisioned-model/*'),
      account('prompt-router/*'),
      account('default-prompt-router/*'),
      account('marketplace/model-endpoint/all-access'),
      account('project/default'),
    ],
  ],
  InvokeMarketplaceEndpointsThroughBedrock: [
    'Allow',
    ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
    [account('endpoint/*', 'sagemaker')],
    {
      StringEquals: {
        'aws:CalledViaLast': 'bedrock.amazonaws.com',
        'aws:ResourceTag/sagemaker-sdk:bedrock': 'compatible',
      },
    },
  ],
  CountTokens: ['Allow', ['bedrock:CountTokens'], [`${partition}:bedrock:*::foundation-model/*`]],
  RenderPrompts: ['Allow', ['bedrock:RenderPrompt'], [account('prompt/*')]],
  ApplyGuardrails: [
    'Allow',
    ['bedrock:ApplyGuardrail'],
    [account('guardrail/*'), account('guardrail-profile/*')],
  ],
  ListModelsAndCheckTexts: [
    'Allow',
    [
      'bedrock:ListFoundationModels',
      'bedrock:ListInferenceProfiles',
      'bedrock:ListImportedModels',
      'bedrock:ListCustomModels',
      'bedrock:ListCustomModelDeployments',
      'bedrock:ListProvisionedModelThroughputs',
      'bedrock:ListPromptRouters',
      'bedrock:ListMarketplaceModelEndpoints',
      'bedrock:InvokeGuardrailChecks',
    ],
    ['*'],
  ],
  GetInferenceProfile: [
    'Allow',
    ['bedrock:GetInferenceProfile'],
    [account('application-inference-profile/*')],
  ],
  GetImportedModel: ['Allow', ['bedrock:GetImportedModel'], [account('imported-model/*')]],
  GetProvisionedModelThroughput: [
    'Allow',
    ['bedrock:GetProvisionedModelThroughput'],
    [account('provisioned-model/*')],
  ],
  GetCustomModelDeployment: [
    'Allow',
    ['bedrock:GetCustomModelDeployment'],
    [account('custom-model-deployment/*')],
  ],
  GetPromptRouter: [
    'Allow',
    ['bedrock:GetPromptRouter'],
    [account('prompt-router/*'), account('default-prompt-router/*')],
  ],
};
const log: Entry = [
  'Allow',
  ['logs:CreateLogStream', 'logs:PutLogEvents'],
  [expect.stringMatching(/^\$\{GatewayLogGroup\w+\.Arn\}$/)],
];

describe('the role of the function', () => {
  it('may do this and nothing else', () => {
    expect(policyOf()).toEqual(
      sorted({
        ...bedrock,
        ReadApiKey: [
          'Allow',
          ['secretsmanager:GetSecretValue'],
          [expect.stringMatching(/^\$\{ApiKeySecret\w+\}$/)],
        ],
        WriteLog: log,
      }),
    );
  });

  it('may not use the paths of OpenAI’s APIs where they are switched off', () => {
    const { InvokeModels: allowed } = policyOf();
    const { InvokeModels: without } = policyOf({ nativeOpenAi: false });
    expect(allowed?.[2].filter((arn) => !without?.[2].includes(arn))).toEqual([account('project/default')]);
  });

  it('may use bedrock-mantle where that is switched on, and does not know it otherwise', () => {
    expect(policyOf()).not.toHaveProperty('InferOnMantle');
    const { InferOnMantle: statement, ...others } = policyOf({ mantle: true });
    expect(statement).toEqual([
      'Allow',
      ['bedrock-mantle:CreateInference'],
      [account('project/*').replace(':bedrock:', ':bedrock-mantle:')],
    ]);
    expect(others).toEqual(policyOf());
    const bounded = policyOf({ mantle: true, regions: ['eu-central-1'] }).InferOnMantle?.[2];
    expect(bounded).toEqual([expect.stringContaining(':bedrock-mantle:eu-central-1:')]);
  });

  const apiKeySecretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/key-a1B2c3';

  it('reads only the secret that is given', () => {
    expect(policyOf({ apiKeySecretArn })).toEqual(
      sorted({
        ...bedrock,
        ReadApiKey: ['Allow', ['secretsmanager:GetSecretValue'], [apiKeySecretArn]],
        WriteLog: log,
      }),
    );
  });

  it('decrypts with that secret’s own key, for Secrets Manager only', () => {
    const apiKeySecretKmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0f0f-1';
    expect(policyOf({ apiKeySecretArn, apiKeySecretKmsKeyArn })).toEqual(
      sorted({
        ...bedrock,
        ReadApiKey: ['Allow', ['secretsmanager:GetSecretValue'], [apiKeySecretArn]],
        DecryptApiKey: [
          'Allow',
          ['kms:Decrypt'],
          [apiKeySecretKmsKeyArn],
          { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
        ],
        WriteLog: log,
      }),
    );
  });

  it('is for Lambda', () => {
    templateFor().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
        Version: '2012-10-17',
      },
    });
  });

  it('has no second policy, except for what settings add and for X-Ray where that is on', () => {
    const [role, ...others] = Object.values(templateFor().findResources('AWS::IAM::Role'));
    expect(others).toEqual([]);
    expect(role?.Properties.Policies).toHaveLength(1);
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
    templateFor().resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    templateFor().resourceCountIs('AWS::IAM::Policy', 0);
    templateFor({ tracing: true }).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
            Effect: 'Allow',
            Resource: '*',
          },
        ],
        Version: '2012-10-17',
      },
    });
  });
});
