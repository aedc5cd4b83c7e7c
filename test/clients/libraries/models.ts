/** A model for the libraries, and the thinking to ask it for. */
export interface Asked {
  model: string;
  thinking: { type: 'enabled'; budget_tokens: number } | { type: 'adaptive'; display: 'summarized' };
  /** Its thinking is signed, and comes back with every turn. */
  signed: boolean;
}

const budget = { type: 'enabled', budget_tokens: 2048 } as const;

export const models: Asked[] = [
  {
    model: 'us.anthropic.claude-sonnet-5-5',
    thinking: { type: 'adaptive', display: 'summarized' },
    signed: true,
  },
  { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', thinking: budget, signed: true },
  { model: 'us.amazon.nova-2-lite-v1:0', thinking: budget, signed: false },
  { model: 'qwen.qwen3-235b-a22b-2507-v1:0', thinking: budget, signed: false },
];
