import { isObject } from '../../canonical/json.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { annotationMembers, itemMembers, partMembers } from './item-members.ts';
import { knownStatus, ownIds } from './item-states.ts';
import { namedParts, textOfResult } from './message-parts.ts';

export interface ItemRules {
  /** Whether messages may be encrypted: those of agents are, to GPT. */
  encryptedMessages: boolean;
  /** Whether encrypted reasoning and compactions may come back. */
  encrypted: boolean;
}

type Rewrite = (item: JsonObject, rules: ItemRules) => JsonObject;

const compaction: Rewrite = (item) => ({ ...item, type: 'compaction' });

/** How each type of item that the runtime does not know is said in one that it knows (BerriAI/litellm 1.110.2). */
const rewritten: ReadonlyMap<unknown, Rewrite> = new Map<unknown, Rewrite>(
  Object.entries({
    agent_message: (
      { encrypted_content: encrypted = null, content = null, ...item },
      { encryptedMessages },
    ) => ({
      role: 'assistant',
      ...item,
      type: 'message',
      content: Array.isArray(content) && !encryptedMessages ? content.filter(isReadable) : content,
      ...(encryptedMessages && encrypted !== null && { encrypted_content: encrypted }),
    }),
    context_compaction: compaction,
    // What Codex called it first.
    compaction_summary: compaction,
    local_shell_call: ({ action, ...item }) => asFunctionCall(item, 'local_shell', action),
    local_shell_call_output: asFunctionOutput,
    shell_call: ({ action, environment: _, ...item }) => asFunctionCall(item, 'shell', action),
    shell_call_output: asFunctionOutput,
  }),
);

const isReadable = (part: Json): boolean => !isObject(part) || part.type !== 'encrypted_content';

/** An input that the runtime takes: items of other builds in its own types, without what clients write for themselves. */
export function acceptedItems(items: readonly Json[], rules: ItemRules): Json[] {
  const owned = ownIds();
  return items.flatMap((given): Json[] => {
    if (!isObject(given)) return [given];
    const item = (rewritten.get(given.type)?.(given as JsonObject, rules) ?? given) as JsonObject;
    if (!rules.encrypted && (item.type === 'reasoning' || item.type === 'compaction')) return [];
    const said = asSaid(item);
    return said ? [owned(withoutOwn(said))] : [];
  });
}

/** An item with what it says in the form that its type has; undefined for a message that says nothing. */
function asSaid(item: JsonObject): JsonObject | undefined {
  const { type, role, content, output } = item;
  switch (type ?? 'message') {
    case 'message':
      if (content == null) return undefined;
      return Array.isArray(content) ? { ...item, content: namedParts(content, role) } : item;
    case 'function_call_output':
    case 'custom_tool_call_output':
      if (output == null) return { ...item, output: '' };
      return Array.isArray(output) ? { ...item, output: namedParts(output, 'user') } : item;
    case 'apply_patch_call_output':
      return Array.isArray(output) ? { ...item, output: textOfResult(output) ?? output } : item;
    case 'additional_tools':
      return { ...item, role: 'developer' };
    default:
      return item;
  }
}

/** An item as OpenAI has it: with its own members, and a state that it can be in. */
function withoutOwn(item: JsonObject): JsonObject {
  const allowed = membersOf(itemMembers, item.type ?? 'message');
  const left = knownStatus(without(item, (name) => isOwn(name, allowed)));
  const { content, output } = left;
  return {
    ...left,
    ...(Array.isArray(content) && { content: content.map(partWithoutOwn) }),
    ...(Array.isArray(output) && { output: output.map(partWithoutOwn) }),
  };
}

function partWithoutOwn(part: Json): Json {
  if (!isObject(part)) return part;
  const allowed = membersOf(partMembers, part.type as Json);
  const left = without(part as JsonObject, (name) => (allowed ? isOwn(name, allowed) : name === 'parsed'));
  const { annotations } = left;
  return Array.isArray(annotations) ? { ...left, annotations: annotations.map(annotationWithoutOwn) } : left;
}

function annotationWithoutOwn(annotation: Json): Json {
  const allowed = isObject(annotation) && membersOf(annotationMembers, annotation.type as Json);
  return allowed ? without(annotation as JsonObject, (name) => isOwn(name, allowed)) : annotation;
}

const membersOf = (table: Readonly<Record<string, readonly string[]>>, type: Json | undefined) =>
  typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined;

/** Of a type that is not known, what has been seen of clients' own. */
const isOwn = (name: string, allowed: readonly string[] | undefined): boolean =>
  allowed ? !allowed.includes(name) : name.startsWith('internal_') || name === 'parsed_arguments';

const without = (object: JsonObject, drops: (name: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !drops(name)));

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
    ...(status !== undefined && { status }),
  };
}

function asFunctionOutput({ call_id, id, output, status }: JsonObject): JsonObject {
  const said = typeof output === 'string' ? output : toolInputText(output);
  return {
    type: 'function_call_output',
    call_id: call_id ?? id ?? '',
    output: said,
    ...(status !== undefined && { status }),
  };
}

/** Items that hold tools, whose list is to be looked at as the request's own. */
const withTools: ReadonlySet<unknown> = new Set(['additional_tools', 'tool_search_output']);

/** An item with those of its tools that the runtime takes. `accept`: as of the request's own tools. */
export function acceptedItem(item: Json, accept: (tools: readonly Json[], path: string) => Json[]): Json {
  if (!isObject(item) || !withTools.has(item.type) || !Array.isArray(item.tools)) return item;
  return { ...item, tools: accept(item.tools as Json[], String(item.type)) } as JsonObject;
}
