import { docs } from '../docs.ts';
import { boolean, choice, integer, json, list, notEmpty, seconds, text } from './kinds.ts';
import { modelRows } from './model-rows.ts';
import { setting } from './row.ts';
import { techniqueNames } from './techniques.ts';
import { assumableRole, record, secretArn, techniqueName, trustedHost } from './values.ts';

export type { SettingRow } from './row.ts';

/**
 * Every setting of the function, by its name in `Config`. The function reads its environment by this table
 * (`config.ts`), the CDK app checks `cdk.json` by it (`lib/settings/`), and the documentation lists it. Names of
 * variables follow bedrock-access-gateway where it had one.
 */
export const settings = {
  ...modelRows,
  apiKey: setting('API_KEY', text(docs && 'a key'), {
    about: docs && 'One key, with every right. For the local server.',
    notInStack: docs && 'A key has no place in a template: the secret holds it.',
    secret: true,
  }),
  apiKeySecretArn: setting('API_KEY_SECRET_ARN', text(docs && 'the ARN of a secret', secretArn), {
    about: docs && 'The secret with the keys.',
    notInStack: docs && 'The stack sets it.',
  }),
  apiKeyFile: setting('API_KEY_FILE', text(docs && 'a path'), {
    about: docs && 'A file with keys: the same content as the secret.',
    notInStack: docs && 'It is for the local server.',
  }),
  apiKeyTtlMs: setting('API_KEY_TTL_SECONDS', seconds(1, 86_400), {
    default: 60,
    stackName: 'apiKeyTtlSeconds',
    about: docs && 'How long the secret or the file is trusted before it is looked at again.',
  }),
  assumableRoles: setting('ASSUMABLE_ROLES', list(docs && 'a list of ARNs of IAM roles', assumableRole), {
    default: [],
    about:
      docs &&
      'Roles that keys may be [billed by](billing.md): a key that names another opens nothing. In a deployment the function may assume exactly these, and tag their sessions.',
  }),
  limitsTable: setting('LIMITS_TABLE', text(docs && 'the name or ARN of a table'), {
    about:
      docs &&
      'Name or ARN of the DynamoDB table that counts what keys with [limits](limits.md) have used. A name is looked for in the home region. Without it such keys may do nothing.',
    notInStack: docs && 'The stack makes the table when `limits` is on, and sets it.',
  }),
  limitsWhenUnreachable: setting('LIMITS_WHEN_UNREACHABLE', choice(['allow', 'refuse']), {
    default: 'allow',
    about:
      docs &&
      'What becomes of requests whose key has limits of rate alone while the table does not answer. A key with a budget is refused then, always.',
  }),
  usageByDay: setting('USAGE_BY_DAY', boolean, {
    default: false,
    about:
      docs &&
      'Add up what keys without limits use as well, by day, key and model, in the same table: a write after each answer.',
  }),
  storeIn: setting('STORE', text(docs && '`memory` or a table'), {
    about:
      docs &&
      'Where [answers of Responses are stored](responses.md#stored-answers): `memory`, which goes with the process, or the name or ARN of a DynamoDB table.',
    notInStack: docs && 'The stack makes the table when `store` is on, and sets it.',
  }),
  callerCredentials: setting('CALLER_CREDENTIALS', choice(['off', 'with-key', 'without-key']), {
    default: 'off',
    about:
      docs && 'Whether callers may bring AWS credentials in headers, and whether they then still need a key.',
  }),
  allowedOrigins: setting('ALLOWED_ORIGINS', list(docs && 'a list of origins, or ["*"]'), {
    default: [],
    about: docs && 'Web pages that may call from a browser, on a server of your own.',
    notInStack:
      docs &&
      'The Function URL answers for CORS by the stack’s `allowedOrigins`; with the app’s own headers browsers would see them twice.',
  }),
  optimisation: setting('ENABLE_OPTIMISATION', boolean, {
    default: false,
    alsoVariable: 'ENABLE_OPTILLM',
    about:
      docs &&
      'Optimisation techniques: one request becomes several model calls, for requests that ask for it. `ENABLE_OPTILLM` is the same.',
  }),
  optimisationTechniques: setting(
    'OPTIMISATION_TECHNIQUES',
    list(docs && 'a list of techniques such as ["re2", "bon"]', techniqueName),
    { default: [...techniqueNames], about: docs && 'The techniques that are on.' },
  ),
  optimisationMaxCalls: setting('OPTIMISATION_MAX_CALLS', integer(1, 200), {
    default: 32,
    about: docs && 'Model calls that a technique may make for one request. A key’s own limit may be lower.',
  }),
  optimisationConcurrency: setting('OPTIMISATION_CONCURRENCY', integer(1, 64), {
    default: 8,
    about: docs && 'Of these, how many may be under way at once.',
  }),
  optimisationProgress: setting('OPTIMISATION_PROGRESS', choice(['comments', 'reasoning']), {
    default: 'comments',
    about:
      docs &&
      'How a stream says how far a technique is: as comments, which clients skip, or as lines of reasoning.',
  }),
  readurlsTrustedHosts: setting(
    'READURLS_TRUSTED_HOSTS',
    list(docs && 'a list of hosts with their ports such as ["wiki.internal:8080"]', trustedHost),
    {
      default: [],
      about:
        docs &&
        'Hosts that `readurls` may read although they are not on the public Internet: exactly that name and port, over http or https.',
    },
  ),
  executecodeEngine: setting('EXECUTECODE_ENGINE', choice(['quickjs', 'off']), {
    default: 'quickjs',
    about: docs && 'What runs the programs of `executecode`.',
  }),
  metricsNamespace: setting('METRICS_NAMESPACE', text(docs && 'a namespace of CloudWatch metrics'), {
    about: docs && 'Write embedded metrics into the log, for this namespace of CloudWatch.',
    notInStack: docs && 'The stack sets it to its own name where `metrics` is on.',
  }),
  metricModels: setting('METRIC_MODELS', integer(0, 100), {
    default: 10,
    about:
      docs &&
      'Models that get metrics of their own, four each; what else is called counts as one. Each instance of the function has its own first ones.',
  }),
  privacyDetector: setting('PRIVACY_DETECTOR', choice(['patterns', 'comprehend', 'comprehend-es']), {
    default: 'patterns',
    about:
      docs &&
      'What finds personal data for `privacy`: patterns alone, or Amazon Comprehend besides, for names and addresses in English or Spanish.',
  }),
  batches: setting('BATCHES', json(docs && 'an object of texts', record(notEmpty)), {
    default: {},
    about:
      docs &&
      'Files and batches, by the `bucket`, its `region` and the `roleArn` that jobs run with; `days` (30) that the bucket keeps what is in it; `inputs`, with commas between them, are `bucket/prefix` of other buckets that input may be read from.',
    notInStack: docs && '`batches` makes the bucket and the role, and sets it.',
  }),
  logLevel: setting('LOG_LEVEL', choice(['debug', 'info', 'warn', 'error', 'silent']), {
    default: 'info',
    about: docs && 'Least severity that is logged.',
  }),
  logContent: setting('LOG_CONTENT', boolean, {
    default: false,
    about: docs && 'Log prompts and answers too.',
  }),
};
