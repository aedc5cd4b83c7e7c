import { byModel, ignored, type Parameters, used, user } from '../shared/parameters.ts';

/*
 * Every parameter of Chat Completions and what becomes of it: the one list behind `x-gateway-ignored`, the strict mode
 * and docs/compatibility.md. Those with an effect are the members of `chatSchema`; a test compares the two.
 */

/** OpenAI's own (https://platform.openai.com/docs/api-reference/chat/create). */
export const openAiParameters: Parameters = {
  model: used('A model id, inference profile id, ARN, alias or listed name.'),
  messages: used('Converse messages and system blocks.'),
  max_completion_tokens: byModel(
    '`inferenceConfig.maxTokens`, lowered to what the model can write. Without it, what its family has in models.md.',
  ),
  max_tokens: byModel('The same; `max_completion_tokens` wins over it.'),
  temperature: byModel(
    '`inferenceConfig.temperature`; above 1 it becomes 1. Left out where the model refuses it.',
  ),
  top_p: byModel(
    '`inferenceConfig.topP`. Left out where the model refuses it, or refuses it next to `temperature`.',
  ),
  stop: used(
    '`inferenceConfig.stopSequences`. Where the model refuses it the gateway ends the answer there itself. Empty ones say nothing.',
  ),
  n: used('1 to 8 answers, made by as many calls at the same time.'),
  stream: used('Server-sent events.'),
  stream_options: used('`include_usage`.'),
  tools: used('`toolConfig.tools`. Functions and custom tools; hosted tools are ignored and named.'),
  tool_choice: used(
    '`none`, `auto`, `required`, a named tool, `allowed_tools`. Where the model cannot be made to call one it is asked to.',
  ),
  parallel_tool_calls: byModel('`false` is honoured by Claude 4 and later; ignored elsewhere.'),
  functions: used('The older form of `tools`; the answer then has `function_call`.'),
  function_call: used('The older form of `tool_choice`.'),
  response_format: used(
    '`text`, `json_object`, `json_schema`: native where the model has it, else a tool or an instruction.',
  ),
  reasoning_effort: byModel(
    'Becomes what the family has: effort, thinking budget or reasoning configuration.',
  ),
  service_tier: byModel(
    '`default`, `flex`, `priority`; `auto` leaves the choice to Bedrock, `scale` and `fast` become `priority`. Ignored where the model lacks the tier.',
  ),
  metadata: used('`requestMetadata`, up to 16 entries.'),
  modalities: used('`["text"]`; anything else is refused.'),
  web_search_options: byModel(
    'Nova 2: its web grounding, beside other tools; the members have no effect. Ignored elsewhere.',
  ),
  frequency_penalty: byModel('Ignored: models on Bedrock have none. 0 is accepted silently.'),
  presence_penalty: byModel('Ignored: models on Bedrock have none. 0 is accepted silently.'),
  logit_bias: byModel('Ignored: models on Bedrock have none.'),
  seed: byModel('Ignored: models on Bedrock have none.'),
  logprobs: ignored('Bedrock gives none.', [false]),
  top_logprobs: ignored('Bedrock gives none.', [0]),
  user,
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

/** Those of other gateways and of Bedrock itself. */
export const otherParameters: Parameters = {
  models: used('Fallback models, tried in order after `model`.'),
  fallbacks: used('The same.'),
  top_k: byModel('Sent under the name the family has for it; ignored where there is none.'),
  topK: byModel('The same.'),
  reasoning: byModel('OpenRouter’s: `effort`, `max_tokens`, `enabled`, `exclude`.'),
  thinking: byModel('Claude’s own object, passed on unchanged where the model takes that form.'),
  output_config: byModel('`effort`, next to `thinking`.'),
  enable_thinking: byModel('Qwen’s: true or false; with `thinking_budget`.'),
  thinking_budget: byModel('Tokens; with `enable_thinking`.'),
  chat_template_kwargs: byModel('vLLM’s: `enable_thinking`.'),
  prompt_caching: used('bedrock-access-gateway’s switch: sets cache points automatically.'),
  extra_body: used('Unwrapped; what is not a parameter goes to `additionalModelRequestFields`.'),
  additionalModelRequestFields: used('Passed on as it is.'),
  additional_model_request_fields: used('The same.'),
  additionalModelResponseFieldPaths: used('The fields come back under `bedrock`.'),
  anthropic_beta: byModel(
    'Added to `additionalModelRequestFields.anthropic_beta`; also by the `anthropic-beta` header.',
  ),
  guardrailConfig: used('Converse’s guardrail; also by the `X-Amzn-Bedrock-Guardrail*` headers.'),
  guardrail_config: used('The same.'),
  requestMetadata: used('Converse’s form of `metadata`; wins over it key by key.'),
  serviceTier: byModel('Converse’s form of `service_tier`, and wins over it.'),
  performanceConfig: used('`latency`.'),
  performance_config: used('The same.'),
  promptVariables: used('For prompt ARNs.'),
  prompt_variables: used('The same.'),
};

export const parameters: Parameters = { ...openAiParameters, ...otherParameters };
