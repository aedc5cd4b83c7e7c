import { isObject } from '../../canonical/json.ts';
import type { Tool, ToolConfig } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { type Fields, readArray, readName, readObject, readOptional, readString } from '../shared/json.ts';
import { type Choice, readMode, unknownTool } from './tool-choice.ts';
import { customTool, functionTool } from './tool-specs.ts';

/** The parameters of a request that are about tools; the older two count where there are no others. */
export interface ToolParameters {
  tools?: unknown[] | null | undefined;
  tool_choice?: string | Fields | null | undefined;
  functions?: unknown[] | null | undefined;
  function_call?: string | Fields | null | undefined;
}

/** The tools of a request, in the canonical shape, and what the answer must know to render calls of them. */
export interface RequestedTools {
  toolConfig?: ToolConfig;
  toolChoiceNone: boolean;
  /** Names of custom tools: their calls come back as `custom`, with the plain input. */
  custom: ReadonlySet<string>;
  /** The client used `functions`: calls come back as `function_call`. */
  legacy: boolean;
  /** Hosted tools, which a gateway cannot run. */
  ignored: string[];
}

export function readTools(body: ToolParameters): RequestedTools {
  const legacy = body.tools == null && body.functions != null;
  const path = legacy ? 'functions' : 'tools';
  const given = readArray((legacy ? body.functions : body.tools) ?? [], path);
  const tools: Tool[] = [];
  const names = new Set<string>();
  const custom = new Set<string>();
  const ignored: string[] = [];
  for (const [i, item] of given.entries()) {
    const at = `${path}[${i}]`;
    const tool = readObject(item, at);
    const spec = legacy ? functionTool(tool, at) : toolOf(tool, at);
    if (!spec) {
      ignored.push(`${at} (${readName(tool.type, `${at}.type`).slice(0, 64)})`);
      continue;
    }
    const { name } = spec.toolSpec;
    // Of two tools with one name the first is used, and its calls come back as its own.
    if (!legacy && tool.type === 'custom' && !names.has(name)) custom.add(name);
    names.add(name);
    tools.push(spec);
    pushCachePoint(tools, tool);
  }
  const choice = readChoice((legacy ? body.function_call : body.tool_choice) ?? undefined, names, path);
  const offered = choice.only
    ? tools.filter((t) => !('toolSpec' in t) || choice.only?.has(t.toolSpec.name))
    : tools;
  return {
    ...(names.size > 0 && {
      toolConfig: { tools: offered, ...(choice.toolChoice && { toolChoice: choice.toolChoice }) },
    }),
    toolChoiceNone: choice.none ?? false,
    custom,
    legacy,
    ignored,
  };
}

/** Undefined for a hosted tool. */
function toolOf(tool: Fields, at: string) {
  if (tool.type === 'custom') return customTool(tool, at);
  if (tool.type !== 'function' && (tool.type != null || !isObject(tool.function))) return undefined;
  return functionTool(readObject(tool.function, `${at}.function`), `${at}.function`);
}

function readChoice(choice: string | Fields | undefined, names: ReadonlySet<string>, tools: string): Choice {
  if (choice === undefined || names.size === 0) return {};
  const path = tools === 'functions' ? 'function_call' : 'tool_choice';
  if (typeof choice === 'string') return readMode(choice, path);
  if (isObject(choice.allowed_tools))
    return readAllowed(choice.allowed_tools, `${path}.allowed_tools`, names);
  const named = isObject(choice.function)
    ? choice.function
    : isObject(choice.custom)
      ? choice.custom
      : choice;
  if (named.name === undefined && typeof choice.type === 'string') return readMode(choice.type, path);
  const name = readName(named.name, `${path}.function.name`);
  if (!names.has(name)) throw unknownTool(name, path, names);
  return { toolChoice: { tool: { name } } };
}

function readAllowed(allowed: Fields, path: string, names: ReadonlySet<string>): Choice {
  const only = new Set<string>();
  for (const [i, item] of readArray(allowed.tools, `${path}.tools`).entries()) {
    const at = `${path}.tools[${i}]`;
    const tool = readObject(item, at);
    const named = isObject(tool.function) ? tool.function : isObject(tool.custom) ? tool.custom : tool;
    const name = readName(named.name, `${at}.function.name`);
    if (!names.has(name)) throw unknownTool(name, at, names);
    only.add(name);
  }
  if (only.size === 0) return { none: true };
  return {
    ...readMode(readOptional(allowed.mode, `${path}.mode`, readString) ?? 'auto', `${path}.mode`),
    only,
  };
}
