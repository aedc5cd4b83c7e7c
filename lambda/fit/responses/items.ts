import { isObject } from '../../canonical/json.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { itemMembers, partMembers } from './item-members.ts';

export interface ItemRules {
  /** Whether messages may be encrypted: those of agents are, to GPT. */
  encryptedMessages: boolean;
  /** Whether encrypted reasoning and compactions may come back. */
  encrypted: boolean;
}

/** How each type of item that the runtime does not know is said in one that it knows (BerriAI/litellm 1.110.2). */
const rewritten: Readonly<Record<string, (item: JsonObject, rules: ItemRules) => JsonObject>> = {
  agent_message: ({ encrypted_content: encrypted = null, ...item }, { encryptedMessages }) => ({
    role: 'assistant',
    ...item,
    type: 'message',
    ...(encryptedMessages && encrypted !== null && { encrypted_content: encrypted }),
  }),
  context_compaction: (item) => ({ ...item, type: 'compaction' }),
  local_shell_call: ({ action, ...item }) => asFunctionCall(item, 'local_shell', action),
  local_shell_call_output: asFunctionOutput,
  shell_call: ({ action, environment: _, ...item }) => asFunctionCall(item, 'shell', action),
  shell_call_output: asFunctionOutput,
};

/** An input that the runtime takes: items of other builds in its own types, without what clients write for themselves. */
export function acceptedItems(items: readonly Json[], rules: ItemRules): Json[] {
  return items.flatMap((given): Json[] => {
    if (!isObject(given)) return [given];
    const item = (rewritten[String(given.type)]?.(given as JsonObject, rules) ?? given) as JsonObject;
    if (!rules.encrypted && (item.type === 'reasoning' || item.type === 'compaction')) return [];
    return [withoutOwn(item)];
  });
}

/** An item as OpenAI has it; an id of another form is refused ("Expected an ID that begins with 'msg'."). */
function withoutOwn(item: JsonObject): JsonObject {
  const { type, content } = item;
  const allowed = membersOf(itemMembers, type ?? 'message');
  const left = without(
    item,
    (name, value) => isOwn(name, allowed) || (name === 'id' && isForeignId(type, value)),
  );
  return Array.isArray(content) ? { ...left, content: content.map(partWithoutOwn) } : left;
}

function partWithoutOwn(part: Json): Json {
  if (!isObject(part)) return part;
  const allowed = membersOf(partMembers, part.type as Json);
  return without(part as JsonObject, (name) => (allowed ? isOwn(name, allowed) : name === 'parsed'));
}

const membersOf = (table: Readonly<Record<string, readonly string[]>>, type: Json | undefined) =>
  typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined;

/** Of a type that is not known, what has been seen of clients' own. */
const isOwn = (name: string, allowed: readonly string[] | undefined): boolean =>
  allowed ? !allowed.includes(name) : name.startsWith('internal_') || name === 'parsed_arguments';

/** The same object where nothing is dropped. */
function without(object: JsonObject, drops: (name: string, value: Json) => boolean): JsonObject {
  const entries = Object.entries(object).filter(([name, value]) => !drops(name, value));
  return entries.length === Object.keys(object).length ? object : Object.fromEntries(entries);
}

const idPrefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
};
const maxIdLength = 64;

function isForeignId(type: Json | undefined, id: Json): boolean {
  const prefix = idPrefixes[typeof type === 'string' ? type : 'message'];
  if (prefix === undefined) return false;
  return typeof id !== 'string' || id.length > maxIdLength || !id.startsWith(`${prefix}_`);
}

function asFunctionCall(
  { call_id, id, status }: JsonObject,
  name: string,
  action: Json | undefined,
): JsonObject {
  const { type: _, ...input } = isObject(action) ? (action as JsonObject) : {};
  const callId = call_id ?? id ?? '';
  return {
    type: 'function_call',
    call_id: callId,
    name,
    arguments: toolInputText(input),
    ...known({ status }),
  };
}

function asFunctionOutput({ call_id, id, output, status }: JsonObject): JsonObject {
  const said = typeof output === 'string' ? output : toolInputText(output);
  return { type: 'function_call_output', call_id: call_id ?? id ?? '', output: said, ...known({ status }) };
}

const statuses: ReadonlySet<unknown> = new Set(['in_progress', 'completed', 'incomplete']);
const known = ({ status }: { status: Json | undefined }): JsonObject =>
  typeof status === 'string' && statuses.has(status) ? { status } : {};

/** An item with those of its tools that the runtime takes. `accept`: as of the request's own tools. */
export function acceptedItem(item: Json, accept: (tools: readonly Json[], path: string) => Json[]): Json {
  if (!isObject(item) || item.type !== 'additional_tools' || !Array.isArray(item.tools)) return item;
  return { ...item, tools: accept(item.tools as Json[], 'additional_tools') } as JsonObject;
}
