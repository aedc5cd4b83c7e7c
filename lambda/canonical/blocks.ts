import type {
  CachePointBlock,
  ContentBlock,
  SystemBlock,
  TextBlock,
  ToolResultBlock,
  ToolResultContent,
  ToolUseBlock,
} from './types.ts';

export const isText = (block: object): block is TextBlock => 'text' in block;
export const isCachePoint = (block: object): block is CachePointBlock => 'cachePoint' in block;
export const isToolUse = (block: ContentBlock): block is ToolUseBlock => 'toolUse' in block;
export const isToolResult = (block: ContentBlock): block is ToolResultBlock => 'toolResult' in block;

/**
 * A call that the client runs and answers. Calls of server tools (`type` server_tool_use) run inside Bedrock
 * and have their result in the same assistant turn.
 */
export const isClientToolUse = (block: ContentBlock): block is ToolUseBlock =>
  isToolUse(block) && isClientCall(block.toolUse);

/** The same of what a block of a stream begins with. */
export const isClientCall = ({ type }: { type?: string }): boolean => type !== 'server_tool_use';

/**
 * Bedrock refuses text blocks of nothing but white space ("... is blank. Add text to the text field"). A guardrail
 * has nothing to see in one either.
 */
export function isBlankText(block: ContentBlock | SystemBlock | ToolResultContent): boolean {
  if ('text' in block) return block.text.trim() === '';
  return 'guardContent' in block && block.guardContent.text?.text.trim() === '';
}

export const mediaKinds = ['image', 'document', 'video', 'audio'] as const;
export type MediaKind = (typeof mediaKinds)[number];

/** Nearly every block of a long history is text. */
export const mediaKindOf = (block: object): MediaKind | undefined =>
  isText(block) ? undefined : mediaKinds.find((kind) => kind in block);

/** A file, or a tool result with one. */
export const holdsMedia = (block: ContentBlock): boolean =>
  isToolResult(block)
    ? block.toolResult.content.some((part) => mediaKindOf(part) !== undefined)
    : mediaKindOf(block) !== undefined;

/** A search result, or a tool result with one. */
export const holdsSearchResult = (block: ContentBlock): boolean =>
  isToolResult(block)
    ? block.toolResult.content.some((part) => 'searchResult' in part)
    : 'searchResult' in block;
