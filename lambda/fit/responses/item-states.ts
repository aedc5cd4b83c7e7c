import type { Json, JsonObject } from '../../canonical/types.ts';

/*
 * Ids, states and phases of items: what clients write there that OpenAI has no word for says nothing to a model, and is
 * refused.
 */

const idPrefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
};
const maxIdLength = 64;
/** They refer to something, or are referred to, by nothing but their id. */
const needIds = /^(?:mcp_|item_reference$)/;

/**
 * Leaves an item the id that it can have there, and no other has before it: an id of another form is refused ("Expected an
 * ID that begins with 'msg'."), and so is the same one twice ("Duplicate item found with id fc_1.").
 */
export function ownIds(): (item: JsonObject) => JsonObject {
  const seen = new Set<string>();
  return (item) => {
    const { id, ...rest } = item;
    const type = typeof item.type === 'string' ? item.type : 'message';
    if (id === undefined || needIds.test(type)) return item;
    if (typeof id !== 'string' || id.length > maxIdLength || seen.has(id) || isForeign(id, type)) return rest;
    seen.add(id);
    return item;
  };
}

function isForeign(id: string, type: string): boolean {
  const prefix = Object.hasOwn(idPrefixes, type) ? idPrefixes[type] : undefined;
  return prefix !== undefined && !id.startsWith(`${prefix}_`);
}

const statuses: ReadonlySet<Json | undefined> = new Set(['in_progress', 'completed', 'incomplete']);
const failures: ReadonlySet<Json | undefined> = new Set(['failed', 'error']);
const phases: ReadonlySet<Json | undefined> = new Set(['commentary', 'final_answer']);

/** An item without a state, or a phase, that items cannot be in there. What became of a patch has to be said. */
export function knownStatus(item: JsonObject): JsonObject {
  const { status, phase } = item;
  if (item.type === 'apply_patch_call_output')
    return { ...item, status: failures.has(status) ? 'failed' : 'completed' };
  const drops = new Set<string>();
  if (status !== undefined && !statuses.has(status)) drops.add('status');
  if (phase !== undefined && !phases.has(phase)) drops.add('phase');
  return drops.size === 0
    ? item
    : Object.fromEntries(Object.entries(item).filter(([name]) => !drops.has(name)));
}
