import type { ReasoningStyle } from '../capabilities.ts';
import { common, type Family, family, k, openWeightEfforts, type Traits } from './family.ts';

const card = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${name}.html`;
/** https://github.com/aws-samples/sample-per-model-bedrock, run in August 2026. */
const probe = 'AWS probe of August 2026 (aws-samples/sample-per-model-bedrock)';

/** Reasons when asked to; not asking is how to switch it off. */
const onRequest: ReasoningStyle = { kind: 'effort', values: openWeightEfforts, canDisable: true };
/** Reasons whatever is asked. */
const builtIn: ReasoningStyle = { kind: 'effort', values: openWeightEfforts, canDisable: false };

const openWeight: Traits = { ...common, assistantFirst: true, reasoning: onRequest };
const kimi: Traits = {
  ...openWeight,
  toolChoice: { any: true, tool: true },
  structuredOutput: 'native',
  leaks: 'kimi-tool-tokens',
};

export const openWeights: readonly Family[] = [
  family(
    'deepseek-r1',
    { title: 'DeepSeek-R1', match: /^deepseek\.r1/, source: card('deepseek-deepseek-r1') },
    common,
    { contextTokens: k(128), maxOutputTokens: 32_768, tools: false, document: true },
  ),
  family(
    'deepseek-v3-1',
    {
      title: 'DeepSeek V3.1',
      match: /^deepseek\.v3(?:-v1|\.1)/,
      source: `${card('deepseek-deepseek-v3-1')}; langchain-aws (tool choice)`,
    },
    common,
    {
      toolChoice: { any: true, tool: false },
      structuredOutput: 'tool',
      reasoning: onRequest,
      leaks: 'deepseek-tool-tokens',
    },
  ),
  family(
    'deepseek-v3',
    {
      title: 'DeepSeek V3.2 and newer',
      match: /^deepseek\./,
      source: `${probe}; langchain-aws (tool choice); BerriAI/litellm#35655 (JSON schema)`,
    },
    common,
    {
      toolChoice: { any: true, tool: true },
      structuredOutput: 'native',
      reasoning: onRequest,
      leaks: 'deepseek-tool-tokens',
    },
  ),
  family(
    'qwen3-vl',
    {
      title: 'Qwen3 VL',
      match: /^qwen\.qwen\d*-vl/,
      source: `${card('qwen-qwen3-vl-235b-a22b')}; pydantic-ai (media in tool results)`,
    },
    openWeight,
    { image: true, structuredOutput: 'native' },
  ),
  family(
    'qwen3',
    {
      title: 'Qwen3',
      match: /^qwen\./,
      source: `recorded (reasoning_config high); ${card('qwen-qwen3-32b')}; ${probe}`,
    },
    openWeight,
    { structuredOutput: 'native' },
  ),
  family(
    'kimi-k2-thinking',
    {
      title: 'Kimi K2 Thinking',
      match: /^moonshot(?:ai)?\.kimi-k2-thinking/,
      source: `recorded; ${probe}: think tags in the text after a tool result; opencode#13807 (leaked tool tokens)`,
    },
    kimi,
    { reasoning: builtIn },
  ),
  family(
    'kimi',
    {
      title: 'Kimi K2.5, K3',
      match: /^moonshot(?:ai)?\./,
      source: `${card('moonshot-ai-kimi-k2-5')}; ${card('moonshot-ai-kimi-k3')}; opencode#13807`,
    },
    kimi,
    { image: true, reasoning: builtIn },
  ),
  family(
    'minimax',
    { title: 'MiniMax M2', match: /^minimax\./, source: `${card('minimax-minimax-m2-5')}; ${probe}` },
    common,
    { structuredOutput: 'native', reasoning: builtIn },
  ),
  family(
    'glm',
    { title: 'GLM 4.7, 5', match: /^zai\./, source: `${card('zai-glm-5')}; ${probe}` },
    openWeight,
    { toolChoice: { any: true, tool: true }, structuredOutput: 'native' },
  ),
  family(
    'nemotron-nano',
    {
      title: 'Nemotron Nano',
      match: /^nvidia\.nemotron-nano/,
      source: card('nvidia-nvidia-nemotron-nano-12b-v2-vl-bf16'),
    },
    common,
    { image: true, structuredOutput: 'native', reasoning: onRequest },
  ),
  family(
    'nemotron',
    {
      title: 'Nemotron Super and newer',
      match: /^nvidia\./,
      source: `${card('nvidia-nemotron-super-3-120b')}; ${probe}`,
    },
    common,
    { reasoning: onRequest },
  ),
  family('gemma-3', { title: 'Gemma', match: /^google\./, source: card('google-gemma-3-12b-it') }, common, {
    image: true,
    structuredOutput: 'native',
  }),
];
