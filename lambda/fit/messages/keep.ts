import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import type { Known, RecordOf } from './known.ts';

/** What is sent of a body, and what for. */
export interface Keeping {
  /** The flag to send for a member that needs one of these; undefined: the model takes none of them. */
  flagOf(flags: readonly string[]): string | undefined;
  /** Called with the flag of each member that is kept. */
  needs(flag: string): void;
  /** Members that the model has refused. */
  isRefused(record: RecordOf, name: string): boolean;
}

/**
 * What of a value may be sent: the value itself where all of it may, a copy without what is unknown, or undefined. null
 * says nothing, wherever it stands. Linear; what is unchanged is shared.
 */
export function kept(value: Json | undefined, known: Known, keeping: Keeping): Json | undefined {
  if (value === undefined || value === null) return undefined;
  switch (known.is) {
    case 'scalar':
      return typeof value === 'object' ? undefined : value;
    case 'true':
      return value === true ? value : undefined;
    case 'free':
      return value;
    case 'textOr':
      return typeof value === 'string' ? value : kept(value, known.of, keeping);
    case 'list':
      return Array.isArray(value) ? keptItems(value, known.of, keeping) : undefined;
    case 'record':
      return isObject(value) ? keptMembers(value as JsonObject, known, keeping) : undefined;
    case 'kinds': {
      const kind = isObject(value) && kindOf(known, value.type);
      return kind ? kept(value, kind, keeping) : undefined;
    }
    case 'gated': {
      const flag = keeping.flagOf(known.flags);
      const sent = flag === undefined ? undefined : kept(value, known.of, keeping);
      if (flag !== undefined && sent !== undefined) keeping.needs(flag);
      return sent;
    }
    default:
      return known satisfies never;
  }
}

/** A tool of the client's own has no type, or `custom`; nothing else goes without one. */
function kindOf({ kinds }: Extract<Known, { is: 'kinds' }>, type: unknown = 'custom'): Known | undefined {
  const name = type ?? 'custom';
  return typeof name === 'string' && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

function keptItems(items: Json[], known: Known, keeping: Keeping): Json[] {
  let changed: Json[] | undefined;
  for (const [i, item] of items.entries()) {
    const sent = kept(item, known, keeping);
    if (sent !== item) changed ??= items.slice(0, i);
    if (changed && sent !== undefined) changed.push(sent);
  }
  return changed ?? items;
}

function keptMembers(value: JsonObject, record: RecordOf, keeping: Keeping): JsonObject {
  const members: [string, Json][] = [];
  let changed = false;
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(record.members, name) ? record.members[name] : undefined;
    const sent = known && !keeping.isRefused(record, name) ? kept(member, known, keeping) : undefined;
    changed ||= sent !== member;
    if (sent !== undefined) members.push([name, sent]);
  }
  return changed ? Object.fromEntries(members) : value;
}
