import type { Attribute, Key, Update } from '../store/types.ts';
import { names, type Standing } from './standing.ts';
import type { WindowName, Windows } from './windows.ts';

/** What a change adds to the counters; what is 0 is left alone. */
export interface Added {
  requests: number;
  tokens: number;
  dayPico: bigint;
  monthPico: bigint;
}

/** What the counters may be at most before the change, for it to be made. */
export interface Most {
  requests?: number;
  tokens?: number;
  dayPico?: bigint;
  monthPico?: bigint;
}

export interface Change {
  key: Key;
  /** The windows that counters are of after the change. */
  windows: Windows;
  /** Which of them it is about. */
  counted: readonly WindowName[];
  /** What is known of the item; a window of it that is older is begun anew, if nobody else has done so. */
  known: Pick<Standing, 'windows'>;
  add: Added;
  most?: Most;
  /** A slot to take, while there are fewer than `below`, or to give back. */
  slot?: { take: string; below: number } | { free: string } | undefined;
  /** Epoch seconds after which the item may go. */
  expiresAt: number;
}

const counters = {
  minute: ['requests', 'tokens'],
  day: ['dayPico'],
  month: ['monthPico'],
} as const satisfies Record<WindowName, readonly (keyof Added)[]>;

/**
 * A change as one UpdateItem. A counter of a window that goes on is added to, under the condition that it has not
 * reached its limit; that of one that begins is set, under the condition that nobody has begun it. DynamoDB's
 * conditions have no arithmetic: what a counter may be at most is computed here, and the counter compared with it.
 */
export function updateOf(change: Change): Update {
  const sets = [`${names.expires} = :expires`];
  const adds: string[] = [];
  const conditions: string[] = [];
  const values: Record<string, Attribute> = { ':expires': { N: String(change.expiresAt) } };
  const number = (value: number | bigint, name: string) => {
    values[name] = { N: String(value) };
    return name;
  };
  for (const name of change.counted) {
    const now = change.windows[name];
    const known = change.known.windows[name];
    const attribute = names[name];
    if (known === now) conditions.push(`${attribute} = ${number(now, `:${name}`)}`);
    else {
      sets.push(`${attribute} = ${number(now, `:${name}`)}`);
      conditions.push(
        known === undefined
          ? `attribute_not_exists(${attribute})`
          : `${attribute} = ${number(known, `:${name}Before`)}`,
      );
    }
    for (const counter of counters[name]) {
      const added = change.add[counter];
      const most = change.most?.[counter];
      if (known !== now) sets.push(`${names[counter]} = ${number(added, `:${counter}`)}`);
      else if (added) adds.push(`${names[counter]} ${number(added, `:${counter}`)}`);
      if (known === now && most !== undefined)
        conditions.push(`${names[counter]} <= ${number(most, `:${counter}Most`)}`);
    }
  }
  const { slot } = change;
  if (slot && 'take' in slot) {
    adds.push(`${names.slots} :slot`);
    values[':slot'] = { SS: [slot.take] };
    const taken = `size(${names.slots}) < ${number(slot.below, ':below')}`;
    conditions.push(`(attribute_not_exists(${names.slots}) OR ${taken})`);
  }
  const deletes = slot && 'free' in slot ? [`${names.slots} :slot`] : [];
  if (slot && 'free' in slot) values[':slot'] = { SS: [slot.free] };
  const clause = (word: string, parts: readonly string[]) =>
    parts.length > 0 ? [`${word} ${parts.join(', ')}`] : [];
  return {
    key: change.key,
    expression: [...clause('SET', sets), ...clause('ADD', adds), ...clause('DELETE', deletes)].join(' '),
    ...(conditions.length > 0 && { condition: conditions.join(' AND ') }),
    values,
  };
}

/** Takes slots away whose time is over. */
export function sweepOf(key: Key, slots: readonly string[]): Update {
  return { key, expression: `DELETE ${names.slots} :slots`, values: { ':slots': { SS: slots } } };
}
