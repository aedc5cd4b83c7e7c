import { docs } from '../../docs.ts';
import type { ReasoningStyle, ResponsesTraits } from '../capabilities.ts';
import { common, type Family, family, k, litellm, openWeightEfforts, output, type Traits } from './family.ts';

const card = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${name}.html`;

/**
 * The flat field is answered with "Unknown parameter: 'reasoning_effort'." (langchain-ai/langchain-aws#1262,
 * BerriAI/litellm#38279, #40370). The efforts of each model are in BerriAI/litellm 1.110.2; none has `minimal`.
 */
const nested = (...values: string[]): ReasoningStyle => ({
  kind: 'effort',
  field: 'reasoning.effort',
  values,
  canDisable: values.includes('none'),
});

/**
 * Responses on the runtime: GPT-5.4 and later, by the list of an account (27 October 2026) and the flags of
 * BerriAI/litellm 1.110.2. There its tier is `auto` or `default`, and files are read as OpenAI
 * has it.
 */
const onRuntime: ResponsesTraits = { tiers: ['default'], files: true, forOthers: true };

const gpt: Traits = {
  ...common,
  // Of a window of 1.05M the input may have 922K.
  contextTokens: k(922),
  maxOutputTokens: k(128),
  toolChoice: { any: true, tool: true },
  image: true,
  // BerriAI/litellm (checked live in October 2026): "This model doesn't support the stopSequences field."
  stopSequences: false,
  refusesSampling: true,
  structuredOutput: 'tool',
  // containers/kubernetes-mcp-server#340, ogx-ai/ogx#3602
  schemaRules: 'openai',
  reasoning: nested('none', 'low', 'medium', 'high', 'xhigh', 'max'),
  // UKGovernmentBEIS/inspect_ai#5217, vercel/ai#19062: encrypted blocks are taken back, text is refused.
  reasoningReplay: 'redacted',
  responses: onRuntime,
  chat: 'gpt',
};

export const openai: readonly Family[] = [
  family(
    'gpt-oss',
    {
      title: docs && 'gpt-oss, gpt-oss-safeguard',
      match: /^openai\.gpt-oss/,
      source:
        docs &&
        `recorded (reasoning_effort); vercel/ai#14720; crewAIInc/crewAI#4046 (stop); ${card('openai-gpt-oss-120b')}`,
    },
    common,
    {
      contextTokens: k(128),
      ...output(16_384, k(128)),
      stopSequences: false,
      reasoning: { kind: 'effort', values: openWeightEfforts, canDisable: false },
      chat: 'gpt-oss',
    },
  ),
  family(
    'gpt-5-4',
    {
      title: docs && 'GPT-5.4, 5.5',
      match: /^openai\.gpt-5\.[45]/,
      source: docs && `${litellm}; otherwise assumed like GPT-5.6`,
    },
    gpt,
    // AWS's list has neither of the two on Chat Completions.
    { reasoning: nested('none', 'low', 'medium', 'high', 'xhigh'), chat: undefined },
  ),
  family(
    'gpt-always',
    {
      title: docs && 'GPT-6 Astra, 6.1 Sol',
      match: /^openai\.gpt-6(?:-astra|\.1-sol)/,
      source: docs && `${card('openai-gpt-6-astra')}; ${litellm}`,
    },
    gpt,
    { maxOutputTokens: 131_072, reasoning: nested('low', 'medium', 'high', 'xhigh', 'max') },
  ),
  family(
    'gpt',
    {
      title: docs && 'GPT-5.6, GPT-6 and newer',
      match: /^openai\./,
      source:
        docs &&
        `${card('openai-gpt-56-sol')}; langchain-ai/langchain-aws#1262; stdapi-ai/stdapi.ai#283; sampling as on their Chat Completions API`,
    },
    gpt,
  ),
  family(
    'grok',
    {
      title: docs && 'Grok',
      match: /^xai\./,
      source: docs && `${card('xai-grok-4-6')}; ${litellm}; tool choice as on xAI's own API`,
    },
    common,
    {
      contextTokens: k(500),
      toolChoice: { any: true, tool: true },
      image: true,
      stopSequences: false,
      structuredOutput: 'tool',
      reasoning: { kind: 'effort', values: openWeightEfforts, canDisable: false },
      chat: 'grok',
    },
  ),
];
