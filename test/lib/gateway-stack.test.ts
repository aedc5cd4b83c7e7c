import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { asText, templateFor } from './synth.ts';

const apiKeySecretArn = 'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:key-a1B2c3';

function outputs(gateway: Record<string, unknown> = {}) {
  const found = Object.entries(templateFor(gateway).findOutputs('*'));
  return Object.fromEntries(found.map(([name, { Value }]) => [name, asText(Value)]));
}

describe('the template', () => {
  it('is the golden one', async () => {
    const template = structuredClone(templateFor().toJSON());
    for (const { Type, Properties } of Object.values<{ Type: string; Properties: Record<string, unknown> }>(
      template.Resources,
    )) {
      if (Type === 'AWS::Lambda::Function') Properties.Code = 'the bundle';
    }
    const text = `${JSON.stringify(template, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../golden/lib/template.json');
  });
});

describe('the function', () => {
  it('runs on Node 24 on arm64 for up to 15 minutes, without X-Ray', () => {
    templateFor().hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1024,
      Timeout: 900,
      TracingConfig: Match.absent(),
      ReservedConcurrentExecutions: Match.absent(),
      Environment: { Variables: { API_KEY_SECRET_ARN: { Ref: Match.stringLikeRegexp('^ApiKeySecret') } } },
    });
  });

  it('takes its size from the settings', () => {
    const settings = { memorySize: 512, timeoutSeconds: 60, reservedConcurrency: 0, tracing: true };
    templateFor(settings).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 512,
      Timeout: 60,
      ReservedConcurrentExecutions: 0,
      TracingConfig: { Mode: 'Active' },
    });
  });

  it('gets what is set, and only that, in its environment', () => {
    const settings = {
      apiKeySecretArn,
      defaultModel: 'amazon.nova-lite-v1:0',
      regions: ['us-east-1', 'us-west-2'],
      crossRegionInference: false,
      heartbeatSeconds: 20,
      aliases: { 'gpt-4o*': 'global.anthropic.claude-sonnet-5' },
      fallbacks: { default: ['amazon.nova-lite-v1:0'], onContentFilter: true },
      profileMappings: {},
      allowedOrigins: ['*'],
    };
    const functions = Object.values(templateFor(settings).findResources('AWS::Lambda::Function'));
    expect(functions[0]?.Properties.Environment.Variables).toEqual({
      API_KEY_SECRET_ARN: apiKeySecretArn,
      DEFAULT_MODEL: 'amazon.nova-lite-v1:0',
      GATEWAY_REGIONS: 'us-east-1,us-west-2',
      ENABLE_CROSS_REGION_INFERENCE: 'false',
      HEARTBEAT_SECONDS: '20',
      MODEL_ALIASES: '{"gpt-4o*":"global.anthropic.claude-sonnet-5"}',
      FALLBACKS: '{"default":["amazon.nova-lite-v1:0"],"onContentFilter":true}',
      BEDROCK_INFERENCE_PROFILE_MAPPINGS: '{}',
      METRICS_NAMESPACE: 'BedrockGateway',
    });
  });

  it('logs to its own group, kept for as long as the settings say', () => {
    const template = templateFor({ logRetentionDays: 7 });
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 7 },
      DeletionPolicy: 'Delete',
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^GatewayLogGroup') } },
    });
    templateFor().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});

describe('the URL', () => {
  it('streams, and leaves authentication to the gateway', () => {
    templateFor().hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'NONE',
      InvokeMode: 'RESPONSE_STREAM',
      Cors: Match.absent(),
    });
  });

  // Both are needed since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
  it('may be called by anyone, and the function only through it', () => {
    const permissions = Object.values(templateFor().findResources('AWS::Lambda::Permission'));
    const target = { 'Fn::GetAtt': [expect.stringMatching(/^GatewayFunction/), 'Arn'] };
    expect(permissions.map((permission) => permission.Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunctionUrl',
        FunctionName: target,
        FunctionUrlAuthType: 'NONE',
        Principal: '*',
      },
      { Action: 'lambda:InvokeFunction', FunctionName: target, InvokedViaFunctionUrl: true, Principal: '*' },
    ]);
  });

  it.each([[['*']], [['https://app.example.com', 'http://localhost:5173']]])(
    'answers for CORS from %j',
    (allowedOrigins) => {
      templateFor({ allowedOrigins }).hasResourceProperties('AWS::Lambda::Url', {
        Cors: {
          AllowOrigins: allowedOrigins,
          AllowMethods: ['*'],
          AllowHeaders: ['*', 'authorization'],
          AllowCredentials: Match.absent(),
          ExposeHeaders: [
            'x-request-id',
            'request-id',
            'retry-after',
            'retry-after-ms',
            'x-should-retry',
            'x-gateway-model',
            'x-gateway-attempts',
            'x-gateway-ignored',
            'x-gateway-warnings',
            'x-gateway-optimisation',
            'x-gateway-cost-usd',
            'x-gateway-budget-remaining-usd',
            'x-ratelimit-limit-requests',
            'x-ratelimit-remaining-requests',
            'x-ratelimit-reset-requests',
            'x-ratelimit-limit-tokens',
            'x-ratelimit-remaining-tokens',
            'x-ratelimit-reset-tokens',
            'anthropic-ratelimit-requests-limit',
            'anthropic-ratelimit-requests-remaining',
            'anthropic-ratelimit-requests-reset',
            'anthropic-ratelimit-tokens-limit',
            'anthropic-ratelimit-tokens-remaining',
            'anthropic-ratelimit-tokens-reset',
            'anthropic-ratelimit-input-tokens-limit',
            'anthropic-ratelimit-input-tokens-remaining',
            'anthropic-ratelimit-input-tokens-reset',
            'anthropic-ratelimit-output-tokens-limit',
            'anthropic-ratelimit-output-tokens-remaining',
            'anthropic-ratelimit-output-tokens-reset',
          ],
          MaxAge: 86_400,
        },
      });
    },
  );
});

describe('the API key', () => {
  it('is generated, and outlives the stack', () => {
    templateFor().hasResource('AWS::SecretsManager::Secret', {
      Properties: { GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true } },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('can be in a secret that exists', () => {
    const template = templateFor({ apiKeySecretArn });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { API_KEY_SECRET_ARN: apiKeySecretArn } },
    });
  });
});

describe('the outputs', () => {
  it('are ready to paste', () => {
    const secret = expect.stringMatching(/^\$\{ApiKeySecret\w+\}$/);
    expect(outputs()).toEqual({
      // A function URL ends with a slash.
      BaseUrl: expect.stringMatching(/^\$\{GatewayFunction\w+\.FunctionUrl\}v1$/),
      ApiKeySecretArn: secret,
      ApiKeyCommand: expect.stringMatching(
        /^aws secretsmanager get-secret-value --region \$\{AWS::Region\} --secret-id \$\{ApiKeySecret\w+\} --query SecretString --output text \| tr .* \| sed -E '.*'$/,
      ),
    });
  });

  it('look for a given secret in its own region', () => {
    const { ApiKeySecretArn, ApiKeyCommand } = outputs({ apiKeySecretArn });
    expect(ApiKeySecretArn).toBe(apiKeySecretArn);
    expect(ApiKeyCommand).toContain(`--region us-gov-west-1 --secret-id ${apiKeySecretArn} `);
  });
});
