import { type Allowance, asksFor, hasToolsets, is35v2, since4, since37 } from '../allowance.ts';
import { cacheControl } from './blocks.ts';
import {
  boolean,
  type Check,
  dictionary,
  integer,
  list,
  literal,
  model,
  optional,
  string,
  wrongTag,
} from './pydantic.ts';

/** Tools of a client's own; members that need a flag are extra inputs without it. */
function customTool(allowance: Allowance): Check {
  return model(
    {
      name: string({ pattern: /^[a-zA-Z0-9_-]{1,128}$/ }),
      description: optional(string()),
      input_schema: dictionary,
      cache_control: cacheControl(allowance),
      strict: boolean,
      defer_loading: asksFor(allowance, 'tool-search-tool') ? boolean : undefined,
      input_examples: asksFor(allowance, 'tool-examples') ? list(dictionary) : undefined,
      eager_input_streaming: asksFor(allowance, 'fine-grained-tool-streaming') ? boolean : undefined,
    },
    'name',
    'input_schema',
  );
}

/** Anthropic's own tools that the model has been taught, by type. Servers of Bedrock run none but the search. */
function typedTools(allowance: Allowance): Record<string, Check> {
  const cache_control = cacheControl(allowance);
  const named = (name: string, more: Record<string, Check> = {}): Check =>
    model({ name: literal(name), ...more, cache_control }, 'name');
  const screen = {
    display_width_px: integer(1),
    display_height_px: integer(1),
    display_number: optional(integer(0)),
  };
  const computer = (more: Record<string, Check> = {}): Check =>
    model(
      { name: literal('computer'), ...screen, ...more, cache_control },
      'name',
      'display_width_px',
      'display_height_px',
    );
  const search = (kind: string): Record<string, Check> => {
    const name = `tool_search_tool_${kind}`;
    return { [name]: named(name), [`${name}_20251119`]: named(name) };
  };
  const editor = { max_characters: optional(integer(1)) };
  return {
    ...(is35v2(allowance) &&
      asksFor(allowance, 'computer-use-2024-10-22') && {
        bash_20241022: named('bash'),
        text_editor_20241022: named('str_replace_editor'),
        computer_20241022: computer(),
      }),
    ...(since37(allowance) && {
      bash_20250124: named('bash'),
      text_editor_20250124: named('str_replace_editor'),
    }),
    ...(since4(allowance) && {
      text_editor_20250429: named('str_replace_based_edit_tool'),
      text_editor_20250728: named('str_replace_based_edit_tool', editor),
    }),
    ...(asksFor(allowance, 'computer-use-2025-01-24') && { computer_20250124: computer() }),
    ...(asksFor(allowance, 'computer-use-2025-11-24') && {
      computer_20251124: computer({ enable_zoom: boolean }),
    }),
    ...(asksFor(allowance, 'context-management') && { memory_20250818: named('memory') }),
    ...(asksFor(allowance, 'tool-search-tool') && { ...search('regex'), ...search('bm25') }),
    ...(hasToolsets(allowance) && {
      computer_toolset_20260801: dictionary,
      browser_toolset_20260801: dictionary,
    }),
  };
}

/** One tool. What its type is not, is said with the types that would do (recorded for `web_search_20250305`). */
function toolOf(allowance: Allowance): Check {
  const custom = customTool(allowance);
  const typed = typedTools(allowance);
  return (value, at) => {
    const { type = 'custom', ...members } = value as { type?: string };
    if (type === 'custom') return custom(members, `${at}.custom`);
    return Object.hasOwn(typed, String(type))
      ? typed[type]!(members, `${at}.${type}`)
      : wrongTag(at, type ?? 'None', [...Object.keys(typed), 'custom']);
  };
}

export function toolsOf(allowance: Allowance): Check {
  const tool = toolOf(allowance);
  return list((value, at) => dictionary(value, at) ?? tool(value, at), allowance.counting ? 1 : 0);
}
