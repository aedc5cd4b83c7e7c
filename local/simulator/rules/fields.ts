import { estimateTokens } from '../answer/tokens.ts';
import type { ConverseRequest } from '../converse/request.ts';
import { anthropicName } from '../models/claude-models.ts';
import type { Family } from '../models/family.ts';
import { contextOverflow } from '../scenarios/refusals.ts';
import { jsonError } from './reasoning.ts';
import {
  anthropic,
  everyone,
  extraneousKey,
  isBlank,
  noField,
  nova,
  type Rule,
  type RuleContext,
} from './rule.ts';

const unknownKeys = (fields: Record<string, unknown> | undefined, { family }: RuleContext) =>
  Object.keys(fields ?? {}).filter((key) => !family.additionalFields.includes(key));

/** Bedrock hands additionalModelRequestFields to the model, and the model refuses what it does not know. */
const additionalFields: Rule[] = [
  {
    name: 'Claude’s own fields',
    binds: anthropic,
    from: 'provider',
    breach({ additionalModelRequestFields }, context) {
      const [key] = unknownKeys(additionalModelRequestFields, context);
      return key && `${key}: Extra inputs are not permitted`;
    },
  },
  {
    name: 'Nova’s own fields',
    binds: nova,
    from: 'provider',
    breach({ additionalModelRequestFields }, context) {
      const [key] = unknownKeys(additionalModelRequestFields, context);
      return key && extraneousKey('#', key);
    },
  },
  {
    // langchain-ai/langchain-aws#1262, BerriAI/litellm#38279.
    name: 'GPT’s own fields',
    binds: (family) => family.provider === 'openai',
    from: 'provider',
    breach({ additionalModelRequestFields }, context) {
      const [key] = unknownKeys(additionalModelRequestFields, context);
      return key && `Unknown parameter: '${key}'.`;
    },
  },
  {
    name: 'open-weight models’ own fields',
    binds: (family) => family.provider === 'open-weight',
    from: 'provider',
    breach({ additionalModelRequestFields }, context) {
      const [key] = unknownKeys(additionalModelRequestFields, context);
      return key && jsonError(`Unrecognized request argument supplied: ${key}`);
    },
  },
  {
    name: 'older models’ own fields',
    binds: (family) => family.provider === 'classic',
    from: 'provider',
    breach({ additionalModelRequestFields }, context) {
      const [key] = unknownKeys(additionalModelRequestFields, context);
      return key && extraneousKey('#', key);
    },
  },
];

const pointer = /^(\/([^~/]|~[01])*)+$/;

const fields: Rule[] = [
  {
    // The bound is in the request schemas of Nova 2's guide; the words are those of its validator for other bounds.
    name: 'topK on Nova',
    binds: nova,
    from: 'provider',
    breach({ additionalModelRequestFields }) {
      const { topK } = (additionalModelRequestFields?.inferenceConfig ?? {}) as { topK?: unknown };
      return typeof topK === 'number' && topK > 128
        ? `Malformed input request: #/inferenceConfig/topK: ${topK} is not less or equal to 128, please reformat your input and try again.`
        : undefined;
    },
  },
  {
    name: 'stop sequences',
    binds: (family) => !family.stopSequences,
    breach: ({ inferenceConfig }) =>
      inferenceConfig?.stopSequences?.length ? noField('stopSequences') : undefined,
  },
  {
    // BerriAI/litellm#3286.
    name: 'stop sequences say something',
    binds: anthropic,
    from: 'provider',
    breach: ({ inferenceConfig }) =>
      inferenceConfig?.stopSequences?.some(isBlank)
        ? 'stop_sequences: each stop sequence must contain non-whitespace'
        : undefined,
  },
  {
    name: 'latency mode',
    binds: (family) => !family.latencyOptimized,
    breach: ({ performanceConfig }) =>
      performanceConfig?.latency === 'optimized' ? noField('performanceConfig.latency') : undefined,
  },
  {
    name: 'paths into the response are JSON pointers',
    binds: everyone,
    breach({ additionalModelResponseFieldPaths: paths = [] }) {
      const odd = paths.find((path) => !pointer.test(path));
      return odd !== undefined
        ? `The additionalModelResponseFieldPaths value ${odd} is not a valid JSON Pointer. Check the format and try again.`
        : undefined;
    },
  },
  {
    name: 'a guardrail has a version',
    binds: everyone,
    breach: ({ guardrailConfig: guardrail }) =>
      guardrail && (!guardrail.guardrailIdentifier || !guardrail.guardrailVersion)
        ? 'The guardrailConfig field must contain both guardrailIdentifier and guardrailVersion. Provide both and try again.'
        : undefined,
  },
];

const limits: Rule[] = [
  {
    name: 'max tokens',
    binds: everyone,
    onInvoke: true,
    breach({ inferenceConfig }, { model, invoke }) {
      const { maxTokens = 0 } = inferenceConfig ?? {};
      const most = model.maxOutputTokens;
      if (maxTokens <= most) return undefined;
      return invoke
        ? `max_tokens: ${maxTokens} > ${most}, which is the maximum allowed number of output tokens for ${anthropicName(model.id)}`
        : `The maximum tokens you requested exceeds the model limit of ${most}. Try again with a maximum tokens value that is lower than ${most}.`;
    },
  },
  {
    // 27.7 MB of images bring the same text as too many words (IDP#994).
    name: 'payload',
    binds: everyone,
    onInvoke: true,
    breach: (request) =>
      payloadBytes(request) > 25_000_000 ? 'Input is too long for requested model.' : undefined,
  },
  {
    name: 'context',
    binds: everyone,
    onInvoke: true,
    breach(request, context) {
      const tokens = estimateTokens(request);
      const limit = contextOf(request, context);
      return tokens > limit ? contextOverflow(context.family.provider, tokens, limit).message : undefined;
    },
  },
  {
    name: 'room for the answer',
    binds: (family) => family.answerInContext,
    from: 'provider',
    breach(request, context) {
      const tokens = estimateTokens(request);
      const { maxTokens = 0 } = request.inferenceConfig ?? {};
      const limit = contextOf(request, context);
      return tokens <= limit && tokens + maxTokens > limit
        ? `input length and \`max_tokens\` exceed context limit: ${tokens} + ${maxTokens} > ${limit}, decrease input length or \`max_tokens\` and try again`
        : undefined;
    },
  },
];

/** The tokens that fit into one call. */
const contextOf = (request: ConverseRequest, { model, family }: RuleContext): number =>
  hasLongContext(request, family) ? 1_000_000 : model.contextTokens;

function hasLongContext({ additionalModelRequestFields: fields }: ConverseRequest, family: Family): boolean {
  return (
    family.longContextBeta && JSON.stringify(fields?.anthropic_beta ?? []).includes('context-1m-2025-08-07')
  );
}

function payloadBytes(request: object): number {
  let bytes = 0;
  JSON.stringify(request, (_key, value) => {
    if (typeof value === 'string') bytes += value.length;
    return value;
  });
  return bytes;
}

export const fieldRules: Rule[] = [...additionalFields, ...fields, ...limits];
