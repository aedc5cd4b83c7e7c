import type { SettingName } from '../../lambda/config.ts';
import type { Setting } from './setting.ts';

export type FunctionSetting = Setting & { variable: SettingName };

const model = 'a model name, profile id or ARN';

/** Settings of the function and the environment variable each becomes; `readConfig` has the last word on them. */
export const functionSettings = {
  defaultModel: {
    variable: 'DEFAULT_MODEL',
    kind: 'text',
    allowed: model,
    about: 'Answers for model names that cannot be resolved. Without it they are a 404.',
  },
  defaultEmbeddingModel: {
    variable: 'DEFAULT_EMBEDDING_MODEL',
    kind: 'text',
    allowed: model,
    about: 'The same for embeddings.',
  },
  regions: {
    variable: 'GATEWAY_REGIONS',
    kind: 'list',
    allowed: 'a list of AWS regions such as ["us-east-1", "us-west-2"]',
    about: 'Regions to call Bedrock in, in order; the first is home. Without it the stack’s own.',
  },
  residency: {
    variable: 'RESIDENCY',
    kind: 'choice',
    options: ['global', 'geography', 'region'],
    default: 'global',
    about: 'How far a request may travel when the gateway picks an inference profile.',
  },
  crossRegionInference: {
    variable: 'ENABLE_CROSS_REGION_INFERENCE',
    kind: 'boolean',
    default: true,
    about: 'Use system-defined inference profiles.',
  },
  applicationInferenceProfiles: {
    variable: 'ENABLE_APPLICATION_INFERENCE_PROFILES',
    kind: 'boolean',
    default: true,
    about: 'Use application inference profiles.',
  },
  profileMappings: {
    variable: 'BEDROCK_INFERENCE_PROFILE_MAPPINGS',
    kind: 'object',
    allowed: 'an object from profile ARNs to model ids',
    default: {},
    about: 'The model behind an application inference profile, where the gateway may not look it up.',
  },
  aliases: {
    variable: 'MODEL_ALIASES',
    kind: 'object',
    allowed: 'an object from names to models',
    default: {},
    about:
      'Names of your own, `*` allowed at the end: `{"gpt-4o*": "global.anthropic.claude-sonnet-5"}`, or with defaults `{"model", "inferenceConfig", "guardrailConfig", "serviceTier"}`.',
  },
  retiredModels: {
    variable: 'RETIRED_MODELS',
    kind: 'object',
    allowed: 'an object from retired models to their successors',
    default: {},
    about: 'Successors of models that are gone.',
  },
  importedModelFormats: {
    variable: 'IMPORTED_MODEL_FORMATS',
    kind: 'object',
    allowed: 'an object from imported models to body formats',
    default: {},
    about: 'The InvokeModel body of an imported model, where the gateway’s choice is wrong.',
  },
  fallbacks: {
    variable: 'FALLBACKS',
    kind: 'object',
    allowed: 'an object with default, models, onContextOverflow, onContentFilter',
    default: {},
    about:
      'Models to try when one fails: `default` for all, `models` by name; `onContextOverflow` (true) and `onContentFilter` (false) say whether those count.',
  },
  guardrail: {
    variable: 'GUARDRAIL',
    kind: 'object',
    allowed: 'an object with guardrailIdentifier, guardrailVersion, trace, streamProcessingMode',
    about: 'A guardrail on every call, which clients cannot switch off.',
  },
  promptCaching: {
    variable: 'PROMPT_CACHING',
    kind: 'choice',
    options: ['off', 'auto'],
    default: 'off',
    about: '`auto` sets cache points for clients that set none.',
  },
  reasoningFields: {
    variable: 'REASONING_FIELDS',
    kind: 'choice',
    options: ['both', 'reasoning_content', 'reasoning'],
    default: 'both',
    about: 'Members of a chat answer that hold the reasoning.',
  },
  callerCredentials: {
    variable: 'CALLER_CREDENTIALS',
    kind: 'choice',
    options: ['off', 'with-key', 'without-key'],
    default: 'off',
    about: 'Whether callers may bring AWS credentials in headers, and whether they then still need a key.',
  },
  fetchImages: {
    variable: 'FETCH_IMAGES',
    kind: 'boolean',
    default: true,
    about: 'Fetch https images that messages point to.',
  },
  strictParameters: {
    variable: 'STRICT_PARAMETERS',
    kind: 'boolean',
    default: false,
    about: 'Refuse unknown request parameters instead of ignoring them.',
  },
  maxBodyBytes: {
    variable: 'MAX_BODY_BYTES',
    kind: 'number',
    min: 1024,
    max: 100_000_000,
    default: 6_291_456,
    about: 'Largest request body. A Function URL takes no more than the default.',
  },
  maxAttempts: {
    variable: 'AWS_MAX_ATTEMPTS',
    kind: 'number',
    min: 1,
    max: 10,
    default: 3,
    about: 'Calls to Bedrock for one request to one model, the first included.',
  },
  notReadyWaitSeconds: {
    variable: 'NOT_READY_WAIT_SECONDS',
    kind: 'number',
    min: 0,
    max: 900,
    default: 120,
    about: 'How long to wait for an imported model that is being loaded.',
  },
  heartbeatSeconds: {
    variable: 'HEARTBEAT_SECONDS',
    kind: 'number',
    min: 1,
    max: 300,
    default: 15,
    about: 'Silence in a stream after which a comment keeps the connection alive.',
  },
  catalogueTtlSeconds: {
    variable: 'CATALOGUE_TTL_SECONDS',
    kind: 'number',
    min: 1,
    max: 86_400,
    default: 900,
    about: 'How long a listing of models is trusted.',
  },
  apiKeyTtlSeconds: {
    variable: 'API_KEY_TTL_SECONDS',
    kind: 'number',
    min: 1,
    max: 86_400,
    default: 60,
    about: 'How long the secret is trusted before it is looked at again.',
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    kind: 'choice',
    options: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    about: 'Least severity that is logged.',
  },
  logContent: {
    variable: 'LOG_CONTENT',
    kind: 'boolean',
    default: false,
    about: 'Log prompts and answers too.',
  },
} as const satisfies Record<string, FunctionSetting>;

/** Variables of the function that are no setting of the stack, and why. */
export const notSettings: Partial<Record<SettingName, string>> = {
  AWS_REGION: 'Lambda sets it',
  API_KEY: 'a key has no place in a template: the secret holds it',
  API_KEY_SECRET_ARN: 'the stack sets it',
  API_KEY_FILE: 'for the local server',
  ALLOWED_ORIGINS:
    'the Function URL answers for CORS; with the app’s own headers browsers would see them twice',
  REQUEST_TIMEOUT_SECONDS: 'timeoutSeconds bounds a request here',
};
