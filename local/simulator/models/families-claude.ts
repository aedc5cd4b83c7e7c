import { base, documents, type Family, imagesAndDocuments, type Thinking } from './family.ts';

type ClaudeThinking = Extract<Thinking, { kind: 'claude' }>;

const additionalFields = [
  'anthropic_beta',
  'anthropic_version',
  'context_management',
  'metadata',
  'output_config',
  'reasoning_config',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
];

const caching = (minTokens: number, ttl1h: boolean): Family['caching'] => ({
  places: ['tools', 'system', 'messages'],
  ttl1h,
  minTokens,
  afterToolResult: true,
  afterDocument: false,
});

const noThinking: ClaudeThinking = {
  kind: 'claude',
  enabled: false,
  adaptive: false,
  onByDefault: false,
  canDisable: true,
  betweenTools: false,
  forcedTools: true,
  efforts: [],
  signatureOnly: false,
};
const budget: ClaudeThinking = { ...noThinking, enabled: true };
const adaptive: ClaudeThinking = {
  ...noThinking,
  adaptive: true,
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
};
const upToMax = ['low', 'medium', 'high', 'max'];

const claude: Omit<Family, 'name' | 'match'> = {
  ...base,
  provider: 'anthropic',
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  assistantFirst: true,
  additionalFields,
  thinking: noThinking,
  toolChoice: { any: true, tool: true },
  toolResultMedia: { image: true, document: 'any', video: false },
  media: imagesAndDocuments,
  maxImages: 100,
  citations: true,
};

/** AWS, "Monitor your token usage by counting tokens before running inference", and live calls since. */
const counts = { countsTokens: true } as const;

/** Anthropic, "Context windows": from 3.7 to 4.1 a request is refused whose answer might not fit. */
const budgets = { ...counts, thinking: budget, answerInContext: true } as const;

const claude45: Omit<Family, 'name' | 'match'> = {
  ...claude,
  ...counts,
  thinking: budget,
  sampling: 'temperature-or-top-p',
  structuredOutput: true,
};

const claude46: Omit<Family, 'name' | 'match'> = {
  ...claude,
  ...counts,
  longContextBeta: true,
  prefill: false,
  thinking: { ...adaptive, enabled: true, efforts: upToMax },
  sampling: 'temperature-or-top-p',
  caching: caching(1024, true),
  structuredOutput: true,
};

const claude47: Omit<Family, 'name' | 'match'> = {
  ...claude,
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  midConversationSystem: true,
  prefill: false,
  sampling: 'refused',
  thinking: { ...adaptive, signatureOnly: true },
};
const thinksByDefault: ClaudeThinking = { ...adaptive, onByDefault: true, signatureOnly: true };
const claude5: Omit<Family, 'name' | 'match'> = {
  ...claude47,
  thinking: thinksByDefault,
  caching: caching(512, true),
};

/**
 * Anthropic's own pages and the errors quoted in `rules/claude.ts`; citations and search results: AWS, "Citations API and
 * PDF support for Claude models", and Anthropic, "Search results". The first match counts.
 */
export const claudeFamilies: Family[] = [
  {
    ...claude,
    name: 'Claude 2 and Instant',
    match: /^anthropic\.claude-(v2|instant)/,
    contextTokens: 100_000,
    maxOutputTokens: 4096,
    tools: 'refused',
    toolChoice: { any: false, tool: false },
    media: documents,
    citations: false,
    additionalFields: ['top_k'],
  },
  {
    ...claude,
    name: 'Claude 3',
    match: /^anthropic\.claude-3-(haiku|sonnet|opus)/,
    maxOutputTokens: 4096,
    maxImages: 20,
    citations: false,
  },
  {
    ...claude,
    ...counts,
    name: 'Claude 3.5 Sonnet, the first',
    match: /^anthropic\.claude-3-5-sonnet-20240620/,
    maxOutputTokens: 8192,
    citations: false,
    latencyOptimized: true,
  },
  {
    ...claude,
    ...counts,
    name: 'Claude 3.5 Haiku',
    match: /^anthropic\.claude-3-5-haiku/,
    maxOutputTokens: 8192,
    caching: caching(2048, false),
    latencyOptimized: true,
  },
  {
    ...claude,
    ...counts,
    name: 'Claude 3.5',
    match: /^anthropic\.claude-3-5/,
    maxOutputTokens: 8192,
    caching: caching(1024, false),
    latencyOptimized: true,
  },
  {
    ...claude,
    ...budgets,
    name: 'Claude 3.7',
    match: /^anthropic\.claude-3-7/,
    caching: caching(1024, false),
  },
  {
    ...claude,
    ...budgets,
    name: 'Claude 4',
    match: /^anthropic\.claude-(sonnet|opus)-4-2025/,
    longContextBeta: true,
    caching: caching(1024, false),
  },
  {
    ...claude,
    ...budgets,
    name: 'Claude Opus 4.1',
    match: /^anthropic\.claude-opus-4-1/,
    maxOutputTokens: 32_000,
    sampling: 'temperature-or-top-p',
    caching: caching(1024, false),
  },
  {
    ...claude45,
    name: 'Claude Sonnet 4.5',
    match: /^anthropic\.claude-sonnet-4-5/,
    longContextBeta: true,
    caching: caching(1024, true),
  },
  {
    ...claude45,
    name: 'Claude Haiku 4.5',
    match: /^anthropic\.claude-haiku-4-5/,
    caching: caching(4096, true),
  },
  {
    ...claude45,
    name: 'Claude Opus 4.5',
    match: /^anthropic\.claude-opus-4-5/,
    thinking: { ...budget, effortsByBeta: ['low', 'medium', 'high'] },
    caching: caching(4096, true),
  },
  {
    ...claude46,
    name: 'Claude Opus 4.6',
    match: /^anthropic\.claude-opus-4-6/,
    maxOutputTokens: 128_000,
    caching: caching(4096, true),
  },
  {
    ...claude46,
    name: 'Claude Sonnet 4.6',
    match: /^anthropic\.claude-sonnet-4-6/,
    maxOutputTokens: 128_000,
  },
  {
    ...claude47,
    name: 'Claude Opus 4.7',
    match: /^anthropic\.claude-opus-4-7/,
    midConversationSystem: false,
    caching: caching(2048, true),
  },
  {
    ...claude47,
    name: 'Claude Opus 4.8',
    match: /^anthropic\.claude-opus-4-8/,
    caching: caching(1024, true),
  },
  {
    ...claude5,
    name: 'Claude Fable 5 and Mythos 5',
    match: /^anthropic\.claude-(fable|mythos)-5$/,
    sampling: 'neutral',
    thinking: { ...thinksByDefault, canDisable: false },
  },
  {
    ...claude5,
    name: 'Claude Fable and Mythos from 5.1',
    match: /^anthropic\.claude-(fable|mythos)-/,
    sampling: 'neutral',
    thinking: { ...thinksByDefault, canDisable: false, forcedTools: false },
    structuredOutput: true,
    strictTools: false,
  },
  {
    ...claude5,
    name: 'Claude Opus 5.5',
    match: /^anthropic\.claude-opus-5-5/,
    thinking: { ...thinksByDefault, canDisable: false, forcedTools: false },
  },
  {
    ...claude5,
    name: 'Claude Sonnet 5.5',
    match: /^anthropic\.claude-sonnet-5-5/,
    thinking: { ...thinksByDefault, canDisable: false, betweenTools: true, forcedTools: false },
    structuredOutput: true,
    strictTools: false,
  },
  {
    ...claude5,
    name: 'Claude Sonnet 5',
    match: /^anthropic\.claude-sonnet-5/,
    caching: caching(1024, true),
  },
  { ...claude5, name: 'Claude 5', match: /^anthropic\.claude-/ },
];
