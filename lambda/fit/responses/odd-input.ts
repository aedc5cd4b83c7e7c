import { list } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { holdsMore, textOfResult } from './message-parts.ts';
import { asKnownTool } from './tool-members.ts';
import { listsOfTools } from './tools.ts';

type Fields = Readonly<Record<string, unknown>>;

/** No id of a call is longer there. */
const longestId = 64;
const legalName = /^[a-zA-Z0-9_-]{1,128}$/;
/** Items that OpenAI's own tools have left. */
const hosted = /^(?:web_search|file_search|code_interpreter|image_generation)_call$/;
const calledBy: ReadonlyMap<unknown, string> = new Map([
  ['function_call_output', 'function_call'],
  ['custom_tool_call_output', 'custom_tool_call'],
  ['tool_search_output', 'tool_search_call'],
  ['local_shell_call_output', 'local_shell_call'],
  ['shell_call_output', 'shell_call'],
  ['apply_patch_call_output', 'apply_patch_call'],
  ['computer_call_output', 'computer_call'],
]);
const calls: ReadonlySet<unknown> = new Set(calledBy.values());

/**
 * Whether an input holds what the runtime refuses and the gateway puts right for Converse: calls without results and
 * results without calls, ids and names that are none there, what hosted tools have left, and messages that no one writes.
 */
export function isOdd(body: JsonObject): boolean {
  const { input } = body;
  if (Array.isArray(input) && input.length === 0) return true;
  if (listsOfTools(body).some((tools) => list(tools).some(isOddTool))) return true;
  const open = new Set<unknown>();
  for (const item of list(input)) {
    if (typeof item.type === 'string' && hosted.test(item.type)) return true;
    if ((item.type ?? 'message') === 'message' && holdsMore(item)) return true;
    if (item.type === 'apply_patch_call_output' && textOfResult(item.output) === undefined) return true;
    // A search of OpenAI's own has no id, and is answered by OpenAI.
    if (typeof item.type === 'string' && item.type.startsWith('tool_search_') && item.execution !== 'client')
      continue;
    const id = idOf(item);
    if (calls.has(item.type)) {
      if (isOddCall(item, id)) return true;
      open.add(id);
    } else if (calledBy.has(item.type) && !open.delete(id)) return true;
  }
  return open.size > 0;
}

const isOddTool = (tool: Fields): boolean => hasOddName(tool) || list(tool.tools).some(hasOddName);

const withNames: ReadonlySet<unknown> = new Set(['function', 'custom', 'namespace']);

function hasOddName(given: Fields): boolean {
  const { type, name } = asKnownTool(given as JsonObject);
  return withNames.has(type) && !legalName.test(String(name ?? ''));
}

const named: ReadonlySet<unknown> = new Set(['function_call', 'custom_tool_call']);

/** Older shells have no id but the item's, which their calls then get. */
const idOf = ({ type, call_id: own, id }: Fields): unknown =>
  own ?? (/^(?:local_)?shell_call/.test(String(type)) ? id : undefined);

const isOddCall = ({ type, name, namespace, arguments: written }: Fields, id: unknown): boolean =>
  typeof id !== 'string' ||
  id.length > longestId ||
  (named.has(type) && !(legalName.test(String(name ?? '')) && legalName.test(String(namespace || 'a')))) ||
  (type === 'function_call' && typeof written !== 'string');
