/** A model for Claude Code to work on, and how the gateway asks Bedrock for it. */
export interface Asked {
  model: string;
  operation: string;
  /** Its thinking is signed, and comes back with every turn. */
  signed: boolean;
}

export const models: Asked[] = [
  { model: 'us.anthropic.claude-sonnet-5-5', operation: 'InvokeModelWithResponseStream', signed: true },
  {
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    operation: 'InvokeModelWithResponseStream',
    signed: true,
  },
  { model: 'us.amazon.nova-2-lite-v1:0', operation: 'ConverseStream', signed: false },
  { model: 'moonshot.kimi-k2-thinking', operation: 'ConverseStream', signed: false },
  { model: 'qwen.qwen3-235b-a22b-2507-v1:0', operation: 'ConverseStream', signed: false },
  // Imported, and asleep at first.
  { model: 'qwen2-5-coder', operation: 'InvokeModelWithResponseStream', signed: false },
];
