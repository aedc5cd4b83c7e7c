import { type Docs, docs } from '../docs.ts';
import { boolean, choice, integer, json, type Kind, list, seconds, text } from './kinds.ts';
import { techniqueNames } from './techniques.ts';
import {
  alias,
  fallbacks,
  guardrail,
  modelName,
  prices,
  reasoningFields,
  record,
  regionName,
  secretArn,
  techniqueName,
  trustedHost,
} from './values.ts';

interface About {
  /** What it is for, in a sentence or two, as Markdown. */
  about: Docs;
  /** In the form of `cdk.json`; absent: nothing is set. */
  default?: unknown;
  /** The name in `cdk.json`, where it is not the key of the row. */
  stackName?: string;
  /** Another variable that says the same, for who comes from elsewhere. */
  alsoVariable?: string;
  /** Why it is no setting of the stack. */
  notInStack?: Docs;
  /** Its value must not be shown. */
  secret?: true;
}

/** One setting. `T`: what the function gets. */
export interface SettingRow<T> extends About {
  /** The environment variable. */
  variable: string;
  kind: Kind<T>;
}

function setting<T, const A extends About>(
  variable: string,
  kind: Kind<T>,
  about: A,
): SettingRow<A extends { default: unknown } ? T : T | undefined> & A {
  return { variable, kind: kind as Kind<never>, ...about };
}

const model = 'a model name, profile id or ARN';

/**
 * Every setting of the function, by its name in `Config`. The function reads its environment by this table
 * (`config.ts`), the CDK app checks `cdk.json` by it (`lib/settings/`), and the documentation lists it. Names of
 * variables follow bedrock-access-gateway where it had one.
 */
export const settings = {
  region: setting('AWS_REGION', text('an AWS region', regionName), {
    default: 'us-east-1',
    about: docs && 'Home region.',
    notInStack: docs && 'Lambda sets it.',
  }),
  regions: setting(
    'GATEWAY_REGIONS',
    list(docs && 'a list of AWS regions such as ["us-east-1", "us-west-2"]', regionName),
    {
      default: [],
      about: docs && 'Regions to call Bedrock in, in order; the first is home. Empty: the home region only.',
    },
  ),
  residency: setting('RESIDENCY', choice(['global', 'geography', 'region']), {
    default: 'global',
    about:
      docs &&
      'How far a request may travel (`geography`: that of the home region). Bounds the inference profiles the gateway picks and lists, the regions it falls back to, and in a deployment the role.',
  }),
  defaultModel: setting('DEFAULT_MODEL', text(model, modelName), {
    about: docs && 'Answers for model names that cannot be resolved. Without it they are a 404.',
  }),
  defaultEmbeddingModel: setting('DEFAULT_EMBEDDING_MODEL', text(model, modelName), {
    about: docs && 'The same for embeddings.',
  }),
  aliases: setting('MODEL_ALIASES', json('an object from names to models', record(alias)), {
    default: {},
    about:
      docs &&
      'Names of your own, `*` allowed at the end: `{"gpt-4o*": "global.anthropic.claude-sonnet-5"}`, or with defaults `{"model", "inferenceConfig", "guardrailConfig", "serviceTier"}`. In a key’s scope an alias opens what it leads to.',
  }),
  retiredModels: setting(
    'RETIRED_MODELS',
    json('an object from retired models to their successors', record(modelName)),
    { default: {}, about: docs && 'Successors of models that are gone.' },
  ),
  importedModelFormats: setting(
    'IMPORTED_MODEL_FORMATS',
    json('an object from imported models to body formats', record(modelName)),
    {
      default: {},
      about: docs && 'The InvokeModel body of an imported model, where the gateway’s choice is wrong.',
    },
  ),
  profileMappings: setting(
    'BEDROCK_INFERENCE_PROFILE_MAPPINGS',
    json('an object from profile ARNs to model ids', record(modelName)),
    {
      default: {},
      about:
        docs && 'The model behind an application inference profile, where the gateway may not look it up.',
    },
  ),
  crossRegionInference: setting('ENABLE_CROSS_REGION_INFERENCE', boolean, {
    default: true,
    about: docs && 'Use system-defined inference profiles (`us.`, `global.` …).',
  }),
  applicationInferenceProfiles: setting('ENABLE_APPLICATION_INFERENCE_PROFILES', boolean, {
    default: true,
    about: docs && 'List and use application inference profiles.',
  }),
  fallbacks: setting(
    'FALLBACKS',
    json('an object with default, models, onContextOverflow, onContentFilter', fallbacks),
    {
      default: {},
      about:
        docs &&
        'Models to try when one fails: `default` for all, `models` by name; `onContextOverflow` (true) and `onContentFilter` (false) say whether those count.',
    },
  ),
  maxAttempts: setting('AWS_MAX_ATTEMPTS', integer(1, 10), {
    default: 3,
    about:
      docs &&
      'Calls to Bedrock for one request to one model, the first included. `1`: never the same request twice.',
  }),
  requestTimeoutMs: setting('REQUEST_TIMEOUT_SECONDS', seconds(1, 3600), {
    default: 900,
    stackName: 'requestTimeoutSeconds',
    about: docs && 'Longest answer on a server of your own. In Lambda the function’s timeout counts instead.',
    notInStack: docs && '`timeoutSeconds` bounds a request there.',
  }),
  notReadyWaitMs: setting('NOT_READY_WAIT_SECONDS', seconds(0, 900), {
    default: 120,
    stackName: 'notReadyWaitSeconds',
    about: docs && 'How long to wait for an imported model that is being loaded.',
  }),
  heartbeatMs: setting('HEARTBEAT_SECONDS', seconds(1, 300), {
    default: 15,
    stackName: 'heartbeatSeconds',
    about: docs && 'Silence in a stream after which a comment or an event keeps the connection alive.',
  }),
  catalogueTtlMs: setting('CATALOGUE_TTL_SECONDS', seconds(1, 86_400), {
    default: 900,
    stackName: 'catalogueTtlSeconds',
    about: docs && 'How long a listing of models is trusted.',
  }),
  guardrail: setting(
    'GUARDRAIL',
    json('an object with guardrailIdentifier, guardrailVersion, trace, streamProcessingMode', guardrail),
    {
      about:
        docs &&
        'A guardrail on every call, which clients can neither switch off nor narrow. A key’s own comes before it.',
    },
  ),
  prices: setting('PRICES', json('an object from models to prices', prices), {
    default: {},
    about:
      docs &&
      'Prices of your own in USD for a million tokens, by model, `*` allowed at the end: `{"arn:…": {"input": 0.5, "output": 1.5}}`. What an entry leaves out stays as it is in the [table](prices.md).',
  }),
  costHeader: setting('COST_HEADER', boolean, {
    default: false,
    about:
      docs &&
      'Say in `x-gateway-cost-usd` what a whole answer cost. The [prices](prices.md) are loaded while the model is at work.',
  }),
  promptCaching: setting('PROMPT_CACHING', choice(['off', 'auto']), {
    default: 'off',
    about: docs && '`auto` sets cache points for clients that set none.',
  }),
  nativeOpenAi: setting('ENABLE_NATIVE_OPENAI', boolean, {
    default: true,
    about:
      docs &&
      'Ask models that speak OpenAI’s Responses or Chat Completions in them, where nothing of the request or its key needs Converse. In a deployment the role gets the permission for Responses, on the account’s default project.',
  }),
  mantle: setting('ENABLE_MANTLE', boolean, {
    default: false,
    about:
      docs &&
      'Call models that only Bedrock’s other endpoint has, bedrock-mantle. No guardrail acts there, so a request with one is refused, and its prices are those of the region. In a deployment the role gets the permission for it.',
  }),
  reasoningFields: setting('REASONING_FIELDS', choice(reasoningFields), {
    default: 'both',
    about: docs && 'Members of a chat answer that have the reasoning.',
  }),
  strictParameters: setting('STRICT_PARAMETERS', boolean, {
    default: false,
    about: docs && 'Refuse unknown request parameters instead of ignoring them.',
  }),
  fetchImages: setting('FETCH_IMAGES', boolean, {
    default: true,
    about: docs && 'Fetch https images that messages point to.',
  }),
  maxBodyBytes: setting('MAX_BODY_BYTES', integer(1024, 100_000_000), {
    default: 6_291_456,
    about: docs && 'Largest request body. A Function URL takes no more than the default.',
  }),
  apiKey: setting('API_KEY', text('a key'), {
    about: docs && 'One key, with every right. For the local server.',
    notInStack: docs && 'A key has no place in a template: the secret holds it.',
    secret: true,
  }),
  apiKeySecretArn: setting('API_KEY_SECRET_ARN', text('the ARN of a secret', secretArn), {
    about: docs && 'The secret with the keys.',
    notInStack: docs && 'The stack sets it.',
  }),
  apiKeyFile: setting('API_KEY_FILE', text('a path'), {
    about: docs && 'A file with keys: the same content as the secret.',
    notInStack: docs && 'It is for the local server.',
  }),
  apiKeyTtlMs: setting('API_KEY_TTL_SECONDS', seconds(1, 86_400), {
    default: 60,
    stackName: 'apiKeyTtlSeconds',
    about: docs && 'How long the secret or the file is trusted before it is looked at again.',
  }),
  limitsTable: setting('LIMITS_TABLE', text('the name or ARN of a table'), {
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
  storeIn: setting('STORE', text('`memory` or a table'), {
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
  metricsNamespace: setting('METRICS_NAMESPACE', text('a namespace of CloudWatch metrics'), {
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
  logLevel: setting('LOG_LEVEL', choice(['debug', 'info', 'warn', 'error', 'silent']), {
    default: 'info',
    about: docs && 'Least severity that is logged.',
  }),
  logContent: setting('LOG_CONTENT', boolean, {
    default: false,
    about: docs && 'Log prompts and answers too.',
  }),
};
