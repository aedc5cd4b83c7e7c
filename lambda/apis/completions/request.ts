import { ByteBudget } from '../../bounds.ts';
import type { CanonicalRequest, Intent } from '../../canonical/request.ts';
import type { ConverseRequest, InferenceConfig, JsonObject } from '../../canonical/types.ts';
import type { Spell } from '../../fields.ts';
import { unsupported } from '../shared/bad-request.ts';
import { bedrockOwn } from '../shared/bedrock-extensions.ts';
import type { Fields } from '../shared/json.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import { spellingFor } from '../shared/spelling.ts';
import { validate } from '../shared/validate.ts';
import { fieldNames, otherNames } from './field-names.ts';
import { parameters } from './parameters.ts';
import { readPrompts } from './prompts.ts';
import { type CompletionsRequest, completionsSchema } from './schema.ts';

/** OpenAI's own: clients that complete code rely on an answer that is short where they say nothing. */
const defaultMaxTokens = 16;

/** Tokens for a model that cannot be kept from thinking, so that something of its answer is left. */
const thinkingRoom = 4096;

/** A request whose parameters are known; its prompts have not been looked at. */
export interface AskedCompletions {
  request: CompletionsRequest;
  ignored: string[];
  spell: Spell;
  /** Model names to try after the first. */
  fallbacks: string[] | undefined;
}

export interface CompletionsCall {
  prompts: readonly string[];
  /** One for each prompt. */
  requests: readonly CanonicalRequest[];
  /** Answers to each prompt. */
  n: number;
  echo: boolean;
  includeUsage: boolean;
  /** The client asked to see the guardrail's trace. */
  trace: boolean;
  warnings: string[];
}

/** Reads the parameters, so that it is known what is asked of whom. Throws a 400 that names the one at fault. */
export function readParameters(body: Fields, strict: boolean): AskedCompletions {
  const ignored = ignoredParameters(body, parameters, strict);
  const request = validate(completionsSchema, body);
  const { n, best_of } = request;
  if (best_of != null && best_of !== (n ?? 1)) {
    throw unsupported(
      `\`best_of\` is ${best_of} and \`n\` ${n ?? 1}: models on Bedrock do not say how likely an answer is, so none can be chosen as the best. Leave \`best_of\` out.`,
      'best_of',
    );
  }
  return {
    request,
    ignored,
    spell: spellingFor(request, fieldNames, otherNames),
    fallbacks: request.models ?? request.fallbacks ?? undefined,
  };
}

/** Throws a 400 that names the prompt at fault; a 413 for what becomes too large. */
export function translateCompletions({ request }: AskedCompletions, bodyBytes: number): CompletionsCall {
  const n = request.n ?? 1;
  const prompts = readPrompts(request.prompt, n);
  // Each call has one of the prompts: the body goes out as often as each is answered.
  new ByteBudget(n).spend(bodyBytes);
  const suffix = request.suffix ?? '';
  const shared: Omit<ConverseRequest, 'messages'> = {
    inferenceConfig: inference(request),
    ...(suffix !== '' && { system: [{ text: fillIn }] }),
    ...bedrockOwn(request, {}),
  };
  const requests = prompts.map((prompt): CanonicalRequest => {
    const text = suffix === '' ? prompt : `<prefix>${prompt}</prefix>\n<suffix>${suffix}</suffix>`;
    return {
      model: request.model,
      converse: { ...shared, messages: [{ role: 'user', content: [{ text }] }] },
      intent: readIntent(request),
    };
  });
  return {
    prompts,
    requests,
    n,
    echo: request.echo ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    trace: (shared.guardrailConfig?.trace ?? 'disabled') !== 'disabled',
    warnings: suffix === '' ? [] : ['suffix: the model is instructed to write what belongs before it'],
  };
}

/** No model on Bedrock has a parameter for a suffix. */
const fillIn =
  'The user gives the beginning of a text in <prefix> and its end in <suffix>. Write what stands between the two, and ' +
  'nothing else: no explanation, no quotation marks, no code fence, and nothing that is in the prefix or the suffix.';

function inference(request: CompletionsRequest): InferenceConfig {
  const stop = typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []);
  const stopSequences = stop.filter((sequence) => sequence !== '');
  return {
    maxTokens: request.max_tokens ?? defaultMaxTokens,
    ...(request.temperature != null && { temperature: request.temperature }),
    ...(request.top_p != null && { topP: request.top_p }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
}

/** A completion has no place for reasoning, and its few tokens are for the text. */
function readIntent(request: CompletionsRequest): Intent {
  return {
    reasoning: { effort: 'none', exclude: true },
    thinkingRoom,
    ...(request.top_k != null && { topK: request.top_k }),
    ...(request.seed != null && { seed: request.seed }),
    ...(request.frequency_penalty != null && { frequencyPenalty: request.frequency_penalty }),
    ...(request.presence_penalty != null && { presencePenalty: request.presence_penalty }),
    ...(request.logit_bias != null && { logitBias: request.logit_bias as JsonObject }),
    ...(request.anthropic_beta && { anthropicBeta: request.anthropic_beta }),
  };
}
