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

const mistral3 = { ...open, contextTokens: 256_000, structuredOutput: true };
const deepseek3 = {
  ...open,
  thinking: {
    kind: 'effort',
    key: 'reasoning_effort',
    values: ['low', 'medium', 'high'],
    reasonsAt: ['high'],
  } as const,
};
const qwen: Omit<Family, 'name' | 'match'> = {
  ...open,
  contextTokens: 256_000,
  maxOutputTokens: 32_768,
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
  { ...open, name: 'Devstral', match: /^mistral\.devstral/ },
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
    toolChoice: { any: true, tool: false },
  },
  // Structured output: BerriAI/litellm#35655.
  {
    ...deepseek3,
    name: 'DeepSeek V3.2',
    match: /^deepseek\./,
    toolChoice: anyOrTool,
    structuredOutput: true,
  },
  {
    ...open,
    name: 'gpt-oss',
    match: /^openai\.gpt-oss/,
    maxOutputTokens: 16_384,
    thinking: effort('low', 'medium', 'high'),
  },
  {
    ...open,
    name: 'GPT',
    match: /^openai\.gpt-\d/,
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    toolChoice: anyOrTool,
    media: images,
    thinking: effort('none', 'minimal', 'low', 'medium', 'high', 'xhigh'),
    sampling: 'refused',
  },
  { ...qwen, name: 'Qwen3 VL', match: /^qwen\..*-vl-/, media: images },
  { ...qwen, name: 'Qwen3', match: /^qwen\./ },
  { ...kimi, name: 'Kimi K2 Thinking', match: /^moonshot(ai)?\.kimi-k2-thinking/ },
  { ...kimi, name: 'Kimi', match: /^moonshot(ai)?\./, media: images },
  {
    ...open,
    name: 'MiniMax',
    match: /^minimax\./,
    contextTokens: 200_000,
    thinking: { kind: 'always' },
    structuredOutput: true,
  },
  {
    ...open,
    name: 'GLM',
    match: /^zai\./,
    contextTokens: 200_000,
    maxOutputTokens: 32_768,
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
  { ...open, name: 'Nemotron', match: /^nvidia\./, emptyToolResults: false },
  { ...open, name: 'Gemma 3 4B', match: /^google\.gemma-3-4b/, tools: 'refused', media: images },
  { ...open, name: 'Gemma 3', match: /^google\./, media: images, structuredOutput: true },
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
    contextTokens: 256_000,
    toolChoice: anyOrTool,
    media: images,
  },
];
