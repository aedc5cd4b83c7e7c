import { isObject, members } from '../../canonical/json.ts';
import { objectInput, parseToolInput } from '../../canonical/tool-input.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Ids, ItemType } from './ids.ts';
import type { CalledTool } from './rendering.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

interface CallBase<T extends ItemType> {
  id: string;
  type: T;
  status: ItemStatus;
  call_id: string;
}
export interface FunctionCall extends CallBase<'function_call'> {
  name: string;
  namespace?: string;
  arguments: string;
}
export interface CustomToolCall extends CallBase<'custom_tool_call'> {
  name: string;
  namespace?: string;
  input: string;
}
export interface ToolSearchCall extends CallBase<'tool_search_call'> {
  execution: 'client';
  arguments: JsonObject;
}
export interface LocalShellCall extends CallBase<'local_shell_call'> {
  action: {
    type: 'exec';
    command: string[];
    env: Record<string, string>;
    timeout_ms: number | null;
    working_directory: string | null;
    user: null;
  };
}
export interface ShellCall extends CallBase<'shell_call'> {
  action: { commands: string[]; timeout_ms: number | null; max_output_length: number | null };
  environment: null;
}
export interface ApplyPatchCall extends CallBase<'apply_patch_call'> {
  /** OpenAI has no word for a call that was cut off. */
  status: 'in_progress' | 'completed';
  operation:
    | { type: 'create_file' | 'update_file'; path: string; diff: string }
    | { type: 'delete_file'; path: string };
}
export type StreamedCall = FunctionCall | CustomToolCall;
export type WholeCall = ToolSearchCall | LocalShellCall | ShellCall | ApplyPatchCall;
export type CallItem = StreamedCall | WholeCall;

const types = {
  function: 'function_call',
  custom: 'custom_tool_call',
  tool_search: 'tool_search_call',
  local_shell: 'local_shell_call',
  shell: 'shell_call',
  apply_patch: 'apply_patch_call',
} as const satisfies Record<CalledTool['kind'], ItemType>;

/** What identifies a call. */
export interface CallIdentity {
  id: string;
  callId: string;
  tool: CalledTool;
}

export function identify(tool: CalledTool, callId: string, ids: Ids, index: number): CallIdentity {
  return { id: ids.item(types[tool.kind], index), callId, tool };
}

/** Whether a call's input can be sent in pieces; the others are objects, which clients get when they are whole. */
export const isStreamed = ({ kind }: CalledTool): boolean => kind === 'function' || kind === 'custom';

/** `input`: the JSON of a function's arguments, the plain text of a custom tool. */
export function streamedCall(
  { id, callId, tool }: CallIdentity,
  input: string,
  status: ItemStatus,
): StreamedCall {
  const { name, namespace } = tool;
  const names = { name, ...(namespace !== undefined && { namespace }) };
  return tool.kind === 'custom'
    ? { id, type: types.custom, status, call_id: callId, ...names, input }
    : { id, type: types.function, status, call_id: callId, ...names, arguments: input };
}

/**
 * `input`: JSON as the model wrote it. What it has in another form than was asked for is put into that one; what it has
 * not is empty, so that the client's own refusal tells the model.
 */
export function wholeCall({ id, callId, tool }: CallIdentity, input: string, status: ItemStatus): WholeCall {
  const given = objectInput(parseToolInput(input));
  const base = { id, status, call_id: callId };
  switch (tool.kind) {
    case 'local_shell':
      return { ...base, type: types.local_shell, action: localAction(given) };
    case 'shell':
      return { ...base, type: types.shell, action: shellAction(given), environment: null };
    case 'apply_patch':
      return {
        ...base,
        type: types.apply_patch,
        status: status === 'in_progress' ? status : 'completed',
        operation: operation(given),
      };
    default:
      return { ...base, type: types.tool_search, execution: 'client', arguments: given };
  }
}

function localAction({ command, env, timeout_ms, workdir, working_directory }: JsonObject) {
  const directory = working_directory ?? workdir;
  return {
    type: 'exec' as const,
    command: typeof command === 'string' ? ['bash', '-lc', command] : strings(command),
    env: Object.fromEntries(Object.entries(members(env)).map(([name, value]) => [name, String(value)])),
    timeout_ms: number(timeout_ms),
    working_directory: typeof directory === 'string' ? directory : null,
    user: null,
  };
}

function shellAction({ commands, timeout_ms, max_output_length }: JsonObject) {
  return {
    commands: typeof commands === 'string' ? [commands] : strings(commands),
    timeout_ms: number(timeout_ms),
    max_output_length: number(max_output_length),
  };
}

function operation(given: JsonObject): ApplyPatchCall['operation'] {
  const { type, path, diff } = isObject(given.operation) ? given.operation : given;
  const at = typeof path === 'string' ? path : '';
  if (type === 'delete_file') return { type, path: at };
  const change = typeof diff === 'string' ? diff : '';
  return { type: type === 'create_file' ? type : 'update_file', path: at, diff: change };
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
