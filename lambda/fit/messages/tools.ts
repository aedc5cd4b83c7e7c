import type { JsonObject, ToolSpec } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import { listedTools, warn } from '../notes.ts';
import { argumentsSchema } from '../tools/arguments-schema.ts';
import { strictSchemas } from '../tools/strict.ts';
import {
  type Block,
  blocksOf,
  type Claude,
  mapKept,
  type NativeDraft,
  type NativeStep,
  objectAt,
} from './draft.ts';
import { isCustom, nameOf } from './tool-names.ts';

/** The tools as Claude takes them: kinds that it knows, each name once, schemas of today. Runs before the choice of one. */
export const fitTools: NativeStep = (draft, capabilities) => {
  checkKinds(draft.tools, capabilities);
  draft.tools = eachOnce(draft);
  fitSchemas(draft, capabilities);
  fitStrict(draft, capabilities);
  if (draft.tools.length === 0) declareCalled(draft);
};

/**
 * Tools that Anthropic's servers run do not exist on Bedrock, and Claude Code goes on without its search when it reads
 * this: the words are those that Bedrock has for it (recorded).
 */
function checkKinds(tools: readonly Block[], { messages }: Claude): void {
  const at = tools.findIndex((tool) => !isCustom(tool) && !messages.typedTools.includes(String(tool.type)));
  if (at < 0) return;
  const type = String(tools[at]!.type).slice(0, 64);
  const expected = [...messages.typedTools, 'custom'].sort().map((tag) => `'${tag}'`);
  throw badRequest(
    note`tools.${at}: Input tag '${type}' found using 'type' does not match any of the expected tags: ${expected.join(', ')}`,
    field('tools'),
  );
}

/** "tools: Tool names must be unique." */
function eachOnce(draft: NativeDraft): Block[] {
  const seen = new Set<string>();
  return mapKept(draft.tools, (tool) => {
    const name = nameOf(tool);
    if (name === undefined) return tool;
    if (seen.has(name)) {
      warn(draft, note`${listedTools([name])} is defined twice: only the first is used`);
      return undefined;
    }
    seen.add(name);
    return tool;
  });
}

function fitSchemas(draft: NativeDraft, capabilities: Claude): void {
  const losses = new Map<string, string[]>();
  draft.tools = mapKept(draft.tools, (tool) => {
    const given = objectAt(tool.input_schema);
    if (!isCustom(tool) || !given) return tool;
    const { schema, rule, lost, keys, wrapped } = argumentsSchema(given, capabilities);
    // These need a way back: `needsConverse` has sent them the other way, unless the client forbade it.
    if (keys || wrapped || schema === given) return tool;
    for (const what of lost) losses.set(what, [...(losses.get(what) ?? []), nameOf(tool) ?? '']);
    const description = rule && [tool.description, rule].filter(Boolean).join('\n\n');
    return { ...tool, ...(description && { description }), input_schema: schema };
  });
  for (const [what, names] of losses) warn(draft, note`${what} in the parameters of ${listedTools(names)}`);
}

/** `strict` is for models with grammars, and for schemas that one of them can hold. */
function fitStrict(draft: NativeDraft, capabilities: Claude): void {
  const specs = new Map<Block, ToolSpec>();
  for (const tool of draft.tools) {
    const json = objectAt(tool.input_schema);
    if (tool.strict === true && json) specs.set(tool, specOf(tool, json));
  }
  const held = strictSchemas([...specs.values()], draft, capabilities);
  draft.tools = mapKept(draft.tools, (tool) => {
    if (tool.strict === undefined) return tool;
    const spec = specs.get(tool);
    const input_schema = spec && held.get(spec);
    if (input_schema) return { ...tool, input_schema };
    const { strict: _, ...loose } = tool;
    return loose;
  });
}

const specOf = (tool: Block, json: JsonObject): ToolSpec => ({
  name: nameOf(tool) ?? '',
  strict: true,
  inputSchema: { json },
});

/**
 * "Requests which include `tool_use` or `tool_result` blocks must define tools.": for a client that no longer sends its
 * tools they are declared by the names that the history calls, and none may be called.
 */
function declareCalled(draft: NativeDraft): void {
  const names = new Set<string>();
  for (const { content } of draft.messages)
    for (const block of blocksOf(content)) if (block.type === 'tool_use') names.add(nameOf(block) ?? '');
  names.delete('');
  delete draft.body.tool_choice;
  if (names.size === 0) return;
  draft.tools = [...names].map((name) => ({
    name,
    description: 'No longer available.',
    input_schema: { type: 'object', properties: {} },
  }));
  draft.body.tool_choice = { type: 'none' };
}
