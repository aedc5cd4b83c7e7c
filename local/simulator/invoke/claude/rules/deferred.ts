import { blocksOf, type MessagesBody, type Tool, type ToolChange } from '../body.ts';
import { type BodyRule, placedBlocks } from './body-rule.ts';

/** The tools that the results of searches have loaded. */
export function referencedTools(body: MessagesBody): Set<string> {
  const inside = placedBlocks(body).flatMap(({ block }) =>
    block.type === 'tool_result' ? blocksOf(block.content) : [],
  );
  return new Set(inside.flatMap((block) => (block.type === 'tool_reference' ? [block.tool_name] : [])));
}

/** In the order of the conversation. */
const changesIn = (body: MessagesBody): ToolChange[] =>
  placedBlocks(body).flatMap(({ block }) => {
    if (block.type === 'compaction') return block.tool_changes ?? [];
    return block.type === 'tool_addition' || block.type === 'tool_removal' ? [block] : [];
  });

const definedTools = (body: MessagesBody): Tool[] =>
  changesIn(body).flatMap(({ tool }) => (tool.type === 'tool_definition' ? [tool.definition] : []));

/** The tools that are offered at the end of the conversation: those of the request as it has changed them. */
export function offeredTools(body: MessagesBody): Tool[] {
  const found = referencedTools(body);
  const offered = new Map(
    (body.tools ?? []).map((tool) => [
      tool.name,
      { tool, isOffered: !tool.defer_loading || found.has(tool.name) },
    ]),
  );
  for (const { type, tool } of changesIn(body)) {
    if (tool.type === 'tool_definition') {
      const { definition } = tool;
      offered.set(definition.name, {
        tool: definition,
        isOffered: !definition.defer_loading || found.has(definition.name),
      });
    } else {
      const known = offered.get(tool.name);
      if (known) known.isOffered = type === 'tool_addition';
    }
  }
  return [...offered.values()].flatMap(({ tool, isOffered }) => (isOffered ? [tool] : []));
}

/** Tools that are loaded when a search has found them (Anthropic, "Tool search tool"; the words are its own). */
export const deferredRules: BodyRule[] = [
  {
    name: 'some tool is not deferred',
    breach: ({ tools = [] }) =>
      tools.length > 0 && tools.every(({ defer_loading }) => defer_loading === true)
        ? 'At least one tool must have defer_loading=false. All tools cannot be deferred.'
        : undefined,
  },
  {
    name: 'a reference names a tool',
    breach(body) {
      const names = new Set([...(body.tools ?? []), ...definedTools(body)].map(({ name }) => name));
      const unknown = [...referencedTools(body)].find((name) => !names.has(name));
      return unknown && `Tool reference '${unknown}' not found in available tools`;
    },
  },
  {
    name: 'a change names a tool',
    breach(body) {
      const names = new Set(body.tools?.map(({ name }) => name));
      for (const { tool } of changesIn(body)) {
        if (tool.type === 'tool_definition') names.add(tool.definition.name);
        else if (!names.has(tool.name)) return `Tool reference '${tool.name}' not found in available tools`;
      }
      return undefined;
    },
  },
  {
    // Wei-Shaw/sub2api#4990.
    name: 'no cache mark on a deferred tool',
    breach({ tools = [] }) {
      const odd = tools.find(({ defer_loading, cache_control }) => defer_loading && cache_control);
      return (
        odd &&
        `Tool '${odd.name}' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.`
      );
    },
  },
];
