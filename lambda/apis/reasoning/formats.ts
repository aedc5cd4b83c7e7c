import { isObject } from '../../canonical/json.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';

/** The forms in which clients get signed and redacted reasoning, and in which they send it back. */

/** Anthropic's own. */
export interface ThinkingBlock {
  type: 'thinking' | 'redacted_thinking';
  thinking?: string;
  signature?: string;
  data?: string;
}

/** OpenRouter's form of the same. */
export interface ReasoningDetail {
  type: 'reasoning.text' | 'reasoning.encrypted';
  text?: string;
  signature?: string;
  data?: string;
  format: 'anthropic-claude-v1';
  index: number;
}

/** Signed and redacted reasoning: what must come back with the next request. */
export interface ReasoningState {
  thinking_blocks: ThinkingBlock[];
  reasoning_details: ReasoningDetail[];
}

/** Only signed and redacted blocks are worth carrying: the rest cannot be sent back to a model. */
export function isCarried({ reasoningContent }: ReasoningBlock): boolean {
  return (
    reasoningContent.redactedContent !== undefined || reasoningContent.reasoningText?.signature !== undefined
  );
}

/** Signed reasoning in the two forms clients keep: Anthropic's blocks and OpenRouter's details. */
export function reasoningState(blocks: readonly ReasoningBlock[]): ReasoningState | undefined {
  const carried = blocks.filter(isCarried);
  if (carried.length === 0) return undefined;
  return {
    thinking_blocks: carried.map(thinkingBlock),
    reasoning_details: carried.map(reasoningDetail),
  };
}

export function thinkingBlock({ reasoningContent: { reasoningText, redactedContent } }: ReasoningBlock) {
  const block: ThinkingBlock = reasoningText
    ? { type: 'thinking', thinking: reasoningText.text, signature: reasoningText.signature }
    : { type: 'redacted_thinking', data: redactedContent };
  return block;
}

function reasoningDetail(block: ReasoningBlock, index: number): ReasoningDetail {
  const { reasoningText, redactedContent } = block.reasoningContent;
  const format = 'anthropic-claude-v1';
  if (!reasoningText) return { type: 'reasoning.encrypted', data: redactedContent, format, index };
  const { text, signature } = reasoningText;
  return { type: 'reasoning.text', text, signature, format, index };
}

/** Anthropic's own blocks, as LiteLLM and Envoy pass them. */
export function blocksOf(blocks: unknown): ReasoningBlock[] {
  if (!Array.isArray(blocks)) return none;
  return blocks.filter(isObject).flatMap((block) => {
    if (block.type === 'redacted_thinking' && typeof block.data === 'string') return [redacted(block.data)];
    const { thinking, signature } = block;
    return block.type === 'thinking' && typeof signature === 'string'
      ? [signed(typeof thinking === 'string' ? thinking : '', signature)]
      : [];
  });
}

/** OpenRouter's form. */
export function detailsOf(details: unknown): ReasoningBlock[] {
  if (!Array.isArray(details)) return none;
  return details.filter(isObject).flatMap((detail) => {
    if (detail.type === 'reasoning.encrypted' && typeof detail.data === 'string')
      return [redacted(detail.data)];
    const { text, signature } = detail;
    return detail.type === 'reasoning.text' && typeof signature === 'string'
      ? [signed(typeof text === 'string' ? text : '', signature)]
      : [];
  });
}

const none: ReasoningBlock[] = [];
export const signed = (text: string, signature: string): ReasoningBlock => ({
  reasoningContent: { reasoningText: { text, signature } },
});
const redacted = (data: string): ReasoningBlock => ({ reasoningContent: { redactedContent: data } });
