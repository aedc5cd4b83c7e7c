import * as v from 'valibot';
import {
  bedrockParameters,
  count,
  flag,
  list,
  modelName,
  modelNames,
  number,
  object,
  someCount,
  tier,
} from '../shared/schema.ts';

/**
 * The parameters of POST /messages (https://docs.anthropic.com/en/api/messages) and Bedrock's own beside them. Unknown
 * members pass (parameters.ts decides). The conversation and the tools are checked in `conversation.ts` and `tools.ts`.
 */

const effort = v.nullish(v.picklist(['low', 'medium', 'high', 'xhigh', 'max']));
const format = v.nullish(v.looseObject({ type: v.literal('json_schema') }));
const flags = v.nullish(v.array(v.pipe(v.string(), v.maxLength(200, 'it must have at most 200 characters'))));
const anything = v.optional(v.unknown());

export const messagesSchema = v.looseObject({
  model: modelName,
  max_tokens: someCount(1),
  messages: v.optional(list),
  system: v.nullish(v.union([v.string(), list])),
  stream: flag,

  tools: v.nullish(list),
  tool_choice: v.nullish(
    v.looseObject({
      type: v.picklist(['auto', 'any', 'tool', 'none']),
      name: v.nullish(v.string()),
      disable_parallel_tool_use: flag,
    }),
  ),

  stop_sequences: v.nullish(v.array(v.string())),
  temperature: number(0, 1),
  top_p: number(0, 1),
  top_k: count(0),

  thinking: v.nullish(
    v.looseObject({
      type: v.picklist(['enabled', 'disabled', 'adaptive', 'between_tools']),
      budget_tokens: count(1),
    }),
  ),
  output_config: v.nullish(v.looseObject({ effort, format })),
  output_format: format,

  metadata: v.nullish(v.looseObject({ user_id: v.nullish(v.string()) })),
  cache_control: object,
  service_tier: v.nullish(v.picklist([...tier.options, 'standard_only'])),
  context_management: object,
  compaction: object,
  container: anything,
  mcp_servers: anything,
  thread: anything,
  safeguards: anything,

  betas: flags,
  anthropic_beta: flags,
  anthropic_version: anything,

  models: v.nullish(modelNames),
  /** Anthropic's own are objects, of which nothing is read, or `default`. */
  fallbacks: v.nullish(v.union([modelNames, v.array(v.looseObject({})), v.literal('default')])),
  ...bedrockParameters,
});

export type MessagesRequest = v.InferOutput<typeof messagesSchema>;
