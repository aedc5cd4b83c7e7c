import { docs } from '../../docs.ts';
import type { ReasoningStyle } from '../capabilities.ts';
import { common, type Family, family, k, litellm, openWeightEfforts, output, type Traits } from './family.ts';

const card = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${name}.html`;
/** https://github.com/aws-samples/sample-per-model-bedrock, run in August 2026. */
const probe = 'AWS probe of August 2026 (aws-samples/sample-per-model-bedrock)';

/** Reasons when asked to; not asking is how to switch it off. */
const onRequest: ReasoningStyle = { kind: 'effort', values: openWeightEfforts, canDisable: true };
/** Reasons whatever is asked. */
const builtIn: ReasoningStyle = { kind: 'effort', values: openWeightEfforts, canDisable: false };

const openWeight: Traits = { ...common, assistantFirst: true, reasoning: onRequest, chat: 'open' };

/**
 * langchain-ai/langchain-aws#1261, measured on V3.1 and V3.2: a named tool is accepted and not obeyed, and `any` yields
 * no call beside an effort.
 */
const deepseek: Traits = {
  ...common,
  toolChoice: { any: true, tool: false },
  thinkingRefusesForcedTool: true,
  reasoning: onRequest,
  chat: 'open',
};

const kimi: Traits = {
  ...openWeight,
  contextTokens: k(256),
  maxOutputTokens: 16_384,
  toolChoice: { any: true, tool: true },
  structuredOutput: 'native',
  leaks: 'kimi-tool-tokens',
};
/** 1M of context and 128K of output by their cards. */
const kimi3: Partial<Traits> = {
  contextTokens: k(1000),
  maxOutputTokens: 131_072,
  image: true,
  // Responses on the runtime, with service tiers (AWS's model card; BerriAI/litellm 1.110.2).
  responses: { tiers: ['default', 'flex', 'priority'] },
  chat: 'kimi',
};

const nemotronNano: Traits = {
  ...common,
  contextTokens: k(128),
  maxOutputTokens: 8192,
  structuredOutput: 'native',
  reasoning: onRequest,
  chat: 'open',
};

const glm: Traits = {
  ...openWeight,
  contextTokens: k(200),
  maxOutputTokens: k(128),
  toolChoice: { any: true, tool: true },
  structuredOutput: 'native',
};

const gemma: Traits = {
  ...common,
  contextTokens: k(128),
  ...output(8192, 32_768),
  image: true,
  structuredOutput: 'native',
  chat: 'open',
};

export const openWeights: readonly Family[] = [
  family(
    'deepseek-r1',
    {
      title: docs && 'DeepSeek-R1',
      match: /^deepseek\.r1/,
      source: docs && `${card('deepseek-deepseek-r1')}; ${litellm}`,
    },
    common,
    { contextTokens: k(128), ...output(8192, 32_768), tools: false, document: true },
  ),
  family(
    'deepseek-v3-1',
    {
      title: docs && 'DeepSeek V3.1',
      match: /^deepseek\.v3(?:-v1|\.1)/,
      source: docs && `${card('deepseek-deepseek-v3-1')}; langchain-ai/langchain-aws#1261`,
    },
    deepseek,
    {
      contextTokens: k(128),
      ...output(k(8), 81_920),
      structuredOutput: 'tool',
      leaks: 'deepseek-tool-tokens',
    },
  ),
  family(
    'deepseek-v3',
    {
      title: docs && 'DeepSeek V3.2 and newer',
      match: /^deepseek\./,
      source: docs && `${probe}; langchain-ai/langchain-aws#1261; BerriAI/litellm#35655`,
    },
    deepseek,
    {
      contextTokens: k(164),
      ...output(8192, 81_920),
      structuredOutput: 'native',
      leaks: 'deepseek-tool-tokens',
    },
  ),
  family(
    'qwen3-vl',
    {
      title: docs && 'Qwen3 VL',
      match: /^qwen\.qwen\d*-vl/,
      source: docs && `${card('qwen-qwen3-vl-235b-a22b')}; pydantic-ai (media in tool results)`,
    },
    openWeight,
    { contextTokens: k(256), ...output(k(8), k(256)), image: true, structuredOutput: 'native' },
  ),
  family(
    'qwen3-coder',
    {
      title: docs && 'Qwen3 Coder',
      match: /^qwen\.qwen\d*-coder/,
      source: docs && `${card('qwen-qwen3-coder-30b-a3b')}; ${probe}`,
    },
    openWeight,
    { contextTokens: k(256), ...output(16_384, 131_072), structuredOutput: 'native' },
  ),
  family(
    'qwen3-235b',
    {
      title: docs && 'Qwen3 235B',
      match: /^qwen\.qwen3-235b/,
      source: docs && `${card('qwen-qwen3-235b-a22b-2507')}; langgenius/dify-official-plugins#1767`,
    },
    openWeight,
    {
      contextTokens: k(256),
      ...output(8192, 131_072),
      stopSequences: false,
      structuredOutput: 'native',
    },
  ),
  family(
    'qwen3-next',
    {
      title: docs && 'Qwen3 Next',
      match: /^qwen\.qwen\d*-next/,
      source: docs && card('qwen-qwen3-next-80b-a3b'),
    },
    openWeight,
    { contextTokens: k(256), ...output(k(8), k(256)), structuredOutput: 'native' },
  ),
  family(
    'qwen3',
    {
      title: docs && 'Qwen3 32B and newer',
      match: /^qwen\./,
      source: docs && `recorded (reasoning_config high); ${card('qwen-qwen3-32b')}; ${probe}`,
    },
    openWeight,
    { contextTokens: k(32), ...output(8192, 16_384), structuredOutput: 'native' },
  ),
  family(
    'kimi-k2-thinking',
    {
      title: docs && 'Kimi K2 Thinking',
      match: /^moonshot(?:ai)?\.kimi-k2-thinking/,
      source:
        docs &&
        `recorded; ${probe}: think tags in the text after a tool result; opencode#13807 (leaked tool tokens)`,
    },
    kimi,
    { reasoning: builtIn },
  ),
  family(
    'kimi',
    {
      title: docs && 'Kimi K2.5',
      match: /^moonshot(?:ai)?\.kimi-k[12]/,
      source: docs && `${card('moonshot-ai-kimi-k2-5')}; opencode#13807`,
    },
    kimi,
    { image: true, reasoning: builtIn },
  ),
  family(
    'kimi-k3',
    {
      title: docs && 'Kimi K3',
      match: /^moonshot(?:ai)?\.kimi-k3(?!\.\d)/,
      source: docs && `${card('moonshot-ai-kimi-k3')}; ${litellm}`,
    },
    kimi,
    { ...kimi3, reasoning: builtIn },
  ),
  family(
    'kimi-k3-1',
    {
      title: docs && 'Kimi K3.1 and newer',
      match: /^moonshot(?:ai)?\./,
      source: docs && `${litellm}; the rest as K3`,
    },
    kimi,
    {
      ...kimi3,
      contextTokens: 868_928,
      // By the card 128K, of which a silent client gets half, as of other long ones; models.dev has the whole window.
      maxOutputTokens: 868_928,
      defaultMaxTokens: 65_536,
      reasoning: {
        kind: 'effort',
        values: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
        canDisable: true,
      },
    },
  ),
  family(
    'minimax',
    {
      title: docs && 'MiniMax M2',
      match: /^minimax\./,
      source: docs && `${card('minimax-minimax-m2-5')}; ${card('minimax-minimax-m2-1')}; ${probe}`,
    },
    common,
    {
      contextTokens: k(196),
      ...output(8192, 131_072),
      structuredOutput: 'native',
      reasoning: builtIn,
      chat: 'open',
    },
  ),
  family(
    'glm-5-3',
    {
      title: docs && 'GLM 5.3 and newer',
      match: /^zai\.glm-(?:5\.[3-9]|[6-9])/,
      source: docs && card('zai-glm-5-3'),
    },
    glm,
    { contextTokens: k(1000) },
  ),
  family(
    'glm',
    { title: docs && 'GLM 4.7, 5', match: /^zai\./, source: docs && `${card('zai-glm-5')}; ${probe}` },
    glm,
  ),
  family(
    'nemotron-nano-vl',
    {
      title: docs && 'Nemotron Nano VL',
      match: /^nvidia\.nemotron-nano-12b/,
      source: docs && card('nvidia-nvidia-nemotron-nano-12b-v2-vl-bf16'),
    },
    nemotronNano,
    { image: true },
  ),
  family(
    'nemotron-nano',
    {
      title: docs && 'Nemotron Nano',
      match: /^nvidia\.nemotron-nano/,
      source: docs && card('nvidia-nvidia-nemotron-nano-12b-v2-vl-bf16'),
    },
    nemotronNano,
  ),
  family(
    'nemotron',
    {
      title: docs && 'Nemotron Super and newer',
      match: /^nvidia\./,
      source: docs && `${card('nvidia-nemotron-super-3-120b')}; ${probe}`,
    },
    common,
    { contextTokens: k(256), ...output(32_768, 131_072), reasoning: onRequest, chat: 'open' },
  ),
  family(
    'gemma-3-4b',
    {
      title: docs && 'Gemma 3 4B',
      match: /^google\.gemma-3-4b/,
      source: docs && 'pydantic-ai (JSON schemas on 12B and 27B only)',
    },
    gemma,
    { structuredOutput: 'prompt' },
  ),
  family(
    'gemma-3',
    { title: docs && 'Gemma', match: /^google\./, source: docs && card('google-gemma-3-12b-it') },
    gemma,
  ),
];
