import * as v from 'valibot';
import { guardrailStreamModes, guardrailTraces } from '../../aws/limits.ts';
import { bounds } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import { efforts } from '../../canonical/request.ts';
import type { Fields } from '../shared/json.ts';

/**
 * The parameters of POST /chat/completions
 * (https://platform.openai.com/docs/api-reference/chat/create) and those that clients of other gateways send
 * for Bedrock. Strict about types and ranges of what is used; unknown members pass (parameters.ts decides).
 * `messages` and `tools` are checked where they are translated.
 */

const number = (min: number, max: number) => v.nullish(v.pipe(v.number(), v.minValue(min), v.maxValue(max)));
const count = (min: number, max = 10_000_000) =>
  v.nullish(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)));
const flag = v.nullish(v.boolean());
/** As it stands: Valibot's objects and records leave out members named `__proto__`, `constructor` or `prototype`. */
const anyObject = v.custom<Fields>(isObject, 'expected an object');
const object = v.nullish(anyObject);
const list = v.custom<unknown[]>(Array.isArray, 'expected an array');
const nonEmpty = v.pipe(v.string(), v.nonEmpty('it must not be empty'));
const effort = v.nullish(v.picklist(efforts));
const strings = v.nullish(
  v.pipe(
    anyObject,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, value] of Object.entries(dataset.value)) {
        if (typeof value === 'string') continue;
        const at = { type: 'object', origin: 'value', input: dataset.value, key, value } as const;
        addIssue({ message: 'expected a value of type string', input: value, path: [at] });
        return;
      }
    }),
    v.transform((value) => value as Record<string, string>),
  ),
);

const guardrail = v.nullish(
  v.looseObject({
    guardrailIdentifier: nonEmpty,
    guardrailVersion: nonEmpty,
    trace: v.optional(v.picklist(guardrailTraces)),
    streamProcessingMode: v.optional(v.picklist(guardrailStreamModes)),
  }),
);
const performance = v.nullish(v.looseObject({ latency: v.picklist(['standard', 'optimized']) }));
const tier = v.picklist(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'reserved']);

const modelName = v.pipe(nonEmpty, v.maxLength(2048, 'it must have at most 2048 characters'));
const fallbacks = v.nullish(
  v.pipe(
    v.array(modelName),
    v.maxLength(bounds.fallbacks, `it must have at most ${bounds.fallbacks} entries`),
  ),
);

export const chatSchema = v.looseObject({
  model: modelName,
  messages: v.optional(list),
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
  thinking: v.nullish(v.looseObject({ type: v.optional(v.string()), budget_tokens: count(1) })),
  output_config: v.nullish(v.looseObject({ effort })),
  enable_thinking: flag,
  thinking_budget: count(1),
  chat_template_kwargs: v.nullish(v.looseObject({ enable_thinking: flag })),

  response_format: v.nullish(v.looseObject({ type: v.picklist(['text', 'json_object', 'json_schema']) })),
  web_search_options: object,
  modalities: v.nullish(v.array(v.string())),
  stream: flag,
  stream_options: v.nullish(v.looseObject({ include_usage: flag })),

  service_tier: v.nullish(tier),
  serviceTier: v.nullish(v.looseObject({ type: tier })),
  metadata: strings,
  requestMetadata: strings,
  prompt_variables: strings,
  promptVariables: strings,
  prompt_caching: v.nullish(v.looseObject({ system: flag, messages: flag })),
  guardrailConfig: guardrail,
  guardrail_config: guardrail,
  performanceConfig: performance,
  performance_config: performance,
  additionalModelRequestFields: object,
  additional_model_request_fields: object,
  additionalModelResponseFieldPaths: v.nullish(
    v.pipe(
      v.array(v.pipe(v.string(), v.startsWith('/', 'it must be a JSON pointer, such as /stop_sequence'))),
      v.maxLength(10),
    ),
  ),
  anthropic_beta: v.nullish(v.array(v.string())),
});

export type ChatRequest = v.InferOutput<typeof chatSchema>;
