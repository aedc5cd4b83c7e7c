import type { ReasoningBlock } from '../../canonical/types.ts';
import { type Fields, isObject } from '../read.ts';

/**
 * The reasoning of an earlier answer, from whichever field a client sent it back in. Only signed or redacted
 * blocks are of use: Claude verifies the signature, and unsigned text shown to an open-weight model leaks into
 * its answer (vercel/ai#14720). What is malformed is passed over: it is state of ours that a client carried,
 * not something the user wrote.
 */
export function readReasoningHistory(message: Fields): ReasoningBlock[] {
  const fromBlocks = blocksOf(message.thinking_blocks);
  if (fromBlocks.length > 0) return fromBlocks;
  const fromDetails = detailsOf(message.reasoning_details);
  if (fromDetails.length > 0) return fromDetails;
  const { reasoning_signature: signature } = message;
  const text = reasoningText(message);
  return typeof signature === 'string' && text !== undefined ? [signed(text, signature)] : [];
}

/** The plain text that most clients echo; without a signature it only completes what an id carries. */
export function reasoningText(message: Fields): string | undefined {
  const text = message.reasoning_content ?? message.reasoning;
  return typeof text === 'string' ? text : undefined;
}

/** Anthropic's own blocks, as LiteLLM and Envoy pass them. */
function blocksOf(blocks: unknown): ReasoningBlock[] {
  return listOf(blocks).flatMap((block) => {
    if (block.type === 'redacted_thinking' && typeof block.data === 'string') return [redacted(block.data)];
    const { thinking, signature } = block;
    return block.type === 'thinking' && typeof signature === 'string'
      ? [signed(typeof thinking === 'string' ? thinking : '', signature)]
      : [];
  });
}

/** OpenRouter's form. */
function detailsOf(details: unknown): ReasoningBlock[] {
  return listOf(details).flatMap((detail) => {
    if (detail.type === 'reasoning.encrypted' && typeof detail.data === 'string')
      return [redacted(detail.data)];
    const { text, signature } = detail;
    return detail.type === 'reasoning.text' && typeof signature === 'string'
      ? [signed(typeof text === 'string' ? text : '', signature)]
      : [];
  });
}

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
const signed = (text: string, signature: string): ReasoningBlock => ({
  reasoningContent: { reasoningText: { text, signature } },
});
const redacted = (data: string): ReasoningBlock => ({ reasoningContent: { redactedContent: data } });
