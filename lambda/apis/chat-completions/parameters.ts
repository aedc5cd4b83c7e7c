import { ApiError } from '../../errors.ts';
import type { Fields } from '../read.ts';

/**
 * Every parameter of Chat Completions and what becomes of it: the one list behind `x-gateway-ignored`, the
 * strict mode and docs/compatibility.md. `used`: it reaches the model or the answer. `ignored`: it has no
 * effect and cannot change what the answer means; `quiet` are the values at which it asks for nothing.
 */
export interface Parameter {
  effect: 'used' | 'ignored';
  note: string;
  quiet?: readonly unknown[];
}

const used = (note: string): Parameter => ({ effect: 'used', note });
const ignored = (note: string, quiet: readonly unknown[] = []): Parameter => ({
  effect: 'ignored',
  note,
  quiet,
});

export const parameters: Readonly<Record<string, Parameter>> = {
  model: used('A model id, inference profile id, ARN, alias or listed name.'),
  messages: used('Converse messages and system blocks.'),
  models: used('Fallback models, tried in order after `model`.'),
  fallbacks: used('Same as `models`.'),
  max_tokens: used('`inferenceConfig.maxTokens`, lowered to what the model can write.'),
  max_completion_tokens: used('Same as `max_tokens`, and wins over it.'),
  temperature: used(
    '`inferenceConfig.temperature`; above 1 it becomes 1. Left out where the model refuses it.',
  ),
  top_p: used(
    '`inferenceConfig.topP`. Left out where the model refuses it, or refuses it next to `temperature`.',
  ),
  top_k: used('Sent under the name the family has for it; ignored where there is none.'),
  topK: used('Same as `top_k`.'),
  stop: used('`inferenceConfig.stopSequences`. Blank entries are left out.'),
  frequency_penalty: used('Ignored by models on Bedrock; 0 is accepted silently.'),
  presence_penalty: used('Ignored by models on Bedrock; 0 is accepted silently.'),
  logit_bias: used('Ignored by models on Bedrock.'),
  seed: used('Ignored by models on Bedrock.'),
  n: used('1 to 8 answers, made by as many calls at the same time.'),
  tools: used('`toolConfig.tools`. Functions and custom tools; hosted tools are ignored and named.'),
  tool_choice: used('`none`, `auto`, `required`, a named tool, `allowed_tools`.'),
  parallel_tool_calls: used('`false` is honoured by Claude; ignored elsewhere.'),
  functions: used('The older form of `tools`; the answer then has `function_call`.'),
  function_call: used('The older form of `tool_choice`.'),
  reasoning_effort: used('Becomes what the family has: effort, thinking budget or reasoning configuration.'),
  reasoning: used('`effort`, `max_tokens`, `enabled`, `exclude`.'),
  thinking: used('Claude’s own object, passed on unchanged where the model takes that form.'),
  output_config: used('`effort`, next to `thinking`.'),
  enable_thinking: used('true or false; with `thinking_budget`.'),
  thinking_budget: used('Tokens; with `enable_thinking`.'),
  chat_template_kwargs: used('`enable_thinking`.'),
  response_format: used(
    '`text`, `json_object`, `json_schema`: native where the model has it, else a tool or an instruction.',
  ),
  web_search_options: used(
    'Nova 2: its web grounding, beside other tools; its members are ignored. Ignored elsewhere.',
  ),
  modalities: used('`["text"]`; anything else is refused.'),
  stream: used('Server-sent events.'),
  stream_options: used('`include_usage`.'),
  service_tier: used(
    '`default`, `flex`, `priority`; `auto` leaves the choice to Bedrock, `scale` and `fast` become `priority`.',
  ),
  serviceTier: used('Same as `service_tier`, in Converse’s form.'),
  metadata: used('`requestMetadata`, up to 16 entries.'),
  requestMetadata: used('Same as `metadata`.'),
  prompt_variables: used('`promptVariables`, for prompt ARNs.'),
  promptVariables: used('Same as `prompt_variables`.'),
  prompt_caching: used('bedrock-access-gateway’s switch: sets cache points automatically.'),
  guardrailConfig: used('Converse’s guardrail; also by the `X-Amzn-Bedrock-Guardrail*` headers.'),
  guardrail_config: used('Same as `guardrailConfig`.'),
  performanceConfig: used('`latency`.'),
  performance_config: used('Same as `performanceConfig`.'),
  additionalModelRequestFields: used('Passed on as it is.'),
  additional_model_request_fields: used('Same as `additionalModelRequestFields`.'),
  additionalModelResponseFieldPaths: used('The fields come back under `bedrock`.'),
  anthropic_beta: used(
    'Added to `additionalModelRequestFields.anthropic_beta`; also by the `anthropic-beta` header.',
  ),
  extra_body: used('Unwrapped; what is not a parameter goes to `additionalModelRequestFields`.'),
  logprobs: ignored('Bedrock gives none.', [false]),
  top_logprobs: ignored('Bedrock gives none.', [0]),
  user: ignored('Use `metadata` for cost allocation.'),
  safety_identifier: ignored('Use `metadata` for cost allocation.'),
  store: ignored('Nothing is stored.', [false]),
  verbosity: ignored('No counterpart on Bedrock.', ['medium']),
  audio: ignored('Answers are text.'),
  prediction: ignored('No counterpart on Bedrock.'),
  moderation: ignored('Use a guardrail.'),
  prompt_cache_key: ignored('Bedrock finds cached prefixes by itself.'),
  prompt_cache_options: ignored('Mark the place with `cache_control` or `prompt_cache_breakpoint`.'),
  prompt_cache_retention: ignored('Use the `ttl` of `cache_control`.'),
};

/** Names of the parameters that had no effect. With `strict`, an unknown one is a 400 instead. */
export function ignoredParameters(body: Fields, strict: boolean): string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue;
    const parameter = parameters[name];
    if (parameter?.effect === 'used' || parameter?.quiet?.includes(value)) continue;
    if (!parameter && strict) throw unknownParameter(name);
    names.push(name);
  }
  return names;
}

function unknownParameter(name: string): ApiError {
  return new ApiError({
    status: 400,
    type: 'invalid_request_error',
    reason: 'unsupported',
    code: 'unknown_parameter',
    param: name,
    message: `Unknown parameter: '${name.slice(0, 100)}'. This gateway is set to refuse parameters it does not know (STRICT_PARAMETERS).`,
  });
}
