import { free, gated, type Known, typed, withMembers } from './known.ts';

const screen = ['display_width_px', 'display_height_px', 'display_number', 'enable_zoom'];

interface TypedTool {
  members?: readonly string[];
  flag?: string;
  /** What each of its tools may do: `configs`. */
  isToolset?: true;
}

/**
 * Anthropic's own tools that Claude on Bedrock can be taught, by type, and the flag that each needs (AWS, "Anthropic
 * Claude tool use"; https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview). The client runs them, but for
 * the search among its own tools. Which model has which is said by `MessagesTraits.typedTools`.
 */
const typedTools: Readonly<Record<string, TypedTool>> = {
  bash_20241022: { flag: 'computer-use-2024-10-22' },
  text_editor_20241022: { flag: 'computer-use-2024-10-22' },
  computer_20241022: { members: screen, flag: 'computer-use-2024-10-22' },
  bash_20250124: {},
  text_editor_20250124: {},
  text_editor_20250429: {},
  text_editor_20250728: { members: ['max_characters'] },
  computer_20250124: { members: screen, flag: 'computer-use-2025-01-24' },
  computer_20251124: { members: screen, flag: 'computer-use-2025-11-24' },
  memory_20250818: { flag: 'context-management-2025-06-27' },
  tool_search_tool_regex: { flag: 'tool-search-tool-2025-10-19' },
  tool_search_tool_regex_20251119: { flag: 'tool-search-tool-2025-10-19' },
  tool_search_tool_bm25: { flag: 'tool-search-tool-2025-10-19' },
  tool_search_tool_bm25_20251119: { flag: 'tool-search-tool-2025-10-19' },
  computer_toolset_20260801: { members: screen, isToolset: true },
  browser_toolset_20260801: { members: screen, isToolset: true },
};

/** The members of each. */
export function toolKinds(cache_control: Known): Record<string, Known> {
  return Object.fromEntries(
    Object.entries(typedTools).map(([type, { members = [], flag, isToolset }]): [string, Known] => {
      const known = withMembers(typed('name', ...members), {
        cache_control,
        ...(isToolset && { configs: free }),
      });
      return [type, flag === undefined ? known : gated(known, flag)];
    }),
  );
}

/** The flags that some of them need. */
export const toolFlags = Object.values(typedTools).flatMap(({ flag }) => (flag === undefined ? [] : [flag]));

/** The flag that a tool of this type needs; undefined for any other. */
export const flagOfTool = (type: string): string | undefined =>
  Object.hasOwn(typedTools, type) ? typedTools[type]?.flag : undefined;

/** A search among the deferred tools of the request, which Bedrock runs. */
export const isToolSearch = (type: string): boolean => type.startsWith('tool_search_tool');
