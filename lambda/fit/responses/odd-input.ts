import { list } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** No id of a call is longer there. */
const longestId = 64;
const legalName = /^[a-zA-Z0-9_-]{1,128}$/;
/** Items that OpenAI's own tools have left. */
const hosted = /^(?:web_search|file_search|code_interpreter|image_generation)_call$/;
const calledBy: ReadonlyMap<unknown, string> = new Map([
  ['function_call_output', 'function_call'],
  ['custom_tool_call_output', 'custom_tool_call'],
]);
const calls: ReadonlySet<unknown> = new Set(calledBy.values());

/**
 * Whether an input holds what the runtime refuses and the gateway puts right for Converse: calls without results and
 * results without calls, ids and names that are none there, what hosted tools have left.
 */
export function isOdd({ input, tools }: JsonObject): boolean {
  const offered = list(tools);
  if ([...offered, ...offered.flatMap((tool) => list(tool.tools))].some(hasOddName)) return true;
  const open = new Set<unknown>();
  for (const item of list(input)) {
    if (typeof item.type === 'string' && hosted.test(item.type)) return true;
    if (calls.has(item.type)) {
      if (isOddCall(item)) return true;
      open.add(item.call_id);
    } else if (calledBy.has(item.type) && !open.delete(item.call_id)) return true;
  }
  return open.size > 0;
}

const hasOddName = ({ type, name }: Fields): boolean =>
  (type === undefined || type === 'function' || type === 'custom') && !legalName.test(String(name ?? ''));

const isOddCall = ({ type, call_id: id, name, arguments: written }: Fields): boolean =>
  typeof id !== 'string' ||
  id.length > longestId ||
  !legalName.test(String(name ?? '')) ||
  (type === 'function_call' && typeof written !== 'string');
