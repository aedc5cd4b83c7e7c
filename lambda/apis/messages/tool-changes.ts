import { isObject } from '../../canonical/json.ts';
import { textKey } from '../../canonical/text-key.ts';
import type { Fields } from '../shared/json.ts';
import { type Block, blocksOf, type Turn } from './conversation.ts';

/** What a conversation does to its tools. Names stand as their `textKey`. */
export interface ToolChanges {
  /** Deferred tools that a search has found, or that were added. */
  found: Set<string>;
  removed: Set<string>;
  /** Tools that are defined in the conversation. */
  definitions: Fields[];
}

/** Reads the tools that a conversation has found, added and removed, in its order. */
export function toolChanges(turns: readonly Turn[]): ToolChanges {
  const changes: ToolChanges = { found: new Set(), removed: new Set(), definitions: [] };
  for (const { content } of turns) for (const block of content) readChange(block, changes);
  return changes;
}

function readChange(block: Block, changes: ToolChanges): void {
  const name = nameOf(block);
  switch (block.type) {
    case 'tool_result':
      for (const part of blocksOf(block.content))
        if (part.type === 'tool_reference') readChange(part, changes);
      return;
    case 'tool_reference':
      if (name !== undefined) changes.found.add(name);
      return;
    case 'tool_addition':
      if (name === undefined) return;
      changes.found.add(name);
      changes.removed.delete(name);
      return;
    case 'tool_removal':
      if (name !== undefined) changes.removed.add(name);
      return;
    case 'tool_definition':
      changes.definitions.push(isObject(block.tool) ? block.tool : block);
  }
}

function nameOf({ tool_name, name, tool }: Block): string | undefined {
  const said = tool_name ?? name ?? (isObject(tool) ? (tool.tool_name ?? tool.name) : undefined);
  return typeof said === 'string' ? textKey(said) : undefined;
}
