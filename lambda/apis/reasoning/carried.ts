import type { StateKey } from '../../auth/state-key.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';
import { isCarried, type ThinkingBlock, thinkingBlock } from './formats.ts';
import { sealToolCallId } from './sealed-id.ts';

export interface CallHead {
  id: string;
  /** Reasoning that the id has no room for; clients that keep unknown members of a call send it back. */
  extra_content?: { bedrock: { thinking_blocks: ThinkingBlock[] } };
}

/**
 * The id of a tool call, with the reasoning that led to it. Where that is too long, its signature alone: most
 * clients echo the text as `reasoning_content`, and the two are put together again; some keep what stands
 * beside the id.
 */
export function callHead(toolUseId: string, reasoning: readonly ReasoningBlock[], key: StateKey): CallHead {
  const state = reasoning.filter(isCarried);
  const id = sealToolCallId(toolUseId, state, key);
  if (state.length === 0 || id !== toolUseId) return { id };
  return {
    id: sealToolCallId(toolUseId, state.map(withoutText), key),
    extra_content: { bedrock: { thinking_blocks: state.map(thinkingBlock) } },
  };
}

function withoutText(block: ReasoningBlock): ReasoningBlock {
  const { reasoningText } = block.reasoningContent;
  return reasoningText ? { reasoningContent: { reasoningText: { ...reasoningText, text: '' } } } : block;
}
