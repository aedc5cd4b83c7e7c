import { bounds } from '../../bounds.ts';
import { isBlankText, isCachePoint } from '../../canonical/blocks.ts';
import { isObject } from '../../canonical/json.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type { ContentBlock, Json, JsonObject, ToolResultContent } from '../../canonical/types.ts';
import type { PartContext } from '../content/context.ts';
import { readContent } from '../content/parts.ts';
import { usesOf } from '../openai/arguments.ts';
import { openResultId } from '../reasoning/sealed-id.ts';
import { type Fields, readArray, readName, readObject, readOptional, readString } from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';
import type { StateContext } from './carried-state.ts';
import { resultParts } from './parts.ts';
import type { CalledTool } from './rendering.ts';
import type { ToolNames } from './tool-names.ts';
import type { FoundTool } from './tools.ts';

export interface CallContext extends PartContext, StateContext {
  names: ToolNames;
}

/** The calls of the history, each with the name and input that the model gave it. */
export const callTypes = [
  'function_call',
  'custom_tool_call',
  'tool_search_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
] as const;
export type CallType = (typeof callTypes)[number];

export const outputTypes = [
  'function_call_output',
  'custom_tool_call_output',
  'tool_search_output',
  'local_shell_call_output',
  'shell_call_output',
  'apply_patch_call_output',
] as const;
export type OutputType = (typeof outputTypes)[number];

/** A call as a block, or as several where the client ran several into one. `toolUseId`: the id that the model gave. */
export function readCall(
  type: CallType,
  item: Fields,
  toolUseId: string,
  path: string,
  { names, bytes }: CallContext,
): ContentBlock[] {
  const name = names.nameOf(calledTool(type, item, path));
  const use = (input: Json): ContentBlock[] => [{ toolUse: { toolUseId, name, input } }];
  switch (type) {
    case 'function_call':
    case 'tool_search_call':
      return usesOf(toolUseId, name, item.arguments, `${path}.arguments`, { bytes });
    case 'custom_tool_call':
      return use({ input: readString(item.input, `${path}.input`) });
    case 'local_shell_call':
    case 'shell_call':
      return use(given(readObject(item.action, `${path}.action`)));
    case 'apply_patch_call':
      return use({ operation: given(readObject(item.operation, `${path}.operation`), []) });
  }
}

export function calledTool(type: CallType, item: Fields, path: string): CalledTool {
  switch (type) {
    case 'function_call':
    case 'custom_tool_call': {
      const name = readToolName(item.name, `${path}.name`);
      const namespace = readOptional(item.namespace, `${path}.namespace`, readToolName);
      const kind = type === 'custom_tool_call' ? 'custom' : 'function';
      return { kind, name, ...(namespace !== undefined && { namespace }) };
    }
    default: {
      const kind = builtInOf[type];
      return { kind, name: kind };
    }
  }
}

const builtInOf = {
  tool_search_call: 'tool_search',
  local_shell_call: 'local_shell',
  shell_call: 'shell',
  apply_patch_call: 'apply_patch',
} as const;

/** Members that say something; the type of an action is not the model's word. */
function given(fields: Fields, without: readonly string[] = ['type']): JsonObject {
  const said = Object.entries(fields).filter(([name, value]) => value !== null && !without.includes(name));
  return Object.fromEntries(said) as JsonObject;
}

/**
 * Which call an output answers. Nearly all say it by `call_id`; the output of a local shell may have the id of the
 * call's item, and of a function the name alone, which then answers the first call of it that is open.
 */
export class OpenCalls {
  readonly #byItem = new Map<string, string>();
  readonly #byName = new Map<string, { ids: string[]; next: number }>();
  readonly #answered = new Set<string>();

  add(item: Fields, toolUseId: string, name: string): void {
    const { id } = item;
    if (typeof id === 'string' && id.length <= bounds.idCharacters) this.#byItem.set(id, toolUseId);
    const open = this.#byName.get(name) ?? { ids: [], next: 0 };
    open.ids.push(toolUseId);
    this.#byName.set(name, open);
  }

  answer(type: OutputType, item: Fields, path: string, context: CallContext): string {
    const id = this.#find(type, item, path, context);
    this.#answered.add(id);
    return id;
  }

  #find(type: OutputType, item: Fields, path: string, { names, stateKey }: CallContext): string {
    if (item.call_id != null) return openResultId(readName(item.call_id, `${path}.call_id`), stateKey);
    if (type === 'local_shell_call_output') {
      const id = readName(item.id, `${path}.id`);
      return this.#byItem.get(id.slice(0, bounds.idCharacters)) ?? openResultId(id, stateKey);
    }
    if (item.name == null) return readName(item.call_id ?? undefined, `${path}.call_id`);
    const called = names.nameOf(calledTool('function_call', item, path));
    const open = this.#byName.get(called);
    while (open && this.#answered.has(open.ids[open.next] ?? '')) open.next += 1;
    return open?.ids[open.next] ?? called;
  }
}

/** An output as a result, and the cache points behind it. `found`: the tools that a search has found. */
export function readOutput(
  type: OutputType,
  item: Fields,
  toolUseId: string,
  path: string,
  context: CallContext,
  found: readonly FoundTool[] = [],
): ContentBlock[] {
  const blocks = readResult(type, item, path, context, found);
  const content = blocks.filter(
    (block) => !isCachePoint(block) && !isBlankText(block),
  ) as ToolResultContent[];
  const failed = item.status === 'failed' || item.status === 'error';
  const result = { toolResult: { toolUseId, content, ...(failed && { status: 'error' as const }) } };
  // A cache point cannot stand inside a result; behind it, it covers the same prefix.
  return [result, ...blocks.filter(isCachePoint)];
}

function readResult(
  type: OutputType,
  item: Fields,
  path: string,
  context: CallContext,
  found: readonly FoundTool[],
): ContentBlock[] {
  if (type === 'tool_search_output') return [{ text: listOf(found, context) }];
  const at = `${path}.output`;
  if (type === 'shell_call_output' && typeof item.output !== 'string') {
    return readArray(item.output ?? [], at).map(shellOutput);
  }
  return readContent(item.output, at, resultParts, context);
}

/** What each of the commands wrote and how it ended, in the client's own words. */
const shellOutput = (output: unknown): ContentBlock => ({
  text: isObject(output) ? toolInputText(given(output, [])) : String(output ?? ''),
});

const shownDescription = 300;

function listOf(found: readonly FoundTool[], { bytes }: CallContext): string {
  if (found.length === 0) return 'No tools were found.';
  const lines = found.map(
    ({ name, description = '' }) => `- ${name}: ${description.slice(0, shownDescription)}`,
  );
  const text = `These tools can be called from now on:\n${lines.join('\n')}`;
  bytes.spend(text.length);
  return text;
}

/** For the types that are compared with what a client wrote. */
export const isCallType = (type: unknown): type is CallType => callTypes.some((each) => each === type);
export const isOutputType = (type: unknown): type is OutputType => outputTypes.some((each) => each === type);
export const callIdOf = (item: Fields): unknown => item.call_id ?? item.id;
