import { type AlarmThresholds, alarmRows } from './alarm-rows.ts';
import type { Setting } from './setting.ts';

/** Settings that shape the stack. The function does not see them. */
export interface StackSettings {
  stackName: string;
  /** MB. */
  memorySize: number;
  timeoutSeconds: number;
  reservedConcurrency?: number;
  logRetentionDays: number;
  tracing: boolean;
  metrics: boolean;
  dashboard: boolean;
  alarms?: AlarmThresholds;
  alarmTopicArn?: string;
  allowedOrigins: string[];
  limits: boolean;
  projects: string[];
  store: boolean;
  apiKeySecretArn?: string;
  apiKeySecretKmsKeyArn?: string;
  batches: boolean;
  batchRetentionDays: number;
  /** `bucket/prefix`. */
  batchInputs: string[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const stackSettings: { readonly [Name in keyof Required<StackSettings>]: Setting } = {
  stackName: {
    kind: 'text',
    allowed: 'a letter and then up to 127 letters, digits or hyphens',
    pattern: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
    default: 'BedrockGateway',
    about: 'Name of the CloudFormation stack. Another name makes another gateway.',
  },
  memorySize: {
    kind: 'number',
    min: 128,
    max: 10_240,
    default: 1024,
    about: 'Memory of the function in MB; its CPU share follows.',
  },
  timeoutSeconds: {
    kind: 'number',
    min: 1,
    max: 900,
    default: 900,
    about: 'Longest request. A stream that reaches it ends with an error event.',
  },
  reservedConcurrency: {
    kind: 'number',
    min: 0,
    max: 100_000,
    about:
      'Requests served at once, taken from the account’s concurrency; more are refused with 429. 0 switches the gateway off.',
  },
  logRetentionDays: {
    kind: 'choice',
    options: retentionDays,
    default: 30,
    about: 'How long CloudWatch keeps the log.',
  },
  tracing: { kind: 'boolean', default: false, about: 'X-Ray tracing of the function.' },
  metrics: {
    kind: 'boolean',
    default: true,
    about: 'Metrics of requests, errors, tokens, times and cost in CloudWatch, by lines of the log.',
  },
  dashboard: {
    kind: 'boolean',
    default: true,
    about: 'A dashboard of them. An account’s first three cost nothing.',
  },
  alarms: {
    kind: 'object',
    allowed: `an object from alarms to thresholds (false: none) such as {"serverErrorPercent": 1}; alarms are ${Object.keys(alarmRows).join(', ')}`,
    about:
      'Alarms with their thresholds; `{}` has all of them as they stand [below](#metrics-dashboard-alarms). Absent: none.',
  },
  alarmTopicArn: {
    kind: 'text',
    allowed: 'the ARN of an SNS topic',
    pattern: /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/,
    about: 'Where alarms and their ends are sent.',
  },
  allowedOrigins: {
    kind: 'list',
    allowed: 'a list of origins such as ["https://app.example.com"], or ["*"]',
    pattern: /^(\*|https?:\/\/[^\s/,]+)$/,
    default: [],
    about: 'Web pages that may call the gateway from a browser (CORS). Empty: none.',
  },
  limits: {
    kind: 'boolean',
    default: false,
    about:
      'Make the DynamoDB table that limits and budgets of keys and teams need ([limits](limits.md)). Without it a key with limits may do nothing.',
  },
  projects: {
    kind: 'list',
    allowed: 'a list of ids of Bedrock projects such as ["proj_abc123"]',
    pattern: /^proj_[A-Za-z0-9]{1,64}$/,
    default: [],
    about:
      'Bedrock projects, beside the default one, that keys may be [billed by](billing.md): the function may call models for exactly these.',
  },
  store: {
    kind: 'boolean',
    default: false,
    about:
      'Store answers of Responses for 30 days, sealed with the key of who asked, in the table that limits have too ([stored answers](responses.md#stored-answers)).',
  },
  apiKeySecretArn: {
    kind: 'text',
    allowed: 'the complete ARN of a secret, with the six characters that Secrets Manager puts at its end',
    pattern: /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    about: 'An existing secret that holds the API key. Without it the stack makes a key and a secret.',
  },
  apiKeySecretKmsKeyArn: {
    kind: 'text',
    allowed: 'the ARN of a KMS key',
    pattern: /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/,
    about: 'The customer managed KMS key of that secret, if it has one.',
  },
  batches: {
    kind: 'boolean',
    default: false,
    about:
      'Files and batches: a bucket, and a role that Bedrock takes on for their jobs ([batches.md](batches.md)). At rest they cost what is in the bucket.',
  },
  batchRetentionDays: {
    kind: 'number',
    min: 2,
    max: 365,
    default: 30,
    about: 'Days after which files, batches and their results are gone.',
  },
  batchInputs: {
    kind: 'list',
    allowed: 'a list of buckets and prefixes in them such as ["my-bucket/batches/{key}/"]',
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^\s*?$]*$/,
    default: [],
    about:
      'Where else batches may read their input from, as `s3://` URIs: buckets of the same region. `{key}` stands for the name of the caller’s key, URL-encoded; without it every key may read all of it.',
  },
};
