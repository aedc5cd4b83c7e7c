import type { ChatDialect } from '../capabilities.ts';

/**
 * What a model takes of Chat Completions on Bedrock's runtime, POST /openai/v1/chat/completions (BerriAI/litellm
 * 1.110.2, whose maintainers checked it live in October 2026; AWS's page on service tiers). None makes several answers.
 */
export interface ChatTraits {
  /** Service tiers that it may be asked for there. */
  tiers: readonly string[];
  /** Members that it refuses. */
  refuses?: readonly string[];
  /** Members that it refuses while it thinks, as it does unless its effort is `none`; tools among them. */
  refusesThinking?: readonly string[];
  /** The answer is made to keep a JSON schema. */
  keepsSchemas?: true;
  /** `required`, and a tool that is named, are refused or not minded. */
  onlyAutoChoice?: true;
  /** Reads files. */
  files?: true;
  /** Takes `verbosity`. */
  verbosity?: true;
  /** Instructions may stand between turns. */
  takesOrders?: true;
  /** Takes marks in the prompt up to which it is cached. */
  cacheMarks?: true;
}

const tiers = ['default', 'flex', 'priority'] as const;
const penalties = ['presence_penalty', 'frequency_penalty'] as const;

export const chatDialects: Readonly<Record<ChatDialect, ChatTraits>> = {
  gpt: {
    tiers: ['default'],
    refuses: ['logit_bias', 'stop'],
    refusesThinking: ['temperature', 'top_p', ...penalties, 'logprobs', 'top_logprobs', 'tools'],
    keepsSchemas: true,
    files: true,
    verbosity: true,
    takesOrders: true,
  },
  // Penalties are answered with a 503.
  grok: { tiers: [], refuses: [...penalties, 'stop'], keepsSchemas: true },
  'gpt-oss': { tiers, refuses: ['logit_bias'], onlyAutoChoice: true },
  kimi: { tiers, cacheMarks: true },
  open: { tiers },
};
