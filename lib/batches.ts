import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allow, jobAccess, jobModels } from './access.ts';
import { reachOf } from './settings/reach.ts';
import type { Settings } from './settings.ts';

/**
 * What files and batches need: a bucket in which nothing stays for ever, and the role that Bedrock takes on for a job
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html).
 */
export class Batches extends Construct {
  readonly bucketName: string;
  /** Of the function. */
  readonly environment: { BATCHES: string };
  readonly #settings: Settings;
  readonly #bucket: Bucket;
  readonly #role: Role;

  constructor(scope: Construct, id: string, { settings }: { settings: Settings }) {
    super(scope, id);
    const stack = Stack.of(this);
    this.#settings = settings;
    this.#bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [
        { expiration: Duration.days(settings.batchRetentionDays) },
        // What a function left behind that was ended in the middle of it.
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      // It holds what clients have sent and been answered: whoever takes the stack away decides about it.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#role = this.serviceRole();
    this.bucketName = this.#bucket.bucketName;
    this.environment = {
      BATCHES: stack.toJsonString({
        bucket: this.#bucket.bucketName,
        region: stack.region,
        roleArn: this.#role.roleArn,
        days: String(settings.batchRetentionDays),
        ...(settings.batchInputs.length > 0 && { inputs: settings.batchInputs.join(',') }),
      }),
    };
  }

  /**
   * A policy of its own beside the role's, whose length is bounded. In S3 the function acts by itself alone: Bedrock reads the
   * `s3://` URIs of a chat as its caller, and must not read for one client what another has sent.
   */
  allow(role: Role): void {
    const stack = Stack.of(this);
    const statements = [
      ...jobAccess(stack),
      allow('PassBatchRole', ['iam:PassRole'], [this.#role.roleArn], {
        StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' },
      }),
      allow(
        'KeepFilesAndBatches',
        ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        [this.#bucket.arnForObjects('files/*'), this.#bucket.arnForObjects('batches/*')],
        byItself,
      ),
      // Without a condition on the prefix: what is not there would be a 403 then, and not a 404.
      allow('ListFilesAndBatches', ['s3:ListBucket'], [this.#bucket.bucketArn], byItself),
      ...this.inputs(),
    ];
    role.addManagedPolicy(
      new ManagedPolicy(this, 'Policy', { document: new PolicyDocument({ statements }) }),
    );
  }

  /** `{key}` is the name of any key: which one, the function decides. */
  private inputs(): PolicyStatement[] {
    const { batchInputs } = this.#settings;
    if (batchInputs.length === 0) return [];
    const stack = Stack.of(this);
    const arns = batchInputs.map((input) =>
      stack.formatArn({
        service: 's3',
        region: '',
        account: '',
        resource: `${input.replaceAll('{key}', '*')}*`,
      }),
    );
    return [allow('ReadBatchInputs', ['s3:GetObject'], arns, byItself)];
  }

  /** Bedrock takes it on for jobs of this account alone, and it reaches nothing but their part of the bucket. */
  private serviceRole(): Role {
    const stack = Stack.of(this);
    const jobs = stack.formatArn({
      service: 'bedrock',
      resource: 'model-invocation-job',
      resourceName: '*',
    });
    const statements = [
      ...jobModels(stack, reachOf(this.#settings.environment)),
      allow('ReadInput', ['s3:GetObject'], [this.#bucket.arnForObjects('batches/*/in/*')]),
      allow('WriteOutput', ['s3:PutObject', 's3:GetObject'], [this.#bucket.arnForObjects('batches/*/out/*')]),
      allow('ListBucket', ['s3:ListBucket'], [this.#bucket.bucketArn], {
        StringEquals: { 'aws:ResourceAccount': stack.account },
      }),
    ];
    return new Role(this, 'Role', {
      description: 'What Amazon Bedrock does for the batches of the gateway',
      assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': jobs },
        },
      }),
      inlinePolicies: { Batches: new PolicyDocument({ statements }) },
    });
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-viaawsservice */
const byItself = { Bool: { 'aws:ViaAWSService': 'false' } };
