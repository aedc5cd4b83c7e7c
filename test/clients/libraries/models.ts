/** A model for the libraries, and the thinking to ask it for. */
export interface Asked {
  model: string;
  thinking: { type: 'enabled'; budget_tokens: number } | { type: 'adaptive'; display: 'summarized' };
  /** Its thinking is seen. */
  thinks: boolean;
  /** Its thinking is signed, and comes back with every turn. */
  signed: boolean;
}

const budget = { type: 'enabled', budget_tokens: 2048 } as const;

export const models: Asked[] = [
  {
    model: 'us.anthropic.claude-sonnet-5-5',
    thinking: { type: 'adaptive', display: 'summarized' },
    thinks: true,
    signed: true,
  },
  { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', thinking: budget, thinks: true, signed: true },
  { model: 'us.amazon.nova-2-lite-v1:0', thinking: budget, thinks: true, signed: false },
  { model: 'moonshot.kimi-k2-thinking', thinking: budget, thinks: true, signed: false },
  { model: 'qwen.qwen3-235b-a22b-2507-v1:0', thinking: budget, thinks: false, signed: false },
];
