import * as v from 'valibot';

/**
 * Every setting of the function: its environment variable, what is allowed, its default. `readConfig` turns
 * an environment into one frozen Config or stops with a message that names the variable. The CDK app
 * validates its settings with the same table, so a bad one stops `cdk synth` and not the first request.
 */

const text = v.pipe(v.string('must be text'), v.trim(), v.minLength(1, 'must not be empty'));
const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `must be one of ${options.join(', ')}`);
const modelName = v.pipe(text, v.maxLength(2048, 'must have at most 2048 characters'));
const bool = v.pipe(
  v.picklist(['true', 'false', '1', '0', 'on', 'off'], 'must be true or false'),
  v.transform((value) => value === 'true' || value === '1' || value === 'on'),
);
const integer = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );
const list = v.pipe(
  v.string(),
  v.transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
);
const regionName = v.pipe(
  text,
  v.regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1'),
);
const record = <T extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(schema: T) =>
  v.record(text, schema, 'must be an object');
/** For members that are missing as well as for those that are too many. */
const onlyWith = (members: string) => (issue: v.StrictObjectIssue) =>
  issue.expected === 'never'
    ? `is unknown: the members are ${members}`
    : issue.received === 'undefined'
      ? 'is missing'
      : `must be an object with ${members}`;
const json = <T extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(schema: T) =>
  v.pipe(v.string(), v.parseJson(undefined, 'must be JSON'), schema);

const guardrail = v.strictObject(
  {
    guardrailIdentifier: text,
    guardrailVersion: v.pipe(text, v.regex(/^([1-9]\d{0,7}|DRAFT)$/, 'must be a version number or DRAFT')),
    trace: v.optional(oneOf(['enabled', 'disabled', 'enabled_full'])),
    streamProcessingMode: v.optional(oneOf(['sync', 'async'])),
  },
  onlyWith('guardrailIdentifier, guardrailVersion, trace and streamProcessingMode'),
);
const fraction = v.pipe(
  v.number('must be a number'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(1, 'must be at most 1'),
);
const positive = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
);
const alias = v.union(
  [
    modelName,
    v.strictObject({
      model: modelName,
      inferenceConfig: v.optional(
        v.strictObject({
          maxTokens: v.optional(positive),
          temperature: v.optional(fraction),
          topP: v.optional(fraction),
          stopSequences: v.optional(v.array(text)),
        }),
      ),
      guardrailConfig: v.optional(guardrail),
      serviceTier: v.optional(v.strictObject({ type: oneOf(['default', 'flex', 'priority', 'reserved']) })),
    }),
  ],
  'must be a model name, or an object with model and any of inferenceConfig (maxTokens, temperature, topP, stopSequences), guardrailConfig and serviceTier',
);
const models = v.array(modelName, 'must be a list of model names');
const fallbacks = v.strictObject(
  {
    default: v.optional(models, []),
    models: v.optional(v.record(v.string(), models, 'must be an object'), {}),
    onContextOverflow: v.optional(v.boolean('must be true or false'), true),
    onContentFilter: v.optional(v.boolean('must be true or false'), false),
  },
  onlyWith('default, models, onContextOverflow and onContentFilter'),
);

export const reasoningFields = ['both', 'reasoning_content', 'reasoning'] as const;

const settings = {
  AWS_REGION: v.optional(regionName, 'us-east-1'),
  /** Regions to try, in order; the first is home. Empty: AWS_REGION only. */
  GATEWAY_REGIONS: v.optional(v.pipe(list, v.array(regionName)), ''),
  DEFAULT_MODEL: v.optional(modelName),
  DEFAULT_EMBEDDING_MODEL: v.optional(modelName),
  API_KEY: v.optional(text),
  API_KEY_SECRET_ARN: v.optional(
    v.pipe(text, v.regex(/^arn:[\w-]+:secretsmanager:/, 'must be the ARN of a secret')),
  ),
  /** A file with keys, for the local server: the same content as the secret. */
  API_KEY_FILE: v.optional(text),
  /** How long a fetched secret is trusted before it is looked at again. */
  API_KEY_TTL_SECONDS: v.optional(integer(1, 86_400), '60'),
  /** Origins a browser may call from; `*` for any. Empty: the app sends no CORS headers (the Function URL does). */
  ALLOWED_ORIGINS: v.optional(list, ''),
  ENABLE_CROSS_REGION_INFERENCE: v.optional(bool, 'true'),
  ENABLE_APPLICATION_INFERENCE_PROFILES: v.optional(bool, 'true'),
  /** How far a request may travel when the gateway picks an inference profile. */
  RESIDENCY: v.optional(oneOf(['global', 'geography', 'region']), 'global'),
  BEDROCK_INFERENCE_PROFILE_MAPPINGS: v.optional(json(record(modelName)), '{}'),
  MODEL_ALIASES: v.optional(json(record(alias)), '{}'),
  RETIRED_MODELS: v.optional(json(record(modelName)), '{}'),
  IMPORTED_MODEL_FORMATS: v.optional(json(record(text)), '{}'),
  FALLBACKS: v.optional(json(fallbacks), '{}'),
  /** Enforced on every call; a client can neither change nor switch it off. */
  GUARDRAIL: v.optional(json(guardrail)),
  /** `auto` sets cache points for clients that set none. */
  PROMPT_CACHING: v.optional(oneOf(['off', 'auto']), 'off'),
  /** Where reasoning stands in a chat answer: most clients read `reasoning_content`, some `reasoning`, a few join the two. */
  REASONING_FIELDS: v.optional(oneOf(reasoningFields), 'both'),
  /** Whether callers may bring AWS credentials in headers, and whether they then still need a key. */
  CALLER_CREDENTIALS: v.optional(oneOf(['off', 'with-key', 'without-key']), 'off'),
  /** Fetch https images that messages point to. */
  FETCH_IMAGES: v.optional(bool, 'true'),
  /** Refuse unknown request parameters instead of ignoring them. */
  STRICT_PARAMETERS: v.optional(bool, 'false'),
  /** Bytes of a request body; a Function URL takes 6 MB (6,291,456 bytes, base64 included). */
  MAX_BODY_BYTES: v.optional(integer(1024, 100_000_000), '6291456'),
  AWS_MAX_ATTEMPTS: v.optional(integer(1, 10), '3'),
  CATALOGUE_TTL_SECONDS: v.optional(integer(1, 86_400), '900'),
  HEARTBEAT_SECONDS: v.optional(integer(1, 300), '15'),
  /** Longest answer, counted from the request's arrival, where no Lambda deadline bounds it. */
  REQUEST_TIMEOUT_SECONDS: v.optional(integer(1, 3600), '900'),
  /** How long to wait for an imported model that is being loaded. */
  NOT_READY_WAIT_SECONDS: v.optional(integer(0, 900), '120'),
  LOG_LEVEL: v.optional(oneOf(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  /** Log prompts and answers too. */
  LOG_CONTENT: v.optional(bool, 'false'),
} as const;

export const settingNames = Object.keys(settings) as SettingName[];
export type SettingName = keyof typeof settings;

const environment = v.object(settings);
type Environment = v.InferOutput<typeof environment>;

export type AliasSetting = v.InferOutput<typeof alias>;
export type FallbackSettings = v.InferOutput<typeof fallbacks>;

export interface Config {
  readonly region: string;
  readonly regions: readonly string[];
  readonly defaultModel: string | undefined;
  readonly defaultEmbeddingModel: string | undefined;
  readonly apiKey: string | undefined;
  readonly apiKeySecretArn: string | undefined;
  readonly apiKeyFile: string | undefined;
  readonly apiKeyTtlMs: number;
  readonly allowedOrigins: readonly string[];
  readonly crossRegionInference: boolean;
  readonly applicationInferenceProfiles: boolean;
  readonly residency: Environment['RESIDENCY'];
  readonly profileMappings: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, AliasSetting>>;
  readonly retiredModels: Readonly<Record<string, string>>;
  readonly importedModelFormats: Readonly<Record<string, string>>;
  readonly fallbacks: FallbackSettings;
  readonly guardrail: v.InferOutput<typeof guardrail> | undefined;
  readonly promptCaching: Environment['PROMPT_CACHING'];
  readonly reasoningFields: Environment['REASONING_FIELDS'];
  readonly callerCredentials: Environment['CALLER_CREDENTIALS'];
  readonly fetchImages: boolean;
  readonly strictParameters: boolean;
  readonly maxBodyBytes: number;
  readonly maxAttempts: number;
  readonly catalogueTtlMs: number;
  readonly heartbeatMs: number;
  readonly requestTimeoutMs: number;
  readonly notReadyWaitMs: number;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly logContent: boolean;
}

/** A setting that cannot be used. The message names the variable, never the value of a key. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const secret = new Set(['API_KEY']);

export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(settingNames.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = v.safeParse(environment, given);
  if (!result.success) throw new ConfigError(result.issues.map((issue) => explain(issue, given)).join('\n'));
  const e = result.output;
  const config: Config = {
    region: e.GATEWAY_REGIONS[0] ?? e.AWS_REGION,
    regions: e.GATEWAY_REGIONS.length > 0 ? e.GATEWAY_REGIONS : [e.AWS_REGION],
    defaultModel: e.DEFAULT_MODEL,
    defaultEmbeddingModel: e.DEFAULT_EMBEDDING_MODEL,
    apiKey: e.API_KEY,
    apiKeySecretArn: e.API_KEY_SECRET_ARN,
    apiKeyFile: e.API_KEY_FILE,
    apiKeyTtlMs: e.API_KEY_TTL_SECONDS * 1000,
    allowedOrigins: e.ALLOWED_ORIGINS,
    crossRegionInference: e.ENABLE_CROSS_REGION_INFERENCE,
    applicationInferenceProfiles: e.ENABLE_APPLICATION_INFERENCE_PROFILES,
    residency: e.RESIDENCY,
    profileMappings: e.BEDROCK_INFERENCE_PROFILE_MAPPINGS,
    aliases: e.MODEL_ALIASES,
    retiredModels: e.RETIRED_MODELS,
    importedModelFormats: e.IMPORTED_MODEL_FORMATS,
    fallbacks: e.FALLBACKS,
    guardrail: e.GUARDRAIL,
    promptCaching: e.PROMPT_CACHING,
    reasoningFields: e.REASONING_FIELDS,
    callerCredentials: e.CALLER_CREDENTIALS,
    fetchImages: e.FETCH_IMAGES,
    strictParameters: e.STRICT_PARAMETERS,
    maxBodyBytes: e.MAX_BODY_BYTES,
    maxAttempts: e.AWS_MAX_ATTEMPTS,
    catalogueTtlMs: e.CATALOGUE_TTL_SECONDS * 1000,
    heartbeatMs: e.HEARTBEAT_SECONDS * 1000,
    requestTimeoutMs: e.REQUEST_TIMEOUT_SECONDS * 1000,
    notReadyWaitMs: e.NOT_READY_WAIT_SECONDS * 1000,
    logLevel: e.LOG_LEVEL,
    logContent: e.LOG_CONTENT,
  };
  return Object.freeze(config);
}

function explain(issue: v.BaseIssue<unknown>, given: Record<string, string | undefined>): string {
  const [name = '', ...inside] = (v.getDotPath(issue) ?? '').split('.');
  const value = secret.has(name) ? '' : ` is ${JSON.stringify(given[name])}:`;
  const where = inside.length > 0 ? ` ${inside.join('.')}` : '';
  return `${name}${value}${where} ${issue.message}`;
}
