import { isBlankText, isCachePoint } from '../../canonical/blocks.ts';
import { isObject } from '../../canonical/json.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type { ContentBlock, Json, JsonObject, ToolResultContent } from '../../canonical/types.ts';
import { readContent } from '../content/parts.ts';
import { usesOf } from '../openai/arguments.ts';
import { type Fields, readArray, readObject, readString } from '../shared/json.ts';
import { type CallType, calledTool, type OutputType } from './call-types.ts';
import type { CallContext } from './open-calls.ts';
import { resultParts } from './parts.ts';
import type { FoundTool } from './tool-reading.ts';

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

/** Members that say something; the type of an action is not the model's word. */
function given(fields: Fields, without: readonly string[] = ['type']): JsonObject {
  const said = Object.entries(fields).filter(([name, value]) => value !== null && !without.includes(name));
  return Object.fromEntries(said) as JsonObject;
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
