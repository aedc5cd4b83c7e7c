import * as v from 'valibot';
import {
  bedrockParameters,
  count,
  flag,
  modelName,
  modelNames,
  number,
  object,
  strings,
  tier,
} from '../shared/schema.ts';

const fallbacks = v.nullish(modelNames);

/**
 * The parameters of POST /completions (https://platform.openai.com/docs/api-reference/completions/create) and those that
 * this gateway's other APIs have for Bedrock. `prompt` is checked where it is read.
 */
export const completionsSchema = v.looseObject({
  model: modelName,
  models: fallbacks,
  fallbacks,
  prompt: v.optional(v.unknown()),
  suffix: v.nullish(v.string()),
  max_tokens: count(1),
  temperature: number(0, 2),
  top_p: number(0, 1),
  top_k: count(0),
  n: count(1, 8),
  best_of: count(1),
  stop: v.nullish(v.union([v.string(), v.array(v.string())])),
  echo: flag,
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  logit_bias: object,
  seed: v.nullish(v.pipe(v.number(), v.integer())),
  stream: flag,
  stream_options: v.nullish(v.looseObject({ include_usage: flag })),
  service_tier: v.nullish(tier),
  metadata: strings,
  ...bedrockParameters,
  anthropic_beta: v.nullish(v.array(v.string())),
});

export type CompletionsRequest = v.InferOutput<typeof completionsSchema>;
