/** A model for the libraries that speak Responses. */
export interface Asked {
  model: string;
  /** Its reasoning is signed and seen, and comes back with every turn. */
  signed: boolean;
  /** Its reasoning is not seen, and comes back all the same. */
  hidden: boolean;
}

export const claude = 'us.anthropic.claude-sonnet-5-5';

export const models: Asked[] = [
  { model: claude, signed: true, hidden: false },
  { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', signed: true, hidden: false },
  { model: 'us.amazon.nova-2-lite-v1:0', signed: false, hidden: false },
  { model: 'qwen.qwen3-235b-a22b-2507-v1:0', signed: false, hidden: false },
  { model: 'us.openai.gpt-5.6-sol', signed: false, hidden: true },
];

/** What the models are asked to reason. */
export const reasoning = { effort: 'low', summary: 'auto' } as const;
