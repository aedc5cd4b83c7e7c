import { isObject, list, type Members } from './json.ts';
import { textKey } from './text-key.ts';

/** What a conversation in Anthropic's form does to the tools of its request. Names stand as their `textKey`. */
export interface ToolChanges {
  /** Deferred tools that a search has found. */
  found: Set<string>;
  /** Tools that are offered from some turn on, deferred or removed before. */
  added: Set<string>;
  /** Tools that are no longer offered. */
  removed: Set<string>;
  /** Tools that the conversation defines, each as it did last. */
  definitions: Map<string, Members>;
  /** How many blocks add, remove or define a tool. */
  count: number;
}

/** Blocks that say something of the tools and have no words (Anthropic, "Mid-conversation tool changes"). */
const kinds: ReadonlySet<unknown> = new Set(['tool_addition', 'tool_removal', 'tool_definition']);
export const changesTools = ({ type }: Members): boolean => kinds.has(type);

/** Reads the tools that a conversation has found, added, removed and defined, in its order. */
export function toolChanges(turns: readonly { content: unknown }[]): ToolChanges {
  const changes: ToolChanges = {
    found: new Set(),
    added: new Set(),
    removed: new Set(),
    definitions: new Map(),
    count: 0,
  };
  for (const { content } of turns) for (const block of list(content)) read(block, changes);
  return changes;
}

/** The tool that a block defines, which may stand in an addition. */
export function definitionIn(block: Members): Members | undefined {
  const { tool } = block;
  if (block.type === 'tool_addition')
    return isObject(tool) && tool.type === 'tool_definition' ? definedBy(tool) : undefined;
  return block.type === 'tool_definition' ? definedBy(block) : undefined;
}

function definedBy({ definition, tool, type: _, ...inline }: Members): Members {
  if (isObject(definition)) return definition;
  return isObject(tool) ? tool : inline;
}

/** The tool that a block adds or removes by its name. Those of MCP servers, which Bedrock does not call, are none. */
export function nameIn({ tool_name, name, tool, tool_reference = tool }: Members): string | undefined {
  const { type, ...reference } = isObject(tool_reference) ? tool_reference : {};
  if (typeof type === 'string' && type.startsWith('mcp_')) return undefined;
  const said = tool_name ?? name ?? reference.tool_name ?? reference.name;
  return typeof said === 'string' ? textKey(said) : undefined;
}

function read(block: Members, changes: ToolChanges): void {
  if (changesTools(block)) {
    changes.count += 1;
    change(block, changes);
  } else if (block.type === 'tool_result') {
    for (const part of list(block.content)) {
      const name = part.type === 'tool_reference' ? nameIn(part) : undefined;
      if (name !== undefined) changes.found.add(name);
    }
    // What was changed in turns that a summary stands for.
  } else if (block.type === 'compaction') for (const each of list(block.tool_changes)) read(each, changes);
}

function change(block: Members, { added, removed, definitions }: ToolChanges): void {
  const definition = definitionIn(block);
  const name = definition ? toolKey(definition) : nameIn(block);
  if (name === undefined) return;
  if (block.type === 'tool_removal') {
    removed.add(name);
    return;
  }
  removed.delete(name);
  if (definition) definitions.set(name, definition);
  else added.add(name);
}

/** What stands for a tool among others: its name; a toolset has none but its type. */
export const toolKey = ({ name, type }: Members): string => textKey(String(name ?? type ?? ''));

/** A request's tools with those that its conversation defines, by `toolKey`; one that is defined again stands where it stood. */
export function withDefined<T extends Members>(
  tools: readonly T[],
  definitions: ReadonlyMap<string, T>,
): T[] {
  const left = new Map(definitions);
  const own = tools.map((tool) => {
    const name = toolKey(tool);
    const defined = left.get(name);
    left.delete(name);
    return defined ?? tool;
  });
  return [...own, ...left.values()];
}
