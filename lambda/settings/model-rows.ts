import { docs } from '../docs.ts';
import { boolean, choice, integer, json, list, seconds, text } from './kinds.ts';
import { setting } from './row.ts';
import {
  alias,
  fallbacks,
  guardrail,
  modelName,
  prices,
  reasoningFields,
  record,
  regionName,
} from './values.ts';

const model = docs && 'a model name, profile id or ARN';

/** Which models are called, where and how: the first rows of the table. */
export const modelRows = {
  region: setting('AWS_REGION', text(docs && 'an AWS region', regionName), {
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
  aliases: setting('MODEL_ALIASES', json(docs && 'an object from names to models', record(alias)), {
    default: {},
    about:
      docs &&
      'Names of your own, `*` allowed at the end: `{"gpt-4o*": "global.anthropic.claude-sonnet-5"}`, or with defaults `{"model", "inferenceConfig", "guardrailConfig", "serviceTier"}`. In a key’s scope an alias opens what it leads to.',
  }),
  retiredModels: setting(
    'RETIRED_MODELS',
    json(docs && 'an object from retired models to their successors', record(modelName)),
    { default: {}, about: docs && 'Successors of models that are gone.' },
  ),
  importedModelFormats: setting(
    'IMPORTED_MODEL_FORMATS',
    json(docs && 'an object from imported models to body formats', record(modelName)),
    {
      default: {},
      about: docs && 'The InvokeModel body of an imported model, where the gateway’s choice is wrong.',
    },
  ),
  profileMappings: setting(
    'BEDROCK_INFERENCE_PROFILE_MAPPINGS',
    json(docs && 'an object from profile ARNs to model ids', record(modelName)),
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
    json(docs && 'an object with default, models, onContextOverflow, onContentFilter', fallbacks),
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
    json(
      docs && 'an object with guardrailIdentifier, guardrailVersion, trace, streamProcessingMode',
      guardrail,
    ),
    {
      about:
        docs &&
        'A guardrail on every call, which clients can neither switch off nor narrow. A key’s own comes before it.',
    },
  ),
  prices: setting('PRICES', json(docs && 'an object from models to prices', prices), {
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
};
