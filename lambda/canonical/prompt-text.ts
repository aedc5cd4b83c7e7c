import type { ContentBlock, ConverseRequest, ToolResultContent } from './types.ts';

/**
 * Every text of a request that a model reads: instructions, turns, calls and their results, tools. For estimates of
 * its tokens only: images, documents and what a chat template adds are not in it.
 */
export function promptText({ system = [], messages, toolConfig }: ConverseRequest): string {
  const tools = (toolConfig?.tools ?? []).map((tool) => JSON.stringify(tool));
  const turns = messages.flatMap(({ content }) => content.map(blockText));
  return [...system.map((block) => ('text' in block ? block.text : '')), ...tools, ...turns].join('\n');
}

function blockText(block: ContentBlock | ToolResultContent): string {
  if ('text' in block) return block.text;
  if ('toolUse' in block) return JSON.stringify(block.toolUse.input);
  if ('toolResult' in block) return (block.toolResult.content ?? []).map(blockText).join('\n');
  if ('reasoningContent' in block) return block.reasoningContent.reasoningText?.text ?? '';
  if ('guardContent' in block) return block.guardContent.text?.text ?? '';
  if ('citationsContent' in block) return (block.citationsContent.content ?? []).map(blockText).join('\n');
  if ('searchResult' in block) {
    const { title, content } = block.searchResult;
    return [title, ...content.map(blockText)].join('\n');
  }
  return 'json' in block ? JSON.stringify(block.json) : '';
}
