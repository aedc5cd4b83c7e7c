import { type Fields, readOptional } from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';
import type { CalledTool } from './rendering.ts';

/** Items that are calls, and those that answer them. */
const callTypes = [
  'function_call',
  'custom_tool_call',
  'tool_search_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
] as const;
export type CallType = (typeof callTypes)[number];

const outputTypes = [
  'function_call_output',
  'custom_tool_call_output',
  'tool_search_output',
  'local_shell_call_output',
  'shell_call_output',
  'apply_patch_call_output',
] as const;
export type OutputType = (typeof outputTypes)[number];

export const isCallType = (type: unknown): type is CallType => callTypes.some((each) => each === type);
export const isOutputType = (type: unknown): type is OutputType => outputTypes.some((each) => each === type);
/** Older local shells have no id but the item's. */
export const callIdOf = (item: Fields): unknown => item.call_id ?? item.id;

/** The tool that a call calls, as the client knows it. */
export function calledTool(type: CallType, item: Fields, path: string): CalledTool {
  switch (type) {
    case 'function_call':
    case 'custom_tool_call': {
      const name = readToolName(item.name, `${path}.name`);
      const namespace = readOptional(item.namespace || undefined, `${path}.namespace`, readToolName);
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
