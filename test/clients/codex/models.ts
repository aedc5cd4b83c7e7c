/** A model for Codex to work on. */
export interface Asked {
  model: string;
  /** Its reasoning is signed and seen, and comes back with every turn. */
  signed: boolean;
  /** Its reasoning is not seen, and comes back all the same. */
  hidden: boolean;
  /** How much reasoning the user asks for; without it, Codex asks for none of a model that it does not know. */
  effort?: string;
  /** It takes pictures. */
  sees: boolean;
  /** Codex knows its name: it has `apply_patch` for it, and holds back the tools of MCP servers. */
  known: boolean;
}

export const claude = 'us.anthropic.claude-sonnet-5-5';

const usual = { signed: false, hidden: false, sees: true, known: false };

export const models: Asked[] = [
  { ...usual, model: claude, signed: true },
  { ...usual, model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', signed: true, effort: 'high' },
  { ...usual, model: 'us.amazon.nova-2-lite-v1:0', effort: 'low' },
  { ...usual, model: 'qwen.qwen3-235b-a22b-2507-v1:0', sees: false },
  { ...usual, model: 'gpt-5.5', hidden: true, known: true },
  { ...usual, model: 'us.openai.gpt-5.6-sol', hidden: true },
];
