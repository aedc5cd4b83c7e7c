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
  if (found > 0) warn(draft, note`${found} search result(s) sent as text: the model cites none`);
};

function textOf({ searchResult }: SearchResultBlock): TextBlock {
  const { source, title, content } = searchResult;
  const attributes = [source, title].map((text) => text.replace(/[\s"<>]+/g, ' ').slice(0, 1000));
  const text = content.map((block) => block.text).join('\n');
  return {
    text: `<search_result source="${attributes[0]}" title="${attributes[1]}">\n${text}\n</search_result>`,
  };
}
