import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';

const called = ['type', 'name', 'description', 'async', 'defer_loading', 'allowed_callers'];
/** These are taken away, and said to be, where the tools are looked at. */
const marks = ['cache_control', 'prompt_cache_breakpoint'];

/**
 * What tools may hold, by type, as the `openai` package 7.55 has them in its types: clients keep notes in tools as they do
 * in items (item-members.ts). Types that are not here go on as they are.
 */
export const toolMembers: Readonly<Record<string, readonly string[]>> = {
  function: [...called, 'parameters', 'strict', 'output_schema'],
  custom: [...called, 'format'],
  namespace: ['type', 'name', 'description', 'tools'],
  tool_search: ['type', 'execution', 'description', 'parameters'],
  apply_patch: ['type', 'allowed_callers'],
};

/**
 * A tool as OpenAI has it in Responses. Some clients leave its type out, or nest its members, or those of a grammar, as
 * Chat Completions has them.
 */
export function asKnownTool(given: JsonObject): JsonObject {
  const tool = unnested(given);
  const allowed = Object.hasOwn(toolMembers, String(tool.type)) ? toolMembers[String(tool.type)] : undefined;
  if (!allowed) return tool;
  const kept = Object.entries(tool).filter(([name]) => allowed.includes(name) || marks.includes(name));
  const known = Object.fromEntries(kept);
  if (isObject(known.parameters)) return { ...known, parameters: ofObject(known.parameters as JsonObject) };
  // It is demanded of a namespace.
  if (known.type === 'namespace' && typeof known.description !== 'string')
    return { ...known, description: String(known.name ?? '') };
  return known;
}

/** Parts of a schema that say what is an object, and whether it is one. */
const says = ['type', '$ref', 'anyOf', 'oneOf', 'allOf'];

/** Arguments are an object, and a schema that says nothing else is refused when it does not say that. */
const ofObject = (schema: JsonObject): JsonObject =>
  says.some((name) => schema[name] !== undefined) ? schema : { type: 'object', properties: {}, ...schema };

function unnested(given: JsonObject): JsonObject {
  const type = given.type ?? (given.name == null && !isObject(given.function) ? undefined : 'function');
  const inner = type === 'function' ? given.function : type === 'custom' ? given.custom : undefined;
  const { function: _, custom: __, ...own } = given;
  const tool = isObject(inner) ? { ...own, ...(inner as JsonObject) } : given;
  return {
    ...tool,
    ...(type !== undefined && { type }),
    ...(isObject(tool.format) && { format: grammarOf(tool.format as JsonObject) }),
  };
}

function grammarOf({ grammar, ...format }: JsonObject): JsonObject {
  return isObject(grammar) ? { ...format, ...(grammar as JsonObject) } : format;
}
