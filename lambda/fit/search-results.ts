import { holdsSearchResult, isToolResult } from '../canonical/blocks.ts';
import type {
  ContentBlock,
  Message,
  SearchResultBlock,
  TextBlock,
  ToolResultContent,
} from '../canonical/types.ts';
import { note } from '../fields.ts';
import { mapContent } from './content.ts';
import { warn } from './notes.ts';
import type { FitStep } from './types.ts';

/**
 * Search results as blocks, which a model can cite, are Claude's from 3.5 Sonnet v2 and 3.5 Haiku on; others read them as
 * text
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_SearchResultBlock.html). Claude cites all of a request
 * or none of them, and none without a text in it (Anthropic, "Search results").
 */
export const fitSearchResults: FitStep = (draft, { messages: isClaude, cites }) => {
  const asBlocks = isClaude && cites;
  const all = draft.request.messages
    .flatMap(resultsIn)
    .filter(({ searchResult }) => saysSomething(searchResult));
  const cited = all.filter(({ searchResult }) => searchResult.citations?.enabled).length;
  const citesMore = cited > 0 && cited < all.length;
  let found = 0;
  const fitted = <T extends object>(block: T | SearchResultBlock): T | SearchResultBlock | TextBlock => {
    if (!('searchResult' in block)) return block as T;
    const { searchResult } = block as SearchResultBlock;
    if (!saysSomething(searchResult)) return textOf(searchResult);
    if (!asBlocks) {
      found += 1;
      return textOf(searchResult);
    }
    const content = searchResult.content.filter(isSaid);
    return {
      searchResult: { ...searchResult, content, ...(citesMore && { citations: { enabled: true } }) },
    };
  };
  draft.request.messages = mapContent(draft.request.messages, (content) =>
    content.some(holdsSearchResult)
      ? content.map((block): ContentBlock => {
          if (!isToolResult(block)) return fitted<ContentBlock>(block);
          const { toolResult } = block;
          return {
            toolResult: {
              ...toolResult,
              content: toolResult.content.map((part) => fitted<ToolResultContent>(part)),
            },
          };
        })
      : content,
  );
  if (found > 0) warn(draft, searchResultsAsText(found));
  if (asBlocks && citesMore) warn(draft, allSearchResultsCited);
};

const isSaid = ({ text }: { text: string }): boolean => text.trim() !== '';
const saysSomething = ({ content }: SearchResultBlock['searchResult']): boolean => content.some(isSaid);

const isResult = (block: object): block is SearchResultBlock => 'searchResult' in block;

/** Those of a turn, and those in results of tools. */
const resultsIn = ({ content }: Message): SearchResultBlock[] =>
  content.flatMap((block) => (isToolResult(block) ? block.toolResult.content : [block]).filter(isResult));

/** A warning. */
export const searchResultsAsText = (count: number) =>
  note`${count} search result(s) sent as text: the model cites none`;

/** Another. */
export const allSearchResultsCited = note`citations are on for all search results: the model takes them for all or for none`;

const textOf = ({ source, title, content }: SearchResultBlock['searchResult']): TextBlock => ({
  text: searchResultText(
    source,
    title,
    content.map(({ text }) => text),
  ),
});

export function searchResultText(source: string, title: string, texts: readonly string[]): string {
  const attributes = [source, title].map((text) => text.replace(/[\s"<>]+/g, ' ').slice(0, 1000));
  return `<search_result source="${attributes[0]}" title="${attributes[1]}">\n${texts.join('\n')}\n</search_result>`;
}
