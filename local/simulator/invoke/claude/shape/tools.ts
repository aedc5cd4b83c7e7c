import { type Allowance, asksFor, hasToolsets, is35v2, since4, since37 } from '../allowance.ts';
import { cacheControl } from './media.ts';
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

interface TypedTool {
  type: string;
  /** `any`: a toolset, which has members of its own. */
  name: string;
  when(allowance: Allowance): boolean;
  members?: Readonly<Record<string, Check>>;
  required?: readonly string[];
}

const screen = {
  members: {
    display_width_px: integer(1),
    display_height_px: integer(1),
    display_number: optional(integer(0)),
  },
  required: ['display_width_px', 'display_height_px'],
};
const zoomable = { ...screen, members: { ...screen.members, enable_zoom: boolean } };
const cutOff = { members: { max_characters: optional(integer(1)) } };
const withFlag = (flag: string) => (allowance: Allowance) => asksFor(allowance, flag);
const first = (allowance: Allowance) => is35v2(allowance) && asksFor(allowance, 'computer-use-2024-10-22');
const search = withFlag('tool-search-tool');
const typed = (
  type: string,
  name: string,
  when: TypedTool['when'],
  more: Partial<TypedTool> = {},
): TypedTool => ({ type, name, when, ...more });

/** Anthropic's own tools that the model has been taught. Bedrock's servers run none of them but the search. */
const typedTools: readonly TypedTool[] = [
  typed('bash_20241022', 'bash', first),
  typed('text_editor_20241022', 'str_replace_editor', first),
  typed('computer_20241022', 'computer', first, screen),
  typed('bash_20250124', 'bash', since37),
  typed('text_editor_20250124', 'str_replace_editor', since37),
  typed('text_editor_20250429', 'str_replace_based_edit_tool', since4),
  typed('text_editor_20250728', 'str_replace_based_edit_tool', since4, cutOff),
  typed('computer_20250124', 'computer', withFlag('computer-use-2025-01-24'), screen),
  typed('computer_20251124', 'computer', withFlag('computer-use-2025-11-24'), zoomable),
  typed('memory_20250818', 'memory', withFlag('context-management')),
  typed('tool_search_tool_regex', 'tool_search_tool_regex', search),
  typed('tool_search_tool_regex_20251119', 'tool_search_tool_regex', search),
  typed('tool_search_tool_bm25', 'tool_search_tool_bm25', search),
  typed('tool_search_tool_bm25_20251119', 'tool_search_tool_bm25', search),
  typed('computer_toolset_20260801', 'any', hasToolsets),
  typed('browser_toolset_20260801', 'any', hasToolsets),
];

function typedShapes(allowance: Allowance): Record<string, Check> {
  const cache_control = cacheControl(allowance);
  const shapes = typedTools
    .filter(({ when }) => when(allowance))
    .map(({ type, name, members = {}, required = [] }): [string, Check] => [
      type,
      name === 'any'
        ? dictionary
        : model({ name: literal(name), ...members, cache_control }, 'name', ...required),
    ]);
  return Object.fromEntries(shapes);
}

/** One tool. What its type is not, is said with the types that would do (recorded for `web_search_20250305`). */
export function toolOf(allowance: Allowance): Check {
  const custom = customTool(allowance);
  const shapes = typedShapes(allowance);
  return (value, at) => {
    const wrong = dictionary(value, at);
    if (wrong !== undefined) return wrong;
    const { type = 'custom', ...members } = value as { type?: string };
    if (type === 'custom') return custom(members, `${at}.custom`);
    return typeof type === 'string' && Object.hasOwn(shapes, type)
      ? shapes[type]!(members, `${at}.${type}`)
      : wrongTag(at, type ?? 'None', [...Object.keys(shapes), 'custom']);
  };
}

export function toolsOf(allowance: Allowance): Check {
  return list(toolOf(allowance), allowance.counting ? 1 : 0);
}
