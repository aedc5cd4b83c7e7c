import type { ReasoningStyle } from '../capabilities.ts';
import { common, type Family, family, k, type Traits } from './family.ts';

const card = (name: string) =>
  `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-${name}.html`;
const caching5m = { tools: true, ttl1h: false, afterToolResult: true };
const caching1h = { tools: true, ttl1h: true, afterToolResult: true };

/** Before tools and images. */
const text: Traits = {
  ...common,
  contextTokens: k(100),
  maxOutputTokens: 4096,
  assistantFirst: true,
  tools: false,
  document: true,
  refusesBlankStop: true,
  topK: 'top_k',
  schemaRules: 'anthropic',
};

const three: Traits = {
  ...text,
  contextTokens: k(200),
  tools: true,
  toolChoice: { any: true, tool: true },
  toolResultStatus: true,
  toolResultMedia: { image: true, document: 'any', video: false },
  image: true,
  // "image exceeds 5 MB maximum", measured on the base64 (accelerated-intelligent-document-processing#778)
  imageBase64Limit: 5 * 1024 * 1024,
  structuredOutput: 'tool',
  anthropicBeta: true,
  serviceTiers: ['default', 'reserved'],
};

const four: Traits = {
  ...three,
  disableParallelTools: true,
  reasoning: { kind: 'budget' },
  reasoningReplay: true,
  thinkingRefusesForcedTool: true,
  interleavedThinkingBeta: 'interleaved-thinking-2025-05-14',
  caching: caching5m,
};

const fourFive: Traits = {
  ...four,
  maxOutputTokens: k(64),
  temperatureXorTopP: true,
  strictTools: true,
  structuredOutput: 'native',
  caching: caching1h,
};

const fourSix: Traits = {
  ...fourFive,
  contextTokens: k(1000),
  assistantLast: false,
  interleavedThinkingBeta: undefined,
  reasoning: {
    kind: 'adaptive',
    budgetToo: true,
    canDisable: true,
    onByDefault: false,
    maxEffort: 'max',
    efforts: ['low', 'medium', 'high', 'max'],
  },
};

const adaptive = (changes: { canDisable: boolean; onByDefault: boolean }): ReasoningStyle => ({
  kind: 'adaptive',
  budgetToo: false,
  maxEffort: 'max',
  ...changes,
});

/** From here on sampling parameters, native JSON schemas and `strict` are refused. */
const fourSeven: Traits = {
  ...fourSix,
  maxOutputTokens: k(128),
  refusesSampling: true,
  temperatureXorTopP: false,
  topK: undefined,
  strictTools: false,
  structuredOutput: 'tool',
  reasoning: adaptive({ canDisable: true, onByDefault: false }),
};

const five: Traits = {
  ...fourSeven,
  midConversationSystem: true,
  reasoning: adaptive({ canDisable: true, onByDefault: true }),
};

/** Thinks always, and therefore cannot be made to call a tool. */
const fable: Traits = {
  ...five,
  toolChoice: { any: false, tool: false },
  reasoning: adaptive({ canDisable: false, onByDefault: true }),
};

export const claude: readonly Family[] = [
  family(
    'claude-2',
    {
      title: 'Claude 2, Instant',
      match: /^anthropic\.claude-(?:v\d|instant)/,
      source: 'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-claude.html',
    },
    text,
  ),
  family(
    'claude-3',
    {
      title: 'Claude 3',
      match: /^anthropic\.claude-3-(?:haiku|sonnet|opus)/,
      source: `recorded (temperature with top_p); ${card('3-haiku')}`,
    },
    three,
  ),
  family(
    'claude-3-5-v1',
    {
      title: 'Claude 3.5 Sonnet v1',
      match: /^anthropic\.claude-3-5-sonnet-20240620/,
      source:
        'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html',
    },
    three,
    { maxOutputTokens: 8192 },
  ),
  family(
    'claude-3-5',
    {
      title: 'Claude 3.5 Haiku, 3.5 Sonnet v2',
      match: /^anthropic\.claude-3-5-/,
      source: `${card('3-5-haiku')}; https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html`,
    },
    three,
    { maxOutputTokens: 8192, caching: caching5m },
  ),
  family(
    'claude-3-7',
    {
      title: 'Claude 3.7 Sonnet',
      match: /^anthropic\.claude-3-7-/,
      source: 'recorded; https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html',
    },
    four,
    { maxOutputTokens: k(64), disableParallelTools: false, interleavedThinkingBeta: undefined },
  ),
  family(
    'claude-4',
    {
      title: 'Claude Sonnet 4',
      match: /^anthropic\.claude-sonnet-4(?:-\d{6,}|[:@]|$)/,
      source: card('sonnet-4'),
    },
    four,
    { maxOutputTokens: k(64) },
  ),
  family(
    'claude-opus-4',
    {
      title: 'Claude Opus 4',
      match: /^anthropic\.claude-opus-4(?:-\d{6,}|[:@]|$)/,
      source:
        'https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html',
    },
    four,
    { maxOutputTokens: k(32) },
  ),
  family(
    'claude-opus-4-1',
    {
      title: 'Claude Opus 4.1',
      match: /^anthropic\.claude-opus-4-1(?!\d)/,
      source: `${card('opus-4-1')}; bedrock-access-gateway#191 (temperature or top_p)`,
    },
    four,
    { maxOutputTokens: k(32), temperatureXorTopP: true },
  ),
  family(
    'claude-4-5',
    {
      title: 'Claude Sonnet 4.5, Haiku 4.5, Opus 4.5',
      match: /^anthropic\.claude-(?:sonnet|haiku|opus)-4-5(?!\d)/,
      source: `recorded (thinking, assistant first, JSON schema); ${card('sonnet-4-5')}`,
    },
    fourFive,
  ),
  family(
    'claude-sonnet-4-6',
    {
      title: 'Claude Sonnet 4.6',
      match: /^anthropic\.claude-sonnet-4-6(?!\d)/,
      source: `recorded (forced tool); ${card('sonnet-4-6')}`,
    },
    fourSix,
  ),
  family(
    'claude-opus-4-6',
    { title: 'Claude Opus 4.6', match: /^anthropic\.claude-opus-4-6(?!\d)/, source: card('opus-4-6') },
    fourSix,
    { maxOutputTokens: k(128) },
  ),
  family(
    'claude-opus-4-7',
    {
      title: 'Claude Opus 4.7',
      match: /^anthropic\.claude-(?:opus|sonnet)-4-7(?!\d)/,
      source: `${card('opus-4-7')}; BerriAI/litellm#26444 (sampling refused)`,
    },
    fourSeven,
  ),
  family(
    'claude-opus-4-8',
    {
      title: 'Claude Opus 4.8',
      match: /^anthropic\.claude-(?:opus|sonnet)-4-[89](?!\d)/,
      source: `recorded; ${card('opus-4-8')}`,
    },
    fourSeven,
    { midConversationSystem: true },
  ),
  family(
    'claude-5',
    {
      title: 'Claude Opus 5, Sonnet 5',
      match: /^anthropic\.claude-(?:opus|sonnet|haiku)-5(?!-\d(?!\d))/,
      source: `${card('opus-5')}; ${card('sonnet-5')}`,
    },
    five,
  ),
  family(
    'claude-opus-5-5',
    { title: 'Claude Opus 5.5', match: /^anthropic\.claude-opus-5-5(?!\d)/, source: card('opus-5-5') },
    five,
    { serviceTiers: ['default'], reasoning: adaptive({ canDisable: false, onByDefault: true }) },
  ),
  family(
    'claude-5-5',
    {
      title: 'Claude Sonnet 5.5, Haiku 5.5',
      match: /^anthropic\.claude-(?:sonnet|haiku)-5-5(?!\d)/,
      source: card('sonnet-5-5'),
    },
    five,
    { serviceTiers: ['default'] },
  ),
  family(
    'claude-fable',
    {
      title: 'Claude Fable 5, 5.1, Mythos',
      match: /^anthropic\.claude-(?:fable|mythos)-/,
      source: `${card('fable-5')}; ${card('fable-5-1')}`,
    },
    fable,
  ),
  family(
    'claude-newer',
    {
      title: 'Claude, newer than this table',
      match: /^anthropic\.claude-/,
      source: 'assumed like Claude 5.5: what a generation refused, the next has refused too',
    },
    five,
    { contextTokens: undefined, maxOutputTokens: undefined, serviceTiers: undefined },
  ),
];
