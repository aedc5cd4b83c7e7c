import { docs } from '../../docs.ts';
import type { ReasoningStyle } from '../capabilities.ts';
import { fourFive } from './claude-budget.ts';
import { caching1h, card } from './claude-card.ts';
import { claudeMessages } from './claude-messages.ts';
import { type Family, family, k, litellm, output, type Traits } from './family.ts';

const fourSix: Traits = {
  ...fourFive,
  contextTokens: k(1000),
  assistantLast: false,
  interleavedThinkingBeta: undefined,
  messages: claudeMessages.fourSix,
  reasoning: {
    kind: 'adaptive',
    budgetToo: true,
    canDisable: true,
    onByDefault: false,
    maxEffort: 'max',
    efforts: ['low', 'medium', 'high', 'max'],
  },
};

/** From 4.7 on the thinking comes without its text unless asked for (theopenco/llmgateway#2593, can1357/oh-my-pi#1373). */
const adaptive = (
  changes: Pick<Adaptive, 'canDisable' | 'onByDefault' | 'leastThinking' | 'disableHasNoEffect'>,
): ReasoningStyle => ({
  kind: 'adaptive',
  budgetToo: false,
  maxEffort: 'max',
  textOnRequest: true,
  ...changes,
});

type Adaptive = Extract<ReasoningStyle, { kind: 'adaptive' }>;

/**
 * From here on sampling parameters, native JSON schemas and `strict` are refused, a text is more tokens, and CountTokens
 * counts for none of them: "The provided model doesn't support counting tokens." (pydantic/pydantic-ai#4001).
 */
const fourSeven: Traits = {
  ...fourSix,
  countsTokens: false,
  tokenizer: 'claude-4.7',
  maxOutputTokens: k(128),
  refusesSampling: true,
  messages: claudeMessages.fourSeven,
  temperatureXorTopP: false,
  topK: undefined,
  strictTools: false,
  structuredOutput: 'tool',
  reasoning: adaptive({ canDisable: true, onByDefault: false }),
  caching: caching1h(1024),
};

/** Adaptive thinking and a forced tool go together (langchain-ai/langchain-aws#1141, pydantic/pydantic-ai#7960). */
const five: Traits = {
  ...fourSeven,
  messages: claudeMessages.sonnet5,
  midConversationSystem: true,
  reasoning: adaptive({ canDisable: true, onByDefault: true }),
  caching: caching1h(512),
};

const thinksAlways = adaptive({ canDisable: false, onByDefault: true });

/**
 * `tool_choice: type "tool" and "any" are not supported for this model.` (vercel/ai#21364, 567-labs/instructor#2681,
 * run-llama/llama_index#23207). So no tool can be forced to give a JSON answer, and the schema is tried natively:
 * BerriAI/litellm sends it, others saw it refused, and a refusal teaches.
 */
const neverForced: Partial<Traits> = {
  toolChoice: { any: false, tool: false },
  structuredOutput: 'native',
};

/** From 4.6 on: adaptive thinking. */
export const claudeAdaptive: readonly Family[] = [
  family(
    'claude-sonnet-4-6',
    {
      title: docs && 'Claude Sonnet 4.6',
      match: /^anthropic\.claude-sonnet-4-6(?!\d)/,
      source: docs && `recorded (forced tool); ${card('sonnet-4-6')}; pydantic/pydantic-ai#5304, #7960`,
    },
    fourSix,
    { ...output(k(64), k(128)), caching: caching1h(1024) },
  ),
  family(
    'claude-opus-4-6',
    {
      title: docs && 'Claude Opus 4.6',
      match: /^anthropic\.claude-opus-4-6(?!\d)/,
      source: docs && `${card('opus-4-6')}; pydantic/pydantic-ai#5304`,
    },
    fourSix,
    { maxOutputTokens: k(128) },
  ),
  family(
    'claude-opus-4-7',
    {
      title: docs && 'Claude Opus 4.7',
      match: /^anthropic\.claude-(?:opus|sonnet)-4-7(?!\d)/,
      source: docs && `${card('opus-4-7')}; BerriAI/litellm#26444 (sampling refused)`,
    },
    fourSeven,
    { caching: caching1h(2048) },
  ),
  family(
    'claude-opus-4-8',
    {
      title: docs && 'Claude Opus 4.8',
      match: /^anthropic\.claude-(?:opus|sonnet)-4-[89](?!\d)/,
      source: docs && `recorded; ${card('opus-4-8')}; langchain-ai/langchain-aws#1141`,
    },
    fourSeven,
    { midConversationSystem: true, messages: claudeMessages.opus48 },
  ),
  family(
    'claude-sonnet-5',
    {
      title: docs && 'Claude Sonnet 5',
      match: /^anthropic\.claude-sonnet-5(?!-\d(?!\d))/,
      source: docs && `${card('sonnet-5')}; langchain-ai/langchain-aws#1186, #1141`,
    },
    five,
    {
      reasoning: adaptive({ canDisable: true, disableHasNoEffect: true, onByDefault: true }),
      caching: caching1h(1024),
    },
  ),
  family(
    'claude-5',
    {
      title: docs && 'Claude Opus 5',
      match: /^anthropic\.claude-(?:opus|haiku)-5(?!-\d(?!\d))/,
      source: docs && `${card('opus-5')}; langchain-ai/langchain-aws#1186, ax-llm/ax#667`,
    },
    five,
    { messages: claudeMessages.opus5 },
  ),
  family(
    'claude-opus-5-5',
    {
      title: docs && 'Claude Opus 5.5',
      match: /^anthropic\.claude-opus-5-5(?!\d)/,
      source: docs && `${card('opus-5-5')}; vercel/ai#21364, ax-llm/ax#667`,
    },
    five,
    {
      ...neverForced,
      serviceTiers: ['default'],
      reasoning: thinksAlways,
      messages: claudeMessages.opus55,
    },
  ),
  family(
    'claude-sonnet-5-5',
    {
      title: docs && 'Claude Sonnet 5.5',
      match: /^anthropic\.claude-sonnet-5-5(?!\d)/,
      source: docs && `${card('sonnet-5-5')}; AI SDK amazon-bedrock 5.0.99; ${litellm}`,
    },
    five,
    {
      ...neverForced,
      serviceTiers: ['default'],
      reasoning: adaptive({ canDisable: false, leastThinking: 'between_tools', onByDefault: true }),
      messages: claudeMessages.sonnet55,
    },
  ),
  family(
    'claude-haiku-5-5',
    {
      title: docs && 'Claude Haiku 5.5',
      match: /^anthropic\.claude-haiku-5-5(?!\d)/,
      source: docs && `${card('haiku-5-5')}; ${litellm}`,
    },
    five,
    { serviceTiers: ['default'], messages: claudeMessages.haiku55 },
  ),
  family(
    'claude-fable-5',
    {
      title: docs && 'Claude Fable 5, Mythos 5',
      match: /^anthropic\.claude-(?:fable|mythos)-(?:5(?!-\d(?!\d))|preview)/,
      source: docs && `${card('fable-5')}; langchain-ai/langchain-aws#1141, #1186`,
    },
    five,
    { reasoning: thinksAlways, messages: claudeMessages.fable5 },
  ),
  family(
    'claude-fable',
    {
      title: docs && 'Claude Fable 5.1, Mythos 5.1 and newer',
      match: /^anthropic\.claude-(?:fable|mythos)-/,
      source: docs && `${card('fable-5-1')}; ${litellm}`,
    },
    five,
    { ...neverForced, reasoning: thinksAlways, messages: claudeMessages.fable51 },
  ),
  family(
    'claude-newer',
    {
      title: docs && 'Claude, newer than this table',
      match: /^anthropic\.claude-/,
      source:
        docs &&
        'assumed like Claude 5: what a generation refused, the next has refused too; langchain-ai/openwiki#722',
    },
    five,
    {
      contextTokens: undefined,
      maxOutputTokens: undefined,
      defaultMaxTokens: k(64),
      serviceTiers: undefined,
      messages: claudeMessages.newer,
    },
  ),
];
