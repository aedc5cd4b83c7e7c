import type { Known, RecordOf } from './known.ts';
import { body } from './members.ts';

/** A member of the table of members. */
export interface KnownMember {
  record: RecordOf;
  name: string;
  /** Its place, without the places in lists: `tools.custom.defer_loading`. */
  path: string;
  /** The flags of which it needs one. */
  flags: readonly string[];
}

/**
 * The member that Bedrock means by a path such as `tools.11.custom.defer_loading`; undefined where the table has none,
 * so that no client's word is ever taken for a member.
 */
export function memberAt(path: string): KnownMember | undefined {
  const names = path.split('.').filter((name) => !/^\d+$/.test(name));
  let known: Known = body;
  let found: KnownMember | undefined;
  const gates: string[] = [];
  for (const name of names) {
    known = opened(known, gates);
    const of = known.is === 'record' ? known.members : known.is === 'kinds' ? known.kinds : {};
    const next: Known | undefined = Object.hasOwn(of, name) ? of[name] : undefined;
    if (!next) return undefined;
    found = known.is === 'record' ? { record: known, name, path: names.join('.'), flags: gates } : undefined;
    known = next;
  }
  opened(known, gates);
  return found;
}

/** What stands in a list, as a text or something else, or behind a flag; the flags are added to `gates`. */
function opened(known: Known, gates: string[]): Known {
  if (known.is === 'gated') gates.push(...known.flags);
  return 'of' in known ? opened(known.of, gates) : known;
}
