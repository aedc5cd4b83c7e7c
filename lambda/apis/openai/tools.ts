import { isObject } from '../../canonical/json.ts';
import type { JsonObject, Tool, ToolChoice, ToolConfig } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { badRequest } from '../shared/bad-request.ts';
import {
  type Fields,
  notAllowed,
  readArray,
  readBoolean,
  readJsonObject,
  readName,
  readObject,
  readOptional,
  readString,
} from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';

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
  const custom = new Set<string>();
  const ignored: string[] = [];
  for (const [i, item] of given.entries()) {
    const at = `${path}[${i}]`;
    const tool = readObject(item, at);
    if (legacy) tools.push(functionTool(tool, at));
    else if (tool.type === 'custom') {
      const spec = customTool(tool, at);
      custom.add(spec.toolSpec.name);
      tools.push(spec);
    } else if (tool.type === 'function' || (tool.type == null && isObject(tool.function))) {
      tools.push(functionTool(readObject(tool.function, `${at}.function`), `${at}.function`));
    } else {
      ignored.push(`${at} (${readName(tool.type, `${at}.type`).slice(0, 64)})`);
      continue;
    }
    pushCachePoint(tools, tool);
  }
  const names = tools.flatMap((tool) => ('toolSpec' in tool ? [tool.toolSpec.name] : []));
  const choice = readChoice((legacy ? body.function_call : body.tool_choice) ?? undefined, names, path);
  const offered = choice.only
    ? tools.filter((t) => !('toolSpec' in t) || choice.only?.has(t.toolSpec.name))
    : tools;
  return {
    ...(names.length > 0 && {
      toolConfig: { tools: offered, ...(choice.toolChoice && { toolChoice: choice.toolChoice }) },
    }),
    toolChoiceNone: choice.none ?? false,
    custom,
    legacy,
    ignored,
  };
}

function functionTool(fn: Fields, path: string) {
  const description = readOptional(fn.description, `${path}.description`, readString);
  const strict = readOptional(fn.strict, `${path}.strict`, readBoolean);
  const schema = readOptional(fn.parameters, `${path}.parameters`, readJsonObject);
  return {
    toolSpec: {
      name: readToolName(fn.name, `${path}.name`),
      ...(description && { description }),
      inputSchema: { json: schema ?? ({} as JsonObject) },
      ...(strict !== undefined && { strict }),
    },
  };
}

/**
 * A tool with free text as its input, which Converse does not have: a function with one string. A grammar
 * becomes part of the description, as the model's only hint of it.
 */
function customTool(tool: Fields, path: string) {
  const spec = isObject(tool.custom) ? tool.custom : tool;
  const at = isObject(tool.custom) ? `${path}.custom` : path;
  const description = readOptional(spec.description, `${at}.description`, readString) ?? '';
  const rule = grammarRule(readOptional(spec.format, `${at}.format`, readObject), `${at}.format`);
  return {
    toolSpec: {
      name: readToolName(spec.name, `${at}.name`),
      ...((description || rule) && { description: [description, rule].filter(Boolean).join('\n\n') }),
      inputSchema: {
        json: {
          type: 'object',
          properties: { input: { type: 'string', description: 'The tool’s input, as plain text.' } },
          required: ['input'],
        } as JsonObject,
      },
    },
  };
}

function grammarRule(format: Fields | undefined, path: string): string {
  if (format?.type !== 'grammar') return '';
  const [grammar, at] = isObject(format.grammar) ? [format.grammar, `${path}.grammar`] : [format, path];
  const syntax = readOptional(grammar.syntax, `${at}.syntax`, readString) ?? '';
  const definition = readOptional(grammar.definition, `${at}.definition`, readString) ?? '';
  return definition.trim() === '' ? '' : `The input must follow this ${syntax} grammar:\n${definition}`;
}

interface Choice {
  toolChoice?: ToolChoice;
  none?: boolean;
  /** `allowed_tools`: the only tools that are offered. */
  only?: ReadonlySet<string>;
}

function readChoice(choice: string | Fields | undefined, names: string[], tools: string): Choice {
  if (choice === undefined || names.length === 0) return {};
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
  if (!names.includes(name)) throw unknownTool(name, path, names);
  return { toolChoice: { tool: { name } } };
}

function readMode(mode: string, path: string): Choice {
  switch (mode) {
    case 'none':
      return { none: true };
    case 'auto':
      return { toolChoice: { auto: {} } };
    case 'required':
    case 'any':
      return { toolChoice: { any: {} } };
    default:
      throw notAllowed(mode, path, ['none', 'auto', 'required', 'a named tool']);
  }
}

function readAllowed(allowed: Fields, path: string, names: string[]): Choice {
  const only = new Set<string>();
  const known = new Set(names);
  for (const [i, item] of readArray(allowed.tools, `${path}.tools`).entries()) {
    const at = `${path}.tools[${i}]`;
    const tool = readObject(item, at);
    const named = isObject(tool.function) ? tool.function : isObject(tool.custom) ? tool.custom : tool;
    const name = readName(named.name, `${at}.function.name`);
    if (!known.has(name)) throw unknownTool(name, at, names);
    only.add(name);
  }
  if (only.size === 0) return { none: true };
  return {
    ...readMode(readOptional(allowed.mode, `${path}.mode`, readString) ?? 'auto', `${path}.mode`),
    only,
  };
}

function unknownTool(name: string, path: string, names: string[]) {
  const known = names.slice(0, 20).join(', ');
  return badRequest(
    `Invalid value for '${path}': no tool is named '${name.slice(0, 64)}'. Tools given: ${known}.`,
    path,
  );
}
