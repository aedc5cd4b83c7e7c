import { warn } from '../notes.ts';
import { searchResultsAsText, searchResultText } from '../search-results.ts';
import { type Block, blocksIn, mapBlocks, mapKept, type NativeStep, objectAt } from './draft.ts';

/** Search results as text, for the first generation, which knows no such block. */
export const fitSearchResults: NativeStep = (draft, { cites }) => {
  if (cites) return;
  let found = 0;
  const asText = (block: Block): Block => {
    if (block.type !== 'search_result') return block;
    found += 1;
    const { source, title, content, cache_control } = block;
    const texts = blocksIn(content).map(({ text }) => String(text));
    const text = searchResultText(String(source), String(title), texts);
    return { type: 'text', text, ...(cache_control !== undefined && { cache_control }) };
  };
  draft.messages = mapBlocks(draft.messages, (blocks) =>
    mapKept(blocks, (block) => {
      if (block.type !== 'tool_result' || !Array.isArray(block.content)) return asText(block);
      const content = mapKept(block.content, (part) => {
        const inside = objectAt(part);
        return inside ? asText(inside) : part;
      });
      return content === block.content ? block : { ...block, content };
    }),
  );
  if (found > 0) warn(draft, searchResultsAsText(found));
};
