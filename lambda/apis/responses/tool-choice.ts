import { isObject } from '../../canonical/json.ts';
import { textKey } from '../../canonical/text-key.ts';
import { type Choice, readMode, unknownTool } from '../openai/tool-choice.ts';
import { unsupported } from '../shared/bad-request.ts';
import { type Fields, readArray, readObject, readOptional, readString } from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';
import { type BuiltIn, builtIns, type ToolNames } from './tool-names.ts';

/** The tools among which is chosen. */
export interface Choosable {
  names: ToolNames;
  /** What the model calls them. */
  declared: readonly string[];
  /** Types of the tools that were left out because OpenAI would run them. */
  hosted: ReadonlySet<string>;
}

const path = 'tool_choice';

/** Throws a 400 for a choice that cannot be honoured: a tool that is not there, or one that OpenAI would run. */
export function readChoice(choice: string | Fields | undefined, tools: Choosable): Choice {
  if (choice === undefined) return {};
  if (typeof choice === 'string') return ofMode(choice, tools);
  if (isObject(choice.allowed_tools))
    return readAllowed(choice.allowed_tools, `${path}.allowed_tools`, tools);
  if (choice.type === 'allowed_tools') return readAllowed(choice, path, tools);
  if (typeof choice.type === 'string' && modes.has(choice.type)) return ofMode(choice.type, tools);
  const called = calledNames(choice, path, tools);
  if (called === undefined) throw hostedTool(typeof choice.type === 'string' ? choice.type : '');
  const [name] = called;
  if (name === undefined) throw notGiven(choice, path, tools);
  return { toolChoice: { tool: { name } } };
}

const modes: ReadonlySet<string> = new Set(['none', 'auto', 'required', 'any']);

function ofMode(mode: string, { declared, hosted }: Choosable): Choice {
  const choice = readMode(mode, path);
  if (declared.length > 0) return choice;
  const [type] = hosted;
  if (choice.toolChoice && 'any' in choice.toolChoice && type !== undefined) throw hostedTool(type);
  return {};
}

/** Tools that were left out are no loss here as long as others are left to choose from. */
function readAllowed(allowed: Fields, at: string, tools: Choosable): Choice {
  const only = new Set<string>();
  const namespaces = new Set<string>();
  let left: string | undefined;
  for (const [i, item] of readArray(allowed.tools, `${at}.tools`).entries()) {
    const where = `${at}.tools[${i}]`;
    const tool = readObject(item, where);
    // A namespace has many tools, and each of them is looked at once.
    if (tool.type === 'namespace' && typeof tool.name === 'string') {
      if (namespaces.has(textKey(tool.name))) continue;
      namespaces.add(textKey(tool.name));
    }
    const called = calledNames(tool, where, tools);
    if (called === undefined) left ??= typeof tool.type === 'string' ? tool.type : '';
    else if (called.length === 0) throw notGiven(tool, where, tools);
    else for (const name of called) only.add(name);
  }
  const mode = readMode(readOptional(allowed.mode, `${at}.mode`, readString) ?? 'auto', `${at}.mode`);
  if (only.size > 0) return { ...mode, only };
  if (mode.toolChoice && 'any' in mode.toolChoice && left !== undefined) throw hostedTool(left);
  return { none: true };
}

/** What the model calls the tools that are meant: none where they are not given, undefined for OpenAI's own. */
function calledNames(tool: Fields, at: string, { names }: Choosable): string[] | undefined {
  const { type } = tool;
  if (isBuiltIn(type)) return some(names.find({ kind: type, name: type }));
  if (type === 'namespace') return [...names.inNamespace(readToolName(tool.name, `${at}.name`))];
  if (type !== undefined && type !== 'function' && type !== 'custom') return undefined;
  const named = [tool.function, tool.custom].find(isObject) ?? tool;
  const name = readToolName(named.name, `${at}.name`);
  const namespace = readOptional(tool.namespace, `${at}.namespace`, readToolName);
  return some(names.find({ kind: 'function', name, ...(namespace !== undefined && { namespace }) }));
}

const some = (name: string | undefined): string[] => (name === undefined ? [] : [name]);
const isBuiltIn = (type: unknown): type is BuiltIn => builtIns.some((kind) => kind === type);

function notGiven(tool: Fields, at: string, { declared }: Choosable) {
  const named = [tool.function, tool.custom].find(isObject) ?? tool;
  return unknownTool(String(named.name ?? tool.type), at, declared);
}

function hostedTool(type: string) {
  return unsupported(
    `'${path}' demands a call of '${type.slice(0, 64)}', a tool that OpenAI runs itself and this gateway cannot. Choose 'auto' or a tool that the client runs.`,
    path,
  );
}
