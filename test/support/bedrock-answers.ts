import type { Block } from './captures.ts';

/** A body of Converse, as far as tests look at it. */
export interface ConverseBody {
  messages: { role: string; content: ConverseBlock[] }[];
  system?: { text?: string }[];
  inferenceConfig?: { maxTokens?: number; temperature?: number; topP?: number };
  toolConfig?: { tools: { toolSpec?: { name: string; description?: string } }[]; toolChoice?: object };
  outputConfig?: { textFormat?: object };
  additionalModelRequestFields?: {
    thinking?: { type: string };
    anthropic_beta?: string[];
    tool_choice?: object;
    [member: string]: unknown;
  };
  guardrailConfig?: object;
  requestMetadata?: Record<string, string>;
}

export interface ConverseBlock {
  text?: string;
  document?: { name: string };
  image?: object;
  toolUse?: { toolUseId: string; name: string; input: object };
  toolResult?: { toolUseId: string; status?: string; content: { text?: string }[] };
  reasoningContent?: object;
}

const usage = {
  input_tokens: 7,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 3,
  output_tokens: 5,
};
export const converseUsage = { inputTokens: 7, outputTokens: 5, totalTokens: 15, cacheReadInputTokens: 3 };

/** A message as Claude writes it on Bedrock. */
export const message = (
  content: Block[] = [{ type: 'text', text: 'Hello from Bedrock.' }],
  more: { stop_reason?: string; [member: string]: unknown } = {},
) => ({
  model: 'claude-sonnet-5-5',
  id: 'msg_bdrk_01AbCdEfGhIjKlMnOpQrStUv',
  type: 'message',
  role: 'assistant',
  content,
  stop_reason: content.some(({ input }) => input) ? 'tool_use' : 'end_turn',
  stop_sequence: null,
  usage,
  ...more,
});

/** The same as its events, each block in one delta of each kind. */
export function eventsOf(whole: ReturnType<typeof message>): object[] {
  const { content, stop_reason, stop_sequence, ...head } = whole;
  const start = { ...head, content: [], stop_reason: null, stop_sequence: null };
  return [
    { type: 'message_start', message: { ...start, usage: { ...usage, output_tokens: 1 } } },
    ...content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: opened(block) },
      ...deltasOf(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage },
    {
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 7, outputTokenCount: 5, invocationLatency: 9 },
    },
  ];
}

function opened(block: Block): object {
  if (block.type === 'text') return { ...block, text: '' };
  if (block.type === 'thinking') return { ...block, thinking: '', signature: '' };
  return block.input ? { ...block, input: {} } : block;
}

function deltasOf({ type, text, thinking, signature, input }: Block): object[] {
  if (type === 'text') return [{ type: 'text_delta', text }];
  if (type === 'thinking')
    return [
      ...(thinking ? [{ type: 'thinking_delta', thinking }] : []),
      { type: 'signature_delta', signature },
    ];
  return input ? [{ type: 'input_json_delta', partial_json: JSON.stringify(input) }] : [];
}

/** Converse's form of the same blocks. */
export const converseBlock = ({ type, text, thinking, signature, data, id, name, input }: Block) => {
  if (type === 'thinking') return { reasoningContent: { reasoningText: { text: thinking, signature } } };
  if (type === 'redacted_thinking') return { reasoningContent: { redactedContent: data } };
  return type === 'tool_use' ? { toolUse: { toolUseId: id, name, input } } : { text };
};

export function converseEvents(blocks: Block[], stopReason: string, usage: object): [string, object][] {
  return [
    ['messageStart', { role: 'assistant' }],
    ...blocks.flatMap((block, contentBlockIndex): [string, object][] => [
      ...(block.type === 'tool_use'
        ? [
            [
              'contentBlockStart',
              { contentBlockIndex, start: { toolUse: { toolUseId: block.id, name: block.name } } },
            ] as [string, object],
          ]
        : []),
      ...converseDeltas(block).map((delta): [string, object] => [
        'contentBlockDelta',
        { contentBlockIndex, delta },
      ]),
      ['contentBlockStop', { contentBlockIndex }],
    ]),
    ['messageStop', { stopReason }],
    ['metadata', { usage, metrics: { latencyMs: 9 } }],
  ];
}

function converseDeltas({ type, text, thinking, signature, data, input }: Block): object[] {
  if (type === 'thinking')
    return [
      ...(thinking ? [{ reasoningContent: { text: thinking } }] : []),
      ...(signature ? [{ reasoningContent: { signature } }] : []),
    ];
  if (type === 'redacted_thinking') return [{ reasoningContent: { redactedContent: data } }];
  if (type === 'tool_use') return [{ toolUse: { input: JSON.stringify(input) } }];
  return [{ text }];
}
