import { BedrockError, invalid } from '../../errors.ts';
import type { SimulatedModel } from '../../models/model.ts';
import { effortsOf, isGpt, isGptOss, isGrok, isKimi3 } from '../models.ts';
import { notOneOf } from '../shape/check.ts';
import { checkSchema } from '../strict-schema.ts';
import { type ChatBody, partsOf } from './body.ts';

interface Rule {
  binds: (model: SimulatedModel) => boolean;
  /** The refusal, or its text; anything empty where there is none. */
  breach: (body: ChatBody, model: SimulatedModel) => BedrockError | string | false | null | undefined;
}

const everyone = () => true;
const unsupported = (name: string, more = '') =>
  `Unsupported parameter: '${name}' is not supported with this model.${more}`;
const onlyDefault = (name: string, value: number) =>
  `Unsupported value: '${name}' does not support ${value} with this model. Only the default (1) value is supported.`;

/** The first of these that a body has; null is as good as absent. */
const given = (body: ChatBody, ...names: string[]) =>
  names.find((name) => body[name] !== undefined && body[name] !== null);

const thinks = ({ reasoning_effort: effort }: ChatBody) => effort !== 'none';

/** BerriAI/litellm 1.110.2, checked live in October 2026, and aws-samples/sample-per-model-bedrock; OpenAI's words. */
export const chatRules: readonly Rule[] = [
  {
    binds: everyone,
    breach: ({ n }) => (n ?? 1) > 1 && onlyDefault('n', n!),
  },
  {
    binds: isGpt,
    breach: (body) =>
      given(body, 'max_tokens') && unsupported('max_tokens', ` Use 'max_completion_tokens' instead.`),
  },
  {
    binds: (model) => effortsOf(model) !== undefined,
    breach({ reasoning_effort: effort }, model) {
      const efforts = effortsOf(model) ?? [];
      return typeof effort === 'string' && !efforts.includes(effort) ? notOneOf(effort, efforts) : undefined;
    },
  },
  {
    binds: isGpt,
    breach: (body) =>
      thinks(body) &&
      (body.tools ?? []).length > 0 &&
      `Function tools with reasoning_effort are not supported for ${body.model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
  },
  {
    binds: isGpt,
    breach(body) {
      const { temperature } = body;
      if (!thinks(body)) return undefined;
      if (typeof temperature === 'number' && temperature !== 1)
        return onlyDefault('temperature', temperature);
      const names = ['top_p', 'presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs'];
      const name = given(body, ...names);
      return name && unsupported(name);
    },
  },
  {
    binds: (model) => isGpt(model) || isGptOss(model),
    breach: (body) => given(body, 'logit_bias') && unsupported('logit_bias'),
  },
  {
    binds: (model) => isGpt(model) || isGrok(model),
    breach: (body) => given(body, 'stop') && unsupported('stop'),
  },
  {
    binds: isGrok,
    breach: (body) =>
      given(body, 'presence_penalty', 'frequency_penalty') &&
      new BedrockError('ServiceUnavailableException', 'Bedrock is unable to process your request.'),
  },
  {
    // A function that is named is taken and not minded.
    binds: isGptOss,
    breach: ({ model, tool_choice: choice }) =>
      choice === 'required' &&
      `The model '${model}' does not support tool_choice '"required"' for /v1/chat/completions API. Supported values: '"auto"'.`,
  },
  {
    binds: everyone,
    breach: ({ tools, tool_choice: choice }) =>
      choice && (tools ?? []).length === 0 && `'tool_choice' is only allowed when 'tools' are specified.`,
  },
  {
    binds: everyone,
    breach({ tools, tool_choice: choice }) {
      const named = typeof choice === 'object' && choice !== null ? choice.function?.name : undefined;
      return named !== undefined && !tools?.some(({ function: { name } }) => name === named)
        ? `Tool choice '${named}' not found in 'tools' parameter.`
        : undefined;
    },
  },
  {
    binds: everyone,
    breach: (body) =>
      body.response_format?.type === 'json_object' &&
      !body.messages.flatMap(partsOf).some(({ text }) => /json/i.test(text ?? '')) &&
      `'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.`,
  },
  {
    // Kimi K3 and the open weights have tiers; GPT has the usual one.
    binds: isGpt,
    breach: ({ service_tier: tier }) =>
      tier && !['auto', 'default'].includes(tier) ? notOneOf(tier, ['auto', 'default']) : undefined,
  },
  {
    // On this path nobody but Kimi caches.
    binds: (model) => !isKimi3(model),
    breach(body) {
      for (const [i, message] of body.messages.entries())
        for (const [k, part] of partsOf(message).entries())
          if (part.prompt_cache_breakpoint)
            return `Unknown parameter: 'messages[${i}].content[${k}].prompt_cache_breakpoint'.`;
      return undefined;
    },
  },
  {
    binds: ({ family }) => family.tools === 'refused',
    breach: ({ tools }) => (tools ?? []).length > 0 && unsupported('tools'),
  },
  {
    binds: everyone,
    breach(body, model) {
      const takes: Record<string, boolean> = {
        image_url: model.family.media.image,
        input_audio: model.family.media.audio,
        // What only OpenAI's models read.
        file: isGpt(model),
      };
      const wrong = body.messages.flatMap(partsOf).find(({ type }) => takes[type] === false);
      return wrong && `Invalid content type. ${wrong.type} is only supported by certain models.`;
    },
  },
];

/** Throws BedrockError. */
export function checkRules(body: ChatBody, model: SimulatedModel): void {
  for (const { binds, breach } of chatRules) {
    const found = binds(model) ? breach(body, model) : undefined;
    if (found) throw typeof found === 'string' ? invalid(found) : found;
  }
  if (isGpt(model)) checkSchemas(body);
}

function checkSchemas({ response_format: format, tools }: ChatBody): void {
  const { schema = { type: 'object' }, name, strict } = format?.json_schema ?? {};
  checkSchema(schema, strict, { kind: 'response_format', name });
  for (const { function: called } of tools ?? [])
    if (called.parameters)
      checkSchema(called.parameters, called.strict, { kind: 'function', name: called.name });
}
