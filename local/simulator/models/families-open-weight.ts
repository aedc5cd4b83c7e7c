import { base, documents, type Family, images, noMedia, type Thinking } from './family.ts';

const effort = (...values: string[]): Thinking => ({ kind: 'effort', key: 'reasoning_effort', values });
/** Accepts the field, and lets no reasoning out (live probe of August 2026). */
const silent: Thinking = { kind: 'effort', key: 'reasoning_effort', values: [], reasonsAt: [] };

const open: Omit<Family, 'name' | 'match'> = {
  ...base,
  additionalFields: ['reasoning_effort'],
  thinking: silent,
};
const anyOrTool = { any: true, tool: true };
const sound = { ...noMedia, audio: true };

const mistral3 = { ...open, contextTokens: 256_000, maxOutputTokens: 40_000, structuredOutput: true };
/** langchain-ai/langchain-aws#1261, measured on V3.1 and V3.2. */
const deepseek3 = {
  ...open,
  maxOutputTokens: 81_920,
  toolChoice: anyOrTool,
  disobeysChoice: true,
  thinking: {
    kind: 'effort',
    key: 'reasoning_effort',
    values: ['low', 'medium', 'high'],
    reasonsAt: ['high'],
  } as const,
};
/** BerriAI/litellm 1.110.2, whose maintainers checked live in October 2026; langchain-ai/langchain-aws#1262. */
const gpt: Omit<Family, 'name' | 'match'> = {
  ...base,
  provider: 'openai',
  contextTokens: 922_000,
  maxOutputTokens: 128_000,
  stopSequences: false,
  additionalFields: ['reasoning'],
  thinking: { kind: 'encrypted', values: ['none', 'low', 'medium', 'high', 'xhigh', 'max'] },
  toolChoice: anyOrTool,
  media: images,
  sampling: 'refused',
};
const qwen: Omit<Family, 'name' | 'match'> = {
  ...open,
  contextTokens: 256_000,
  maxOutputTokens: 256_000,
  assistantFirst: true,
  additionalFields: ['reasoning_config', 'reasoning_effort'],
  thinking: { kind: 'effort', key: 'reasoning_config', values: ['low', 'high'], reasonsAt: ['low', 'high'] },
  structuredOutput: true,
};
const kimi: Omit<Family, 'name' | 'match'> = {
  ...open,
  contextTokens: 256_000,
  maxOutputTokens: 32_768,
  assistantFirst: true,
  toolChoice: anyOrTool,
  thinking: { kind: 'always' },
  structuredOutput: true,
};

const gemma = { ...open, maxOutputTokens: 32_768, media: images };
const kimi3 = { ...kimi, contextTokens: 1_000_000, maxOutputTokens: 131_072, media: images };

/**
 * aws-samples/sample-per-model-bedrock (live, August 2026) and pydantic-ai's live-verified profiles. Choices of
 * tools that no source shows are taken to be refused.
 */
export const openWeightFamilies: Family[] = [
  {
    ...mistral3,
    name: 'Mistral 3',
    match: /^mistral\.(mistral-large-3|ministral-3|magistral)/,
    media: images,
  },
  { ...mistral3, name: 'Voxtral', match: /^mistral\.voxtral/, media: sound },
  { ...open, name: 'Devstral', match: /^mistral\.devstral/, contextTokens: 256_000, maxOutputTokens: 32_000 },
  {
    ...open,
    name: 'DeepSeek-R1',
    match: /^deepseek\.r1/,
    maxOutputTokens: 32_768,
    tools: 'refused',
    media: documents,
    additionalFields: [],
    thinking: { kind: 'always' },
  },
  {
    ...deepseek3,
    name: 'DeepSeek V3.1',
    match: /^deepseek\.v3-/,
  },
  // Structured output: BerriAI/litellm#35655.
  {
    ...deepseek3,
    name: 'DeepSeek V3.2',
    match: /^deepseek\./,
    contextTokens: 164_000,
    structuredOutput: true,
  },
  {
    ...open,
    name: 'gpt-oss',
    match: /^openai\.gpt-oss/,
    maxOutputTokens: 128_000,
    stopSequences: false,
    thinking: effort('low', 'medium', 'high'),
  },
  {
    ...gpt,
    name: 'GPT-5.4 and 5.5',
    match: /^openai\.gpt-5\.[45]/,
    thinking: { kind: 'encrypted', values: ['none', 'low', 'medium', 'high', 'xhigh'] },
  },
  {
    ...gpt,
    name: 'GPT without effort none',
    match: /^openai\.gpt-6(-astra|\.1-sol)/,
    maxOutputTokens: 131_072,
    thinking: { kind: 'encrypted', values: ['low', 'medium', 'high', 'xhigh', 'max'] },
  },
  { ...gpt, name: 'GPT', match: /^openai\.gpt-\d/ },
  { ...qwen, name: 'Qwen3 235B', match: /^qwen\.qwen3-235b/, stopSequences: false },
  { ...qwen, name: 'Qwen3 VL', match: /^qwen\..*-vl-/, media: images },
  { ...qwen, name: 'Qwen3', match: /^qwen\./ },
  { ...kimi, name: 'Kimi K2 Thinking', match: /^moonshot(ai)?\.kimi-k2-thinking/ },
  { ...kimi, name: 'Kimi', match: /^moonshot(ai)?\.kimi-k2/, media: images },
  { ...kimi3, name: 'Kimi K3', match: /^moonshot(ai)?\.kimi-k3$/ },
  {
    ...kimi3,
    name: 'Kimi K3.1',
    match: /^moonshot(ai)?\./,
    contextTokens: 868_928,
    maxOutputTokens: 868_928,
    thinking: effort('none', 'low', 'medium', 'high', 'xhigh', 'max'),
  },
  {
    ...open,
    name: 'MiniMax',
    match: /^minimax\./,
    contextTokens: 200_000,
    maxOutputTokens: 131_072,
    thinking: { kind: 'always' },
    structuredOutput: true,
  },
  {
    ...open,
    name: 'GLM',
    match: /^zai\./,
    contextTokens: 200_000,
    maxOutputTokens: 128_000,
    assistantFirst: true,
    toolChoice: anyOrTool,
    structuredOutput: true,
  },
  {
    ...open,
    name: 'Nemotron Nano VL',
    match: /^nvidia\.nemotron-nano-12b/,
    emptyToolResults: false,
    media: images,
    structuredOutput: true,
  },
  {
    ...open,
    name: 'Nemotron Nano',
    match: /^nvidia\.nemotron-nano/,
    emptyToolResults: false,
    structuredOutput: true,
  },
  {
    ...open,
    name: 'Nemotron',
    match: /^nvidia\./,
    emptyToolResults: false,
    contextTokens: 256_000,
    maxOutputTokens: 131_072,
  },
  { ...gemma, name: 'Gemma 3 4B', match: /^google\.gemma-3-4b/ },
  { ...gemma, name: 'Gemma 3', match: /^google\./, structuredOutput: true },
  {
    ...open,
    name: 'Palmyra Vision',
    match: /^writer\.palmyra-vision/,
    contextTokens: 32_000,
    system: false,
    tools: 'refused',
    media: images,
    additionalFields: [],
    structuredOutput: true,
  },
  {
    ...open,
    name: 'Palmyra',
    match: /^writer\./,
    tools: 'not-in-streams',
    toolResultsAlone: true,
    toolResultStatus: false,
    media: documents,
    additionalFields: [],
    thinking: { kind: 'none' },
  },
  {
    ...open,
    name: 'Grok',
    match: /^xai\./,
    contextTokens: 500_000,
    maxOutputTokens: 500_000,
    stopSequences: false,
    thinking: effort('low', 'medium', 'high'),
    toolChoice: anyOrTool,
    media: images,
  },
];
