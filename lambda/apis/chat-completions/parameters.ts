import { docs } from '../../docs.ts';
import { bedrockParameters } from '../openai/bedrock-parameters.ts';
import { byModel, ignored, type Parameters, used, user } from '../shared/parameters.ts';

/*
 * Every parameter of Chat Completions and what becomes of it: the one list behind `x-gateway-ignored`, the strict mode
 * and docs/compatibility.md. Those with an effect are the members of `chatSchema`; a test compares the two.
 */

/** OpenAI's own (https://platform.openai.com/docs/api-reference/chat/create). */
export const openAiParameters: Parameters = {
  model: used(docs && 'A model id, inference profile id, ARN, alias or listed name.'),
  messages: used(docs && 'Converse messages and system blocks.'),
  max_completion_tokens: byModel(
    docs &&
      '`inferenceConfig.maxTokens`, lowered to what the model can write. Without it, what its family has in models.md.',
  ),
  max_tokens: byModel(docs && 'The same; `max_completion_tokens` wins over it.'),
  temperature: byModel(
    docs && '`inferenceConfig.temperature`; above 1 it becomes 1. Left out where the model refuses it.',
  ),
  top_p: byModel(
    docs &&
      '`inferenceConfig.topP`. Left out where the model refuses it, or refuses it next to `temperature`.',
  ),
  stop: used(
    docs &&
      '`inferenceConfig.stopSequences`. Where the model refuses it the gateway ends the answer there itself. Empty ones say nothing.',
  ),
  n: used(docs && '1 to 8 answers, made by as many calls at the same time.'),
  stream: used(docs && 'Server-sent events.'),
  stream_options: used(docs && '`include_usage`.'),
  usage: used(
    docs &&
      '`include: true`: the answer’s `usage` has its `cost`, as OpenRouter has it ([prices](prices.md)).',
  ),
  tools: used(docs && '`toolConfig.tools`. Functions and custom tools; hosted tools are ignored and named.'),
  tool_choice: used(
    docs &&
      '`none`, `auto`, `required`, a named tool, `allowed_tools`. Where the model cannot be made to call one it is asked to.',
  ),
  parallel_tool_calls: byModel(docs && '`false` is honoured by Claude 4 and later; ignored elsewhere.'),
  functions: used(docs && 'The older form of `tools`; the answer then has `function_call`.'),
  function_call: used(docs && 'The older form of `tool_choice`.'),
  response_format: used(
    docs &&
      '`text`, `json_object`, `json_schema`: native where the model has it, for GPT and Grok [in their own API](#natively), else a tool or an instruction.',
  ),
  reasoning_effort: byModel(
    docs && 'Becomes what the family has: effort, thinking budget or reasoning configuration.',
  ),
  service_tier: byModel(
    docs &&
      '`default`, `flex`, `priority`; `auto` leaves the choice to Bedrock, `scale` and `fast` become `priority`. Ignored where the model lacks the tier.',
  ),
  metadata: used(docs && '`requestMetadata`, up to 16 entries.'),
  modalities: used(docs && '`["text"]`; anything else is refused.'),
  web_search_options: byModel(
    docs && 'Nova 2: its web grounding, beside other tools; the members have no effect. Ignored elsewhere.',
  ),
  frequency_penalty: byModel(
    docs && 'Open-weight models have it [natively](#natively). Ignored by Converse. 0 is accepted silently.',
  ),
  presence_penalty: byModel(docs && 'The same.'),
  logit_bias: byModel(
    docs && 'Open-weight models and Grok have it [natively](#natively). Ignored by Converse.',
  ),
  seed: byModel(docs && 'Goes along [natively](#natively). Ignored by Converse.'),
  logprobs: ignored(docs && 'By Converse; [natively](#natively) models give them.', [false]),
  top_logprobs: ignored(docs && 'The same.', [0]),
  user,
  safety_identifier: ignored(docs && 'Use `metadata` for cost allocation.'),
  store: ignored(docs && 'Nothing is stored.', [false]),
  verbosity: ignored(docs && 'By Converse; GPT has it [natively](#natively).', ['medium']),
  audio: ignored(docs && 'Answers are text.'),
  prediction: ignored(docs && 'No counterpart on Bedrock.'),
  moderation: ignored(docs && 'Use a guardrail.'),
  prompt_cache_key: ignored(
    docs && 'Bedrock finds cached prefixes by itself. Goes along [natively](#natively).',
  ),
  prompt_cache_options: ignored(docs && 'Mark the place with `cache_control` or `prompt_cache_breakpoint`.'),
  prompt_cache_retention: ignored(docs && 'Use the `ttl` of `cache_control`.'),
};

/** Those of other gateways and of Bedrock itself. */
export const otherParameters: Parameters = {
  models: used(docs && 'Fallback models, tried in order after `model`.'),
  fallbacks: used(docs && 'The same.'),
  top_k: byModel(docs && 'Sent under the name the family has for it; ignored where there is none.'),
  topK: byModel(docs && 'The same.'),
  reasoning: byModel(docs && 'OpenRouter’s: `effort`, `max_tokens`, `enabled`, `exclude`.'),
  thinking: byModel(docs && 'Claude’s own object, passed on unchanged where the model takes that form.'),
  output_config: byModel(docs && '`effort`, next to `thinking`.'),
  enable_thinking: byModel(docs && 'Qwen’s: true or false; with `thinking_budget`.'),
  thinking_budget: byModel(docs && 'Tokens; with `enable_thinking`.'),
  chat_template_kwargs: byModel(docs && 'vLLM’s: `enable_thinking`.'),
  optimisation: used(
    docs &&
      'Optimisation techniques: an expression such as `re2&bon`, or an object with `technique`, `params`, `models`, `max_calls`, `max_output_tokens`. See optimisation.md.',
  ),
  optillm_approach: used(docs && 'OptiLLM’s name for it.'),
  mcts_simulations: used(docs && 'OptiLLM’s: a parameter of the technique `mcts`.'),
  mcts_exploration: used(docs && 'The same.'),
  mcts_depth: used(docs && 'The same.'),
  prompt_caching: used(docs && 'bedrock-access-gateway’s switch: sets cache points automatically.'),
  extra_body: used(docs && 'Unwrapped; what is not a parameter goes to `additionalModelRequestFields`.'),
  ...bedrockParameters,
};

export const parameters: Parameters = { ...openAiParameters, ...otherParameters };
