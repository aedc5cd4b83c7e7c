import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { stackFor } from './synth.ts';

const own = (service: string, resource: string) =>
  `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${service}:*:<AWS::AccountId>:${resource}]`;
const anyModel =
  'Which models are called is the client’s choice, so all of the account’s are allowed, in every region.';
const named = 'The ARN names the resource, and it comes from the client or from an answer of Bedrock.';

/** What the checks find and we keep, with the reason. */
const acknowledged: Record<string, string> = {
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:bedrock:*::foundation-model/*]': anyModel,
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:bedrock:::foundation-model/*]': anyModel,
  [own('bedrock', 'inference-profile/*')]: anyModel,
  [own('bedrock', 'application-inference-profile/*')]: anyModel,
  [own('bedrock', 'imported-model/*')]: anyModel,
  [own('bedrock', 'custom-model-deployment/*')]: anyModel,
  [own('bedrock', 'provisioned-model/*')]: anyModel,
  [own('bedrock', 'prompt-router/*')]: anyModel,
  [own('bedrock', 'default-prompt-router/*')]: anyModel,
  [own('bedrock', 'marketplace/model-endpoint/all-access')]: anyModel,
  [own('bedrock', 'project/default')]:
    'The models that are called for it are bounded to regions, where the settings are.',
  [own('sagemaker', 'endpoint/*')]:
    'Through Bedrock only, and endpoints made for Bedrock only, by condition.',
  [own('bedrock', 'prompt/*')]: named,
  [own('bedrock', 'guardrail/*')]: named,
  [own('bedrock', 'guardrail-profile/*')]: 'A cross-region guardrail runs in any region of its profile.',
  'AwsSolutions-IAM5[Resource::*]': 'Listings have no resource-level permissions.',
  'AwsSolutions-SMG4':
    'Clients hold the key, so its rotation is the operator’s to time; the previous one stays valid for a day.',
  'Serverless-LambdaStarPermissions': 'The wildcards above.',
  'Serverless-LambdaDLQ': 'A function URL invokes synchronously: no event is ever retried or dropped.',
  'Serverless-LambdaTracing': 'X-Ray costs money and cold-start time: the setting `tracing` switches it on.',
};

const here = (resource: string) =>
  `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:bedrock:<AWS::Region>:${resource}]`;
const jobModel = 'The model of a job is the client’s choice.';
const part =
  'A part of the one bucket that there is for it; what is below it has names that are made as it comes.';

/** The same for files and batches. */
const ofBatches: Record<string, string> = {
  'AwsSolutions-IAM5[Resource::<Bucket>/files/*]': part,
  'AwsSolutions-IAM5[Resource::<Bucket>/batches/*]': part,
  'AwsSolutions-IAM5[Resource::<Bucket>/batches/*/in/*]': part,
  'AwsSolutions-IAM5[Resource::<Bucket>/batches/*/out/*]': part,
  [here(':foundation-model/*')]: jobModel,
  [here('<AWS::AccountId>:inference-profile/*')]: jobModel,
  [here('<AWS::AccountId>:application-inference-profile/*')]: jobModel,
  [here('<AWS::AccountId>:model-invocation-job/*')]: 'Bedrock gives a job its id.',
  'AwsSolutions-S1': 'Every call of the gateway is in its log; S3’s own access log would be a second bucket.',
};

interface Report {
  pluginReports: { violations: { ruleName: string }[] }[];
}

function check(reasons: Record<string, string>, settings: Record<string, unknown> = {}) {
  const { app, stack } = stackFor({ allowedOrigins: ['*'], limits: true, store: true, ...settings });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  for (const [id, reason] of Object.entries(reasons)) Validations.of(stack).acknowledge({ id, reason });
  const synth = () => app.synth();
  const found = () => {
    const report: Report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
    return new Set(report.pluginReports.flatMap(({ violations }) => violations.map((v) => v.ruleName)));
  };
  return { synth, found };
}

describe('cdk-nag', () => {
  it('finds what is acknowledged, and nothing else', () => {
    const { synth, found } = check({});
    expect(synth).toThrow();
    expect([...found()].sort()).toEqual(Object.keys(acknowledged).sort());
  });

  it('is content with that', () => {
    const { synth, found } = check(acknowledged);
    synth();
    expect(found()).toEqual(new Set());
  });

  it('finds in files and batches what is acknowledged, and is content with that', () => {
    const first = check({}, { batches: true });
    expect(first.synth).toThrow();
    const plain = (name: string) => name.replace(/BatchesBucket\w+\.Arn/, 'Bucket');
    const all: Record<string, string> = { ...acknowledged, ...ofBatches };
    const found = [...first.found()];
    expect(found.map(plain).sort()).toEqual(Object.keys(all).sort());
    const { synth } = check(Object.fromEntries(found.map((name) => [name, all[plain(name)]!])), {
      batches: true,
    });
    synth();
  });
});
