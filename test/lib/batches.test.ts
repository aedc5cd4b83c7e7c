import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { settings } from '../../lambda/settings/table.ts';
import { readSettings, SettingsError } from '../../lib/settings.ts';
import { asText, templateFor } from './synth.ts';

const withBatches = { batches: true };
const template = () => templateFor(withBatches);

// The first synthesis of a process takes long.
beforeAll(() => void templateFor());

interface Statement {
  Sid?: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const byName = (statements: Statement[]) =>
  Object.fromEntries(
    statements.map(({ Sid, Action, Resource, Condition }) => [
      Sid,
      {
        actions: [Action].flat().toSorted(),
        resources: [Resource].flat().map(asText).toSorted(),
        ...(Condition ? { if: Condition } : {}),
      },
    ]),
  );

function serviceRole(gateway: object = withBatches) {
  const roles = Object.values(
    templateFor(gateway as Record<string, unknown>).findResources('AWS::IAM::Role'),
  );
  const found = roles.find(({ Properties }) =>
    JSON.stringify(Properties.AssumeRolePolicyDocument).includes('"bedrock.amazonaws.com"'),
  );
  return found!.Properties;
}

function functionPolicy(gateway: object = withBatches) {
  const policies = Object.values(
    templateFor(gateway as Record<string, unknown>).findResources('AWS::IAM::ManagedPolicy'),
  );
  expect(policies).toHaveLength(1);
  return byName(policies[0]!.Properties.PolicyDocument.Statement);
}

const bucket = expect.stringMatching(/^\$\{BatchesBucket\w+\.Arn\}$/);
const inBucket = (path: string) =>
  expect.stringMatching(new RegExp(`^\\$\\{BatchesBucket\\w+\\.Arn\\}/${path.replaceAll('*', '\\*')}$`));
/** As `asText` writes what is known when the stack is deployed. */
const partition = `arn:\${AWS::Partition}`;
const region = `\${AWS::Region}`;
const here = `${partition}:bedrock:${region}:\${AWS::AccountId}`;

/** And not through Bedrock, which would read for one client what another has sent. */
const byItself = { Bool: { 'aws:ViaAWSService': 'false' } };

describe('without the setting', () => {
  it('there is no bucket, no second role, and no variable', () => {
    const plain = templateFor();
    plain.resourceCountIs('AWS::S3::Bucket', 0);
    plain.resourceCountIs('AWS::IAM::Role', 1);
    plain.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    expect(JSON.stringify(plain.toJSON())).not.toMatch(/BATCHES|ModelInvocationJob/);
  });

  it.each([
    [{ batchRetentionDays: 7 }, /batchRetentionDays is set without gateway.batches/],
    [{ batchInputs: ['a-bucket/b/'] }, /batchInputs is set without gateway.batches/],
    [{ batches: true, batchInputs: ['a-bucket'] }, /must be a list of buckets and prefixes/],
    [{ batches: true, batchInputs: ['a-bucket/*'] }, /must be a list of buckets and prefixes/],
    [{ batches: 'yes' }, /must be true or false/],
    [{ batches: true, batchRetentionDays: 1 }, /from 2 to 365/],
    [
      { batches: true, batchInputs: Array.from({ length: 150 }, (_, i) => `a-bucket/${i + 100}/`) },
      /batchInputs makes 5\d\d\d characters of a policy, and 4500 are the most/,
    ],
    [{ batches: true, batchInputs: [`a-bucket/${'b'.repeat(4000)}/`] }, /Lambda takes 4096/],
  ])('%j cannot be used', (gateway, words) => {
    expect(() => readSettings({ gateway })).toThrow(SettingsError);
    expect(() => readSettings({ gateway })).toThrow(words);
  });
});

describe('the bucket', () => {
  it('is encrypted, closed to the public and to plain HTTP, and outlives the stack', () => {
    template().hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
      DeletionPolicy: 'Retain',
    });
    template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  it.each([
    [withBatches, 30],
    [{ batches: true, batchRetentionDays: 7 }, 7],
  ])('forgets: %j after %i days, and halves of uploads after one', (gateway, days) => {
    templateFor(gateway).hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { ExpirationInDays: days, Status: 'Enabled' },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
        ],
      },
    });
  });
});

describe('the role of the jobs', () => {
  it('is taken on by Bedrock alone, for jobs of this account and region', () => {
    const { Statement } = serviceRole().AssumeRolePolicyDocument;
    expect(Statement).toHaveLength(1);
    expect(Statement[0]).toMatchObject({
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'bedrock.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(asText(Statement[0].Condition.ArnLike['aws:SourceArn'])).toBe(`${here}:model-invocation-job/*`);
  });

  it('may call models, read its input and write its output, and nothing else', () => {
    const { Policies, ManagedPolicyArns } = serviceRole();
    expect(ManagedPolicyArns).toBeUndefined();
    const statements = byName(Policies[0].PolicyDocument.Statement);
    expect(statements).toEqual({
      InvokeModels: {
        actions: ['bedrock:InvokeModel'],
        resources: expect.arrayContaining([
          `${here}:inference-profile/*`,
          `${here}:application-inference-profile/*`,
        ]),
      },
      ReadInput: { actions: ['s3:GetObject'], resources: [inBucket('batches/*/in/*')] },
      WriteOutput: { actions: ['s3:GetObject', 's3:PutObject'], resources: [inBucket('batches/*/out/*')] },
      ListBucket: { actions: ['s3:ListBucket'], resources: [bucket], if: expect.anything() },
    });
  });

  it('reaches no further than the settings let requests travel', () => {
    const { Policies } = serviceRole({ batches: true, regions: ['eu-central-1'], residency: 'geography' });
    const statements = byName(Policies[0].PolicyDocument.Statement);
    expect(statements.InvokeModels?.resources.join()).not.toContain('bedrock:*');
    expect(statements.InvokeModelsThroughProfiles?.resources).toEqual([
      `${partition}:bedrock:eu-*::foundation-model/*`,
    ]);
  });
});

describe('the function', () => {
  it('may make, follow and stop jobs, pass that one role to Bedrock, and use the bucket', () => {
    expect(functionPolicy()).toEqual({
      CreateBatchJobs: {
        actions: ['bedrock:CreateModelInvocationJob'],
        resources: expect.arrayContaining([`${here}:model-invocation-job/*`, `${here}:inference-profile/*`]),
      },
      FollowBatchJobs: {
        actions: ['bedrock:GetModelInvocationJob', 'bedrock:StopModelInvocationJob', 'bedrock:TagResource'],
        resources: [`${here}:model-invocation-job/*`],
      },
      PassBatchRole: {
        actions: ['iam:PassRole'],
        resources: [expect.stringMatching(/^\$\{BatchesRole\w+\.Arn\}$/)],
        if: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
      },
      KeepFilesAndBatches: {
        actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        resources: [inBucket('batches/*'), inBucket('files/*')],
        if: byItself,
      },
      ListFilesAndBatches: { actions: ['s3:ListBucket'], resources: [bucket], if: byItself },
    });
  });

  it('reads input from the buckets of the settings, and from no others', () => {
    const { ReadBatchInputs } = functionPolicy({
      batches: true,
      batchInputs: ['a-bucket/b/{key}/', 'other/'],
    });
    expect(ReadBatchInputs).toEqual({
      actions: ['s3:GetObject'],
      resources: [`${partition}:s3:::a-bucket/b/*/*`, `${partition}:s3:::other/*`],
      if: byItself,
    });
  });

  it('knows where all of it is, by the one variable that it reads', () => {
    const gateway = { batches: true, batchInputs: ['a-bucket/b/'], batchRetentionDays: 7 };
    const [lambda] = Object.values(templateFor(gateway).findResources('AWS::Lambda::Function'));
    const text = asText(lambda?.Properties.Environment.Variables[settings.batches.variable]);
    expect(JSON.parse(text)).toEqual({
      bucket: expect.stringMatching(/^\$\{BatchesBucket\w+\}$/),
      region,
      roleArn: expect.stringMatching(/^\$\{BatchesRole\w+\.Arn\}$/),
      days: '7',
      inputs: 'a-bucket/b/',
    });
  });
});
