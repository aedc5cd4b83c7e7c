import type { StateKey } from '../../auth/state-key.ts';
import { ByteBudget } from '../../bounds.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import type { CanonicalRequest, Intent } from '../../canonical/request.ts';
import type { ConverseRequest, InferenceConfig } from '../../canonical/types.ts';
import type { Spell } from '../../fields.ts';
import { parseArn } from '../../models/names/model-id.ts';
import { badRequest } from '../shared/bad-request.ts';
import { bedrockOwn } from '../shared/bedrock-extensions.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { spellingFor } from '../shared/spelling.ts';
import { validate } from '../shared/validate.ts';
import { askForSummary } from './compaction.ts';
import { withConfiguration } from './configuration.ts';
import { echoOf } from './echo.ts';
import { fieldNames, otherNames } from './field-names.ts';
import { ignoredMembers } from './ignored-members.ts';
import type { FromStore } from './item-path.ts';
import { readItems } from './items.ts';
import { readOutputFormat } from './output-format.ts';
import { parameters } from './parameters.ts';
import { withPrompt } from './prompt.ts';
import { readReasoning } from './reasoning-request.ts';
import { refuseState } from './refusals.ts';
import type { Rendering } from './rendering.ts';
import { type ResponsesRequest, responsesSchema } from './schema.ts';
import { type RequestedTools, readTools } from './tools.ts';

export interface TranslateOptions {
  stateKey: StateKey;
  fetched: ReadonlyMap<string, FetchedMedia>;
  /** Bytes of the client's body. */
  bodyBytes?: number;
}

/** A Responses request, translated, and what the answer must know about it. */
export interface ResponsesCall {
  canonical: CanonicalRequest;
  rendering: Rendering;
  ignored: string[];
  /** What was lost before the request came. */
  warnings: string[];
}

/** A request whose parameters are known; its items and tools have not been looked at. */
export interface AskedResponse {
  request: ResponsesRequest;
  input: string | readonly unknown[];
  ignored: string[];
  /** What this client calls the fields of its request. */
  spell: Spell;
  /** Model names to try after the first. */
  fallbacks: string[] | undefined;
  /** Absent: nothing is stored. */
  stored?: FromStore | undefined;
}

/** Reads the parameters, so that it is known what is asked of whom. Throws a 400 that names the one at fault. */
export function readParameters(body: Fields, strict: boolean, stored?: FromStore): AskedResponse {
  const unknown = ignoredParameters(body, parameters, strict);
  const validated = validate(responsesSchema, body);
  refuseState(validated, stored !== undefined);
  const request = withConfiguration(withPrompt(validated));
  return {
    request,
    input: request.input ?? noInput(request),
    ignored: [...unknown, ...ignoredMembers(request)],
    spell: spellingFor(request, fieldNames, otherNames),
    fallbacks: request.models ?? request.fallbacks ?? undefined,
    ...(stored && { stored }),
  };
}

/** Translates a whole body of POST /responses, where nothing has to be known between the two steps. */
export function translateRequest(
  body: Fields,
  { strict, ...options }: TranslateOptions & { strict: boolean },
): ResponsesCall {
  return translateResponses(readParameters(body, strict), options);
}

/**
 * Translates a request whose parameters have been read. Throws a 400 that names the parameter for what is malformed,
 * and for what would change the answer and cannot be honoured; a 404 for an item that is not there; a 413 for what
 * becomes too large.
 */
export function translateResponses(asked: AskedResponse, options: TranslateOptions): ResponsesCall {
  const { request, input, stored } = asked;
  const { stateKey, fetched } = options;
  const bytes = new ByteBudget();
  bytes.spend(options.bodyBytes ?? 0);
  const tools = readTools(request, typeof input === 'string' ? [] : input, stored);
  const { names, found } = tools;
  const context = { stateKey, fetched, bytes, names, found, model: request.model, stored };
  const conversation = readItems(input, request.instructions ?? undefined, context);
  const canonical = canonicalOf(request, tools, conversation);
  const { compaction } = conversation;
  return {
    canonical: compaction ? askForSummary(canonical) : canonical,
    rendering: renderingOf(request, tools, { stateKey, compaction }),
    ignored: [...asked.ignored, ...tools.ignored, ...conversation.ignored, ...idleFormat(request, tools)],
    warnings: conversation.warnings,
  };
}

function canonicalOf(
  request: ResponsesRequest,
  tools: RequestedTools,
  { system, messages }: Pick<ConverseRequest, 'system' | 'messages'>,
): CanonicalRequest {
  const converse: ConverseRequest = {
    messages,
    ...(system && system.length > 0 && { system }),
    ...inference(request),
    ...(tools.toolConfig && { toolConfig: tools.toolConfig }),
    ...bedrockOwn(request, {}),
  };
  return { model: request.model, converse, intent: readIntent(request, tools) };
}

function renderingOf(
  request: ResponsesRequest,
  { names }: RequestedTools,
  parts: Pick<Rendering, 'stateKey' | 'compaction'>,
): Rendering {
  const { trace } = request.guardrailConfig ?? request.guardrail_config ?? {};
  return {
    ...parts,
    echo: echoOf(request),
    tools: names,
    references: request.store !== false,
    returnsReasoning: request.include?.includes('reasoning.encrypted_content') ?? false,
    trace: (trace ?? 'disabled') !== 'disabled',
  };
}

/** A managed prompt has messages of its own, and a client that fills in its variables need not send any. */
function noInput({ model, promptVariables, prompt_variables }: ResponsesRequest): [] {
  if (promptVariables ?? prompt_variables ?? parseArn(model)?.resource === 'prompt') return [];
  throw badRequest("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
}

function inference(request: ResponsesRequest): { inferenceConfig?: InferenceConfig } {
  const { max_output_tokens: maxTokens, temperature, top_p: topP } = request;
  const inferenceConfig: InferenceConfig = {
    ...(maxTokens != null && { maxTokens }),
    ...(temperature != null && { temperature }),
    ...(topP != null && { topP }),
  };
  return Object.keys(inferenceConfig).length > 0 ? { inferenceConfig } : {};
}

function readIntent(request: ResponsesRequest, tools: RequestedTools): Intent {
  const reasoning = readReasoning(request);
  const outputFormat = demandsCall(tools) ? undefined : readOutputFormat(request);
  return {
    ...(reasoning && { reasoning }),
    ...(tools.toolChoiceNone && { toolChoiceNone: true }),
    ...(request.parallel_tool_calls != null && { parallelToolCalls: request.parallel_tool_calls }),
    ...(outputFormat && { outputFormat }),
    ...(tools.webSearch && { webSearch: true }),
    ...(request.anthropic_beta && { anthropicBeta: request.anthropic_beta }),
  };
}

/** A forced call leaves no text that could have a form; Instructor sends both and reads the call. */
function demandsCall({ toolConfig }: RequestedTools): boolean {
  return toolConfig?.toolChoice !== undefined && !('auto' in toolConfig.toolChoice);
}

function idleFormat(request: ResponsesRequest, tools: RequestedTools): string[] {
  return demandsCall(tools) && readOutputFormat(request) ? ['text.format'] : [];
}
