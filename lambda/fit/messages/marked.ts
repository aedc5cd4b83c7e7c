import type { JsonObject } from '../../canonical/types.ts';
import { type Block, mapBlocks, mapKept, type NativeDraft, objectAt } from './draft.ts';

export type Place = 'tools' | 'system' | 'messages';
/** The mark as it is to be, or undefined for none. */
type Change = (mark: JsonObject, place: Place, block: Block) => JsonObject | undefined;

export const markIn = ({ cache_control }: Block): JsonObject | undefined => objectAt(cache_control);

export const withMark = (block: Block, mark: JsonObject): Block => ({ ...block, cache_control: mark });

/** Changes every mark of a request, in the order in which Claude reads them: tools, system, messages. */
export function mapMarked(draft: NativeDraft, change: Change): void {
  draft.tools = changed(draft.tools, 'tools', change);
  if (Array.isArray(draft.system)) draft.system = changed(draft.system, 'system', change);
  draft.messages = mapBlocks(draft.messages, (blocks) => changed(blocks, 'messages', change));
}

function changed(blocks: Block[], place: Place, change: Change): Block[] {
  return mapKept(blocks, (block) => own(inside(block, place, change), place, change));
}

/** What stands in the result of a tool may be marked too, and counts before the result's own mark. */
function inside(block: Block, place: Place, change: Change): Block {
  if (block.type !== 'tool_result' || !Array.isArray(block.content)) return block;
  const content = mapKept(block.content, (part) => {
    const marked = objectAt(part);
    return marked ? own(marked, place, change) : part;
  });
  return content === block.content ? block : { ...block, content };
}

function own(block: Block, place: Place, change: Change): Block {
  const mark = markIn(block);
  if (!mark) return block;
  const next = change(mark, place, block);
  if (next === mark) return block;
  if (next) return withMark(block, next);
  const { cache_control: _, ...plain } = block;
  return plain;
}
