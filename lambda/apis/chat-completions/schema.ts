import * as v from 'valibot';
import { efforts } from '../../canonical/request.ts';
import {
  bedrockParameters,
  count,
  flag,
  list,
  modelName,
  modelNames,
  number,
  object,
  strings,
  tier,
} from '../shared/schema.ts';

/**
 * The parameters of POST /chat/completions
 * (https://platform.openai.com/docs/api-reference/chat/create) and those that clients of other gateways send
 * for Bedrock. Strict about types and ranges of what is used; unknown members pass (parameters.ts decides).
 * `messages` and `tools` are checked where they are translated.
 */

const effort = v.nullish(v.picklist(efforts));
const fallbacks = v.nullish(modelNames);

export const chatSchema = v.looseObject({
  model: modelName,
  messages: v.nullish(list),
  models: fallbacks,
  fallbacks,

  max_tokens: count(1),
  max_completion_tokens: count(1),
  temperature: number(0, 2),
  top_p: number(0, 1),
  top_k: count(0),
  topK: count(0),
  stop: v.nullish(v.union([v.string(), v.array(v.string())])),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  logit_bias: object,
  seed: v.nullish(v.pipe(v.number(), v.integer())),
  n: count(1, 8),

  tools: v.nullish(list),
  tool_choice: v.nullish(v.union([v.string(), v.looseObject({})])),
  parallel_tool_calls: flag,
  functions: v.nullish(list),
  function_call: v.nullish(v.union([v.string(), v.looseObject({})])),

  reasoning_effort: effort,
  reasoning: v.nullish(v.looseObject({ effort, max_tokens: count(1), enabled: flag, exclude: flag })),
  thinking: v.nullish(v.looseObject({ type: v.nullish(v.string()), budget_tokens: count(1) })),
  output_config: v.nullish(v.looseObject({ effort })),
  enable_thinking: flag,
  thinking_budget: count(1),
  chat_template_kwargs: v.nullish(v.looseObject({ enable_thinking: flag })),

  response_format: v.nullish(v.looseObject({ type: v.picklist(['text', 'json_object', 'json_schema']) })),
  web_search_options: object,
  modalities: v.nullish(v.array(v.string())),
  stream: flag,
  stream_options: v.nullish(v.looseObject({ include_usage: flag })),
  usage: v.nullish(v.looseObject({ include: flag })),

  service_tier: v.nullish(tier),
  metadata: strings,
  prompt_caching: v.nullish(v.looseObject({ system: flag, messages: flag })),
  ...bedrockParameters,
  anthropic_beta: v.nullish(v.array(v.string())),

  // Read and taken out before the rest is looked at (techniques/members.ts).
  optimisation: v.optional(v.unknown()),
  optillm_approach: v.optional(v.unknown()),
  mcts_simulations: v.optional(v.unknown()),
  mcts_exploration: v.optional(v.unknown()),
  mcts_depth: v.optional(v.unknown()),
});

export type ChatRequest = v.InferOutput<typeof chatSchema>;
