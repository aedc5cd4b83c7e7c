import type { Json } from '../../canonical/types.ts';
import { warn } from '../notes.ts';
import { allSearchResultsCited, searchResultsAsText, searchResultText } from '../search-results.ts';
import { type Block, blocksIn, blocksOf, mapBlocks, mapKept, type NativeStep, objectAt } from './draft.ts';

/**
 * Search results as text, for the first generation, which knows no such block. Claude cites all of a request or none of them,
 * and none without a text in it (Anthropic, "Search results").
 */
export const fitSearchResults: NativeStep = (draft, { cites }) => {
  const results = draft.messages.flatMap(({ content }) => blocksOf(content).flatMap(resultsIn));
  if (results.length === 0) return;
  const said = results.filter((block) => saidIn(block).length > 0);
  const cited = said.filter(isCited).length;
  const citesMore = cited > 0 && cited < said.length;
  const fitted = (block: Block): Block => {
    if (block.type !== 'search_result') return block;
    const content = saidIn(block);
    if (!cites || content.length === 0) return asText(block);
    const whole = Array.isArray(block.content) && content.length === block.content.length;
    const kept = whole ? block : { ...block, content };
    return citesMore && !isCited(block) ? { ...kept, citations: { enabled: true } } : kept;
  };
  draft.messages = mapBlocks(draft.messages, (blocks) =>
    mapKept(blocks, (block) => {
      if (block.type !== 'tool_result' || !Array.isArray(block.content)) return fitted(block);
      const content = mapKept(block.content, (part) => {
        const inside = objectAt(part);
        return inside ? fitted(inside) : part;
      });
      return content === block.content ? block : { ...block, content };
    }),
  );
  if (!cites && said.length > 0) warn(draft, searchResultsAsText(said.length));
  if (cites && citesMore) warn(draft, allSearchResultsCited);
};

const resultsIn = (block: Block): Block[] =>
  (block.type === 'tool_result' ? blocksIn(block.content) : [block]).filter(
    ({ type }) => type === 'search_result',
  );

const isCited = ({ citations }: Block): boolean => objectAt(citations)?.enabled === true;

const isSaid = (text: Json | undefined): boolean => typeof text === 'string' && text.trim() !== '';
const saidIn = ({ content }: Block): Block[] => blocksIn(content).filter(({ text }) => isSaid(text));

function asText(block: Block): Block {
  const { source, title, cache_control } = block;
  const texts = saidIn(block).map(({ text }) => String(text));
  const text = searchResultText(String(source), String(title), texts);
  return { type: 'text', text, ...(cache_control !== undefined && { cache_control }) };
}
