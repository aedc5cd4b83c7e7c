import { signatureOfResponses } from '../../canonical/reasoning.ts';
import type { ContentBlock } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { mapContent } from '../content.ts';
import type { FitStep } from '../types.ts';

/**
 * Reasoning that clients send back. Only what a model can verify is replayed: signed text (the text may be
 * empty, BerriAI/litellm#38809) and redacted blocks, to families that take them: Claude both, GPT the latter
 * ("This model doesn't support the reasoningContent.reasoningText.text field for assistant messages."). Unsigned text is what clients
 * echo from `reasoning_content`; Claude refuses it and others repeat it as part of their answer
 * (vercel/ai#14720). Runs before `fitTurns`, which joins the turns around a message that has become empty.
 */
export const fitReasoningHistory: FitStep = (draft, capabilities) => {
  const keep = (block: ContentBlock) => stays(block, capabilities);
  const messages = mapContent(draft.request.messages, (content) =>
    content.every(keep) ? content : content.filter(keep),
  );
  draft.request.messages = messages.filter(({ content }) => content.length > 0);
};

function stays(block: ContentBlock, capabilities: Capabilities): boolean {
  if (!('reasoningContent' in block)) return true;
  const { reasoningText, redactedContent } = block.reasoningContent;
  if (redactedContent)
    return capabilities.reasoningReplay === true || capabilities.reasoningReplay === 'redacted';
  const { signature = '' } = reasoningText ?? {};
  const isOfResponses = signatureOfResponses.read(signature) !== undefined;
  // By Converse GPT takes redacted blocks; what it thought on Responses it takes there alone.
  if (capabilities.reasoningReplay === 'responses') return isOfResponses;
  return capabilities.reasoningReplay === true && signature !== '' && !isOfResponses;
}
