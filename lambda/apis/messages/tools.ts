import { textKey } from '../../canonical/text-key.ts';
import { type ToolChanges, toolKey } from '../../canonical/tool-changes.ts';
import type { JsonObject, Tool, ToolChoice, ToolConfig } from '../../canonical/types.ts';
import { readName, readObject, readString } from '../anthropic/reading.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import type { Fields } from '../shared/json.ts';
import type { MessagesRequest } from './schema.ts';
import { asPlainTool, isServerTool, isToolSearch, wrongType } from './typed-tools.ts';

/** A tool of a request, checked. */
export interface GivenTool extends Fields {
  /** `custom` where the client leaves it out. */
  type: string;
  name: string;
}

/**
 * Checks the tools of a request, in whichever shape it will be sent. Throws a 400 for one that is malformed, and for one
 * that Anthropic runs; other types are the model's business.
 */
export function checkTools(tools: readonly unknown[], path = 'tools'): GivenTool[] {
  return tools.map((item, i) => checkTool(readObject(item, `${path}.${i}`), `${path}.${i}`));
}

function checkTool(tool: Fields, at: string): GivenTool {
  const type = tool.type == null ? 'custom' : readString(tool.type, `${at}.type`);
  if (isServerTool(type)) throw wrongType(type, at);
  if (type !== 'custom') {
    const name = tool.name == null ? type : readName(tool.name, `${at}.name`);
    return { ...tool, type, name };
  }
  readObject(tool.input_schema, `${at}.${type}.input_schema`);
  return { ...tool, type, name: readName(tool.name, `${at}.${type}.name`) };
}

/** The names of tools as keys, as `canonical/tool-changes.ts` has them. */
export const namesOf = (tools: readonly GivenTool[]): Set<string> => new Set(tools.map(toolKey));

export interface RequestedTools {
  toolConfig?: ToolConfig;
  toolChoiceNone: boolean;
  parallelToolCalls?: false;
}

/**
 * The tools as any model can call them. Throws a 400 for a type that only Claude can call in its own API. Of deferred
 * tools those are offered that the conversation has found: the client's search still finds the others.
 */
export function translateTools(
  given: readonly GivenTool[],
  choice: MessagesRequest['tool_choice'],
  changes: ToolChanges,
): RequestedTools {
  const isOffered = offering(given, choice?.name ?? undefined, changes);
  const tools: Tool[] = [];
  const add = (tool: GivenTool, at: string) => {
    if (isToolSearch(tool.type) || !isOffered(tool)) return;
    tools.push(toolSpec(tool, at));
    pushCachePoint(tools, tool);
  };
  for (const [i, tool] of given.entries()) add(tool, `tools.${i}`);
  const toolChoice = choiceOf(choice);
  return {
    ...(tools.length > 0 && { toolConfig: { tools, ...(toolChoice && { toolChoice }) } }),
    toolChoiceNone: choice?.type === 'none',
    ...(choice?.disable_parallel_tool_use && { parallelToolCalls: false }),
  };
}

/** All of them where a service of Anthropic's would search, or where nothing would be left. */
function offering(
  tools: readonly GivenTool[],
  chosen: string | undefined,
  { found, added, removed }: ToolChanges,
): (tool: GivenTool) => boolean {
  const loadsAll = tools.some(({ type }) => isToolSearch(type)) || tools.every(isDeferred);
  return (tool) => {
    const name = textKey(tool.name);
    if (removed.has(name)) return false;
    return loadsAll || !isDeferred(tool) || found.has(name) || added.has(name) || tool.name === chosen;
  };
}

const isDeferred = (tool: Fields): boolean => tool.defer_loading === true;

function toolSpec({ type, name, description, input_schema, strict }: GivenTool, at: string): Tool {
  if (type !== 'custom') {
    const plain = asPlainTool(type);
    if (!plain) throw wrongType(type, at);
    return { toolSpec: { name, ...plain } };
  }
  return {
    toolSpec: {
      name,
      ...(typeof description === 'string' && description !== '' && { description }),
      inputSchema: { json: input_schema as JsonObject },
      ...(typeof strict === 'boolean' && { strict }),
    },
  };
}

function choiceOf(choice: MessagesRequest['tool_choice']): ToolChoice | undefined {
  switch (choice?.type) {
    case 'auto':
      return { auto: {} };
    case 'any':
      return { any: {} };
    case 'tool':
      return { tool: { name: readName(choice.name ?? undefined, 'tool_choice.name') } };
    default:
      return undefined;
  }
}
