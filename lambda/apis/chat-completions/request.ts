import type { StateKey } from '../../auth/state-key.ts';
import { ByteBudget } from '../../bounds.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import { isObject } from '../../canonical/json.ts';
import type { CanonicalRequest, Intent, OutputFormat } from '../../canonical/request.ts';
import type { ConverseRequest, InferenceConfig, JsonObject } from '../../canonical/types.ts';
import type { Spell } from '../../fields.ts';
import { type RequestedTools, readTools } from '../openai/tools.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import { bedrockOwn } from '../shared/bedrock-extensions.ts';
import { type Fields, readJsonObject, readObject, readOptional, readString } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { spellingFor } from '../shared/spelling.ts';
import { validate } from '../shared/validate.ts';
import { fieldNames, otherNames } from './field-names.ts';
import { readMessages } from './messages.ts';
import { parameters } from './parameters.ts';
import { readReasoning } from './reasoning-request.ts';
import { type ChatRequest, chatSchema } from './schema.ts';

export interface TranslateOptions {
  stateKey: StateKey;
  fetched: ReadonlyMap<string, FetchedMedia>;
  /** Bytes of the client's body: they go out as often as answers are wanted. */
  bodyBytes?: number;
}

/** A Chat Completions request, translated, and what the answer must know about it. */
export interface ChatCall {
  canonical: CanonicalRequest;
  stream: boolean;
  includeUsage: boolean;
  /** How many answers are wanted. */
  n: number;
  tools: Pick<RequestedTools, 'custom' | 'legacy'>;
  /** The answer is to come without its reasoning. */
  hideReasoning: boolean;
  /** The client asked to see the guardrail's trace. */
  trace: boolean;
  ignored: string[];
  /** What this client calls the fields of its request. */
  spell: Spell;
  /** What was lost before the request came. */
  warnings: string[];
}

/** A request whose parameters are known; its messages and tools have not been looked at. */
export interface AskedChat {
  request: ChatRequest;
  /** What `extra_body` has for the model itself. */
  modelFields: JsonObject;
  ignored: string[];
  /** What this client calls the fields of its request. */
  spell: Spell;
  /** Model names to try after the first. */
  fallbacks: string[] | undefined;
}

/** Reads the parameters, so that it is known what is asked of whom. Throws a 400 that names the one at fault. */
export function readParameters(input: unknown, strict: boolean): AskedChat {
  if (!isObject(input)) throw badRequest('The request body must be a JSON object.');
  const { body, modelFields } = unwrapExtraBody(input);
  const ignored = ignoredParameters(body, parameters, strict);
  const request = validate(chatSchema, body);
  refuseOtherModalities(request);
  return {
    request,
    modelFields,
    ignored,
    spell: spellingFor(request, fieldNames, otherNames),
    fallbacks: request.models ?? request.fallbacks ?? undefined,
  };
}

/** Translates the whole body of POST /chat/completions, where nothing has to be known between the two steps. */
export function translateRequest(
  input: unknown,
  { strict, ...options }: TranslateOptions & { strict: boolean },
): ChatCall {
  return translateChat(readParameters(input, strict), options);
}

/**
 * Translates a request whose parameters have been read. Throws a 400 that names the parameter for what is
 * malformed, and for what would change the answer and cannot be honoured; a 413 for what becomes too large.
 */
export function translateChat(asked: AskedChat, options: TranslateOptions): ChatCall {
  const { request, modelFields, ignored, spell } = asked;
  const tools = readTools(request);
  const bytes = new ByteBudget(request.n ?? 1);
  bytes.spend(options.bodyBytes ?? 0);
  const given = request.messages ?? noMessages(request);
  const { system, messages, warnings } = readMessages(given, { ...options, bytes });
  const converse: ConverseRequest = {
    messages,
    ...(system.length > 0 && { system }),
    ...inference(request),
    ...(tools.toolConfig && { toolConfig: tools.toolConfig }),
    ...bedrockOwn(request, modelFields),
  };
  const intent = readIntent(request, tools.toolChoiceNone);
  return {
    canonical: { model: request.model, converse, intent },
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    n: request.n ?? 1,
    tools: { custom: tools.custom, legacy: tools.legacy },
    hideReasoning: intent.reasoning?.exclude ?? false,
    trace: (converse.guardrailConfig?.trace ?? 'disabled') !== 'disabled',
    ignored: [...ignored, ...tools.ignored],
    spell,
    warnings,
  };
}

/** A managed prompt has messages of its own, and a client that fills in its variables need not send any. */
function noMessages({ model, promptVariables, prompt_variables }: ChatRequest): [] {
  if (promptVariables ?? prompt_variables ?? /:prompt(?:\/|%2f)/i.test(model)) return [];
  throw badRequest("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
}

/**
 * Users of bedrock-access-gateway nest model fields in a literal `extra_body`. Its members count as parameters
 * of the request; those that are none go to the model as they are.
 */
function unwrapExtraBody(input: Fields): { body: Fields; modelFields: JsonObject } {
  const { extra_body, ...rest } = input;
  const extra = readOptional(extra_body, 'extra_body', readObject) ?? {};
  const body: Fields = { ...rest };
  const others: [string, JsonObject][] = [];
  for (const [name, value] of Object.entries(extra)) {
    if (Object.hasOwn(parameters, name)) body[name] ??= value;
    else others.push([name, value as JsonObject]);
  }
  return { body, modelFields: Object.fromEntries(others) };
}

function refuseOtherModalities({ modalities }: ChatRequest): void {
  const other = modalities?.find((modality) => modality !== 'text');
  if (other === undefined) return;
  throw unsupported(
    `Unsupported modality '${other.slice(0, 40)}': models on Bedrock answer in text here.`,
    'modalities',
  );
}

function inference(request: ChatRequest): { inferenceConfig?: InferenceConfig } {
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  const stop = typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []);
  const stopSequences = stop.filter((sequence) => sequence !== '');
  const inferenceConfig: InferenceConfig = {
    ...(maxTokens != null && { maxTokens }),
    ...(request.temperature != null && { temperature: request.temperature }),
    ...(request.top_p != null && { topP: request.top_p }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
  return Object.keys(inferenceConfig).length > 0 ? { inferenceConfig } : {};
}

function readIntent(request: ChatRequest, toolChoiceNone: boolean): Intent {
  const reasoning = readReasoning(request);
  const outputFormat = readOutputFormat(request);
  const topK = request.top_k ?? request.topK;
  const caching = request.prompt_caching;
  return {
    ...(reasoning && { reasoning }),
    ...(toolChoiceNone && { toolChoiceNone }),
    ...(request.parallel_tool_calls != null && { parallelToolCalls: request.parallel_tool_calls }),
    ...(outputFormat && { outputFormat }),
    ...(topK != null && { topK }),
    ...(request.seed != null && { seed: request.seed }),
    ...(request.frequency_penalty != null && { frequencyPenalty: request.frequency_penalty }),
    ...(request.presence_penalty != null && { presencePenalty: request.presence_penalty }),
    ...(request.logit_bias != null && { logitBias: request.logit_bias as JsonObject }),
    ...(request.web_search_options && { webSearch: true }),
    ...(request.anthropic_beta && { anthropicBeta: request.anthropic_beta }),
    ...((caching?.system || caching?.messages) && { cacheMode: 'auto' as const }),
  };
}

function readOutputFormat({ response_format: format }: ChatRequest): OutputFormat | undefined {
  if (!format || format.type === 'text') return undefined;
  if (format.type === 'json_object') {
    const schema = readOptional(format.schema, 'response_format.schema', readJsonObject);
    return { type: 'json_object', ...(schema && { schema }) };
  }
  const at = 'response_format.json_schema';
  const given = readObject(format.json_schema, at);
  const description = readOptional(given.description, `${at}.description`, readString);
  return {
    type: 'json_schema',
    name: readOptional(given.name, `${at}.name`, readString) ?? 'response',
    schema: readJsonObject(given.schema, `${at}.schema`),
    ...(description && { description }),
    ...(typeof given.strict === 'boolean' && { strict: given.strict }),
  };
}
