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

/** Members that hold bytes, ids or marks, and no words. */
const wordless: ReadonlySet<string> = new Set([
  'data',
  'signature',
  'type',
  'role',
  'id',
  'tool_use_id',
  'media_type',
]);

/** The same for a native body, whatever its members. */
export function textsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, member]) => (wordless.has(name) ? '' : textsOf(member)))
    .filter((text) => text !== '')
    .join('\n');
}
