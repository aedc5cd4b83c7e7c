import { docs } from '../../docs.ts';
import { caching1h, caching5m, card } from './claude-card.ts';
import { claudeMessages } from './claude-messages.ts';
import { common, type Family, family, k, output, type Traits } from './family.ts';

/** Before tools and images. */
const text: Traits = {
  ...common,
  contextTokens: k(100),
  maxOutputTokens: 4096,
  assistantFirst: true,
  schemaRules: 'anthropic',
  // "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'": Kimi's are others (langchain-ai/langchain#37756).
  toolUseId: 'word',
  tokenizer: 'claude-3',
  tools: false,
  document: true,
  refusesBlankStop: true,
  topK: 'top_k',
};

const three: Traits = {
  ...text,
  contextTokens: k(200),
  // https://docs.aws.amazon.com/bedrock/latest/userguide/count-tokens.html: from 3.5 on
  countsTokens: true,
  tools: true,
  toolChoice: { any: true, tool: true },
  toolResultStatus: true,
  toolResultMedia: { image: true, document: 'any', video: false },
  image: true,
  // "image exceeds 5 MB maximum", measured on the base64 (accelerated-intelligent-document-processing#778)
  imageBase64Limit: 5 * 1024 * 1024,
  structuredOutput: 'tool',
  anthropicBeta: true,
  messages: claudeMessages.three,
  serviceTiers: ['default', 'reserved'],
};

const four: Traits = {
  ...three,
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CitationsConfig.html: from 3.5 v2 on
  cites: true,
  tokenizer: 'claude-4',
  disableParallelTools: true,
  reasoning: { kind: 'budget' },
  reasoningReplay: true,
  thinkingRefusesForcedTool: 'budget',
  interleavedThinkingBeta: 'interleaved-thinking-2025-05-14',
  caching: caching5m(1024),
};

export const fourFive: Traits = {
  ...four,
  maxOutputTokens: k(64),
  temperatureXorTopP: true,
  strictTools: true,
  structuredOutput: 'native',
  caching: caching1h(4096),
};

/** Up to 4.5: no thinking, or thinking with a budget. */
export const claudeWithBudget: readonly Family[] = [
  family(
    'claude-2',
    {
      title: docs && 'Claude 2, Instant',
      match: /^anthropic\.claude-(?:v\d|instant)/,
      source:
        docs && 'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-claude.html',
    },
    text,
  ),
  family(
    'claude-3',
    {
      title: docs && 'Claude 3',
      match: /^anthropic\.claude-3-(?:haiku|sonnet|opus)/,
      source: docs && `recorded (temperature with top_p); ${card('3-haiku')}`,
    },
    three,
    { countsTokens: false },
  ),
  family(
    'claude-3-5-v1',
    {
      title: docs && 'Claude 3.5 Sonnet v1',
      match: /^anthropic\.claude-3-5-sonnet-20240620/,
      source:
        docs &&
        'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html',
    },
    three,
    output(4096, 8192),
  ),
  family(
    'claude-3-5-haiku',
    {
      title: docs && 'Claude 3.5 Haiku',
      match: /^anthropic\.claude-3-5-haiku/,
      source:
        docs &&
        `${card('3-5-haiku')}; https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html`,
    },
    three,
    { maxOutputTokens: 8192, cites: true, caching: caching5m(2048) },
  ),
  family(
    'claude-3-5',
    {
      title: docs && 'Claude 3.5 Sonnet v2',
      match: /^anthropic\.claude-3-5-/,
      source: docs && 'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html',
    },
    three,
    {
      maxOutputTokens: 8192,
      cites: true,
      caching: caching5m(1024),
      messages: claudeMessages.sonnet35v2,
    },
  ),
  family(
    'claude-3-7',
    {
      title: docs && 'Claude 3.7 Sonnet',
      match: /^anthropic\.claude-3-7-/,
      source: docs && 'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html',
    },
    four,
    {
      maxOutputTokens: k(64),
      disableParallelTools: false,
      interleavedThinkingBeta: undefined,
      messages: claudeMessages.sonnet37,
    },
  ),
  family(
    'claude-4',
    {
      title: docs && 'Claude Sonnet 4',
      match: /^anthropic\.claude-sonnet-4(?:-\d{6,}|[:@]|$)/,
      source: docs && card('sonnet-4'),
    },
    four,
    { maxOutputTokens: k(64), messages: claudeMessages.sonnet4 },
  ),
  family(
    'claude-opus-4',
    {
      title: docs && 'Claude Opus 4',
      match: /^anthropic\.claude-opus-4(?:-\d{6,}|[:@]|$)/,
      source:
        docs &&
        'https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html',
    },
    four,
    { maxOutputTokens: k(32), messages: claudeMessages.opus4 },
  ),
  family(
    'claude-opus-4-1',
    {
      title: docs && 'Claude Opus 4.1',
      match: /^anthropic\.claude-opus-4-1(?!\d)/,
      source: docs && `${card('opus-4-1')}; bedrock-access-gateway#191 (temperature or top_p)`,
    },
    four,
    { maxOutputTokens: k(32), temperatureXorTopP: true, messages: claudeMessages.opus41 },
  ),
  family(
    'claude-sonnet-4-5',
    {
      title: docs && 'Claude Sonnet 4.5',
      match: /^anthropic\.claude-sonnet-4-5(?!\d)/,
      source: docs && `recorded (thinking, assistant first, JSON schema); ${card('sonnet-4-5')}`,
    },
    fourFive,
    { caching: caching1h(1024), messages: claudeMessages.sonnet45 },
  ),
  family(
    'claude-haiku-4-5',
    {
      title: docs && 'Claude Haiku 4.5',
      match: /^anthropic\.claude-haiku-4-5(?!\d)/,
      source: docs && `recorded (thinking, JSON schema); ${card('haiku-4-5')}`,
    },
    fourFive,
    { messages: claudeMessages.haiku45 },
  ),
  family(
    'claude-opus-4-5',
    {
      title: docs && 'Claude Opus 4.5',
      match: /^anthropic\.claude-opus-4-5(?!\d)/,
      source: docs && `recorded (thinking, JSON schema); ${card('opus-4-5')}`,
    },
    fourFive,
    { messages: claudeMessages.opus45 },
  ),
];
