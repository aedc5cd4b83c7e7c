import { withoutBillingLine } from '../../canonical/billing-line.ts';
import type { Json } from '../../canonical/types.ts';
import { type Block, mapKept, type NativeDraft, type NativeStep, objectAt, type Turn } from './draft.ts';

const isBlank = (value: Json | undefined): boolean => typeof value === 'string' && value.trim() === '';
const isBlankText = ({ type, text }: Block): boolean => type === 'text' && isBlank(text);

/**
 * "text content blocks must be non-empty", "all messages must have non-empty content": blank text says nothing, wherever
 * it stands, and a message of nothing else goes with it. A system message may be empty that gives an order.
 */
export const fitTexts: NativeStep = (draft, { messages }) => {
  draft.messages = mapKept(draft.messages, (turn) => {
    const said = withoutBlank(turn);
    return said.content.length > 0 || said.output_config ? said : undefined;
  });
  const system = withBillingLine(draft.system, messages.refusesBillingLine);
  if (typeof system === 'string') draft.system = isBlank(system) ? undefined : system;
  else if (system) {
    const said = saying(system);
    draft.system = said.length > 0 ? said : undefined;
  }
};

function withoutBlank(turn: Turn): Turn {
  const { content } = turn;
  if (typeof content === 'string') return isBlank(content) ? { ...turn, content: [] } : turn;
  const said = mapKept(saying(content), withResult);
  return said === content ? turn : { ...turn, content: said };
}

/**
 * The line of Claude Code stays where Bedrock takes it: alone, and first of all. Joined with other text it is refused:
 * "x-anthropic-billing-header is a reserved keyword and may not be used in the system prompt."
 */
function withBillingLine(system: NativeDraft['system'], isRefused = false): NativeDraft['system'] {
  const kept = (text: string, at: number) => {
    const rest = withoutBillingLine(text);
    return rest === '' && at === 0 && !isRefused ? text : rest;
  };
  if (typeof system === 'string') return kept(system, 0);
  return (
    system &&
    mapKept(system, (block, at) => {
      const { text } = block;
      if (typeof text !== 'string') return block;
      const said = kept(text, at);
      return said === text ? block : { ...block, text: said };
    })
  );
}

/** A blank text leaves its cache mark to the block before it: the prefix is the same. */
function saying(blocks: Block[]): Block[] {
  if (!blocks.some(isBlankText)) return blocks;
  const said: Block[] = [];
  for (const block of blocks) {
    const last = said.at(-1);
    if (!isBlankText(block)) said.push(block);
    else if (last && block.cache_control && !last.cache_control && last.type !== 'thinking')
      said[said.length - 1] = { ...last, cache_control: block.cache_control };
  }
  return said;
}

/** "content cannot be empty if `is_error` is true" */
function withResult(block: Block): Block {
  if (block.type !== 'tool_result') return block;
  const { content } = block;
  const parts = Array.isArray(content)
    ? mapKept(content, (part) => (blankPart(part) ? undefined : part))
    : content;
  const isEmpty =
    parts === undefined || parts === null || isBlank(parts) || (Array.isArray(parts) && parts.length === 0);
  if (isEmpty && block.is_error === true) return { ...block, content: 'The tool failed without a message.' };
  return parts === content ? block : { ...block, content: parts ?? '' };
}

function blankPart(part: Json): boolean {
  const block = objectAt(part);
  return block !== undefined && isBlankText(block);
}
