import { holdsSearchResult, isToolResult } from '../canonical/blocks.ts';
import type { ContentBlock, SearchResultBlock, TextBlock, ToolResultContent } from '../canonical/types.ts';
import { note } from '../fields.ts';
import { mapContent } from './content.ts';
import { warn } from './notes.ts';
import type { FitStep } from './types.ts';

/**
 * Search results as blocks, which a model can cite, are Claude's from 3.5 Sonnet v2 and 3.5 Haiku on; others read them as
 * text
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_SearchResultBlock.html).
 */
export const fitSearchResults: FitStep = (draft, { messages: isClaude, cites }) => {
  if (isClaude && cites) return;
  let found = 0;
  const asText = <T extends object>(block: T | SearchResultBlock): T | TextBlock => {
    if (!('searchResult' in block)) return block as T;
    found += 1;
    return textOf(block as SearchResultBlock);
  };
  draft.request.messages = mapContent(draft.request.messages, (content) =>
    content.some(holdsSearchResult)
      ? content.map((block): ContentBlock => {
          if (!isToolResult(block)) return asText<ContentBlock>(block);
          const { toolResult } = block;
          return {
            toolResult: {
              ...toolResult,
              content: toolResult.content.map((part) => asText<ToolResultContent>(part)),
            },
          };
        })
      : content,
  );
  if (found > 0) warn(draft, searchResultsAsText(found));
};

/** A warning. */
export const searchResultsAsText = (count: number) =>
  note`${count} search result(s) sent as text: the model cites none`;

const textOf = ({ searchResult: { source, title, content } }: SearchResultBlock): TextBlock => ({
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
