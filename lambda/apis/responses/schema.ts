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
 * The parameters of POST /responses (https://platform.openai.com/docs/api-reference/responses/create) and those of
 * Bedrock. Strict about types and ranges of what is used; unknown members pass (parameters.ts decides). `input` and
 * `tools` are checked where they are translated.
 */

const text = v.nullish(v.string());
const summary = v.nullish(v.picklist(['auto', 'concise', 'detailed', 'none']));
const fallbacks = v.nullish(modelNames);

export const reasoningSchema = v.nullish(
  v.looseObject({ effort: v.nullish(v.picklist(efforts)), summary, generate_summary: summary }),
);
export const textSchema = v.nullish(
  v.looseObject({
    format: v.nullish(v.looseObject({ type: v.picklist(['text', 'json_object', 'json_schema']) })),
    verbosity: v.nullish(v.picklist(['low', 'medium', 'high'])),
  }),
);

export const responsesSchema = v.looseObject({
  model: modelName,
  input: v.nullish(v.union([v.string(), list], 'expected a string or an array of items')),
  instructions: text,
  prompt: v.nullish(v.looseObject({ id: v.string(), version: text, variables: object })),
  models: fallbacks,
  fallbacks,

  max_output_tokens: count(1),
  temperature: number(0, 2),
  top_p: number(0, 1),

  tools: v.nullish(list),
  tool_choice: v.nullish(v.union([v.string(), v.looseObject({})], 'expected a string or an object')),
  parallel_tool_calls: flag,

  reasoning: reasoningSchema,
  text: textSchema,
  include: v.nullish(v.array(v.string())),
  stream: flag,
  stream_options: object,

  store: flag,
  background: flag,
  previous_response_id: text,
  conversation: v.nullish(v.union([v.string(), v.looseObject({})], 'expected a string or an object')),

  service_tier: v.nullish(v.picklist([...tier.options, 'ultrafast'])),
  metadata: strings,
  truncation: v.nullish(v.picklist(['auto', 'disabled'])),
  prompt_cache_key: text,
  safety_identifier: text,
  user: text,
  ...bedrockParameters,
  anthropic_beta: v.nullish(v.array(v.string())),
});

export type ResponsesRequest = v.InferOutput<typeof responsesSchema>;
