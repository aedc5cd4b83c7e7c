import { isClientToolUse, isToolResult, isToolUse } from '../../canonical/blocks.ts';
import type { ContentBlock, Message, ToolResultContent } from '../../canonical/types.ts';
import { callAsText, resultAsText } from '../turns/tool-text.ts';
import type { Aliases } from './renaming.ts';

/**
 * Names and ids of the client's tool calls in a conversation, in order. After `fitTurns` every result has its
 * call, so the calls have all ids.
 */
export interface ToolHistory {
  names: Set<string>;
  ids: Set<string>;
}

export function toolHistory(messages: readonly Message[]): ToolHistory {
  const history: ToolHistory = { names: new Set(), ids: new Set() };
  for (const { content } of messages) {
    for (const block of content) {
      if (!isClientToolUse(block)) continue;
      history.names.add(block.toolUse.name);
      history.ids.add(block.toolUse.toolUseId);
    }
  }
  return history;
}

function mapBlocks(messages: readonly Message[], map: (block: ContentBlock) => ContentBlock[]): Message[] {
  return messages.map(({ role, content }) => ({ role, content: content.flatMap(map) }));
}

/** The same conversation with calls under the names and ids that the model takes. */
export function renameHistory(messages: readonly Message[], names: Aliases, ids: Aliases): Message[] {
  return mapBlocks(messages, (block) => {
    if (isToolUse(block)) {
      const { toolUse } = block;
      const renamed = { ...toolUse, toolUseId: ids.to(toolUse.toolUseId), name: names.to(toolUse.name) };
      return [{ toolUse: renamed }];
    }
    if (!isToolResult(block)) return [block];
    return [{ toolResult: { ...block.toolResult, toolUseId: ids.to(block.toolResult.toolUseId) } }];
  });
}

/**
 * Only Claude and Nova take a status (API reference of ToolResultBlock); Writer says "This model doesn't support the
 * status field. Remove status and try again." To the others a failure is said in words, so that none is taken for a
 * success.
 */
export function withoutResultStatus(messages: readonly Message[]): Message[] {
  return mapBlocks(messages, (block) => {
    if (!isToolResult(block)) return [block];
    const { status, content, ...toolResult } = block.toolResult;
    return [{ toolResult: { ...toolResult, content: status === 'error' ? asFailure(content) : content } }];
  });
}

function asFailure(content: ToolResultContent[]): ToolResultContent[] {
  const [first, ...rest] = content;
  if (first === undefined || !('text' in first)) return [{ text: 'Error:' }, ...content];
  return /^\s*error\b/i.test(first.text) ? content : [{ text: `Error: ${first.text}` }, ...rest];
}

/** The same conversation with calls and results as plain text, for models that know no tools. */
export function historyAsText(messages: readonly Message[]): Message[] {
  const names = new Map<string, string>();
  return mapBlocks(messages, (block) => {
    if (isToolUse(block)) {
      names.set(block.toolUse.toolUseId, block.toolUse.name);
      return [callAsText(block)];
    }
    if (!isToolResult(block)) return [block];
    return resultAsText(block, `the tool ${names.get(block.toolResult.toolUseId) ?? 'call'}`);
  });
}
