import type { PriceTable } from '../../lambda/prices/table.ts';
import { type Change, differences } from './difference.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { toTable } from './to-table.ts';

export interface Update {
  readonly changes: readonly Change[];
  /** Absent where a change was refused. */
  readonly result?: { snapshot: Snapshot; table: PriceTable };
}

/**
 * What a newer snapshot makes of the table. `accepted`: models whose changes were looked at and are right, `*` for all.
 * Throws an Error for a text that is no snapshot, or one that is older than what there is.
 */
export function update(
  text: string,
  before: { snapshot: Snapshot; table: PriceTable },
  accepted: readonly string[],
): Update {
  const snapshot = readSnapshot(text);
  const { asOf } = before.snapshot;
  if (snapshot.asOf < asOf)
    throw new Error(`The snapshot is of ${snapshot.asOf}, the table already of ${asOf}.`);
  const unknown = accepted.filter((id) => id !== '*' && !snapshot.models[id] && !before.snapshot.models[id]);
  if (unknown.length > 0) throw new Error(`Neither snapshot has ${unknown.join(', ')}.`);
  const isAccepted = ({ model }: Change) => accepted.includes('*') || accepted.includes(model);
  const changes = differences(before.snapshot, snapshot).map((change): Change => {
    const { model, what } = change;
    return isAccepted(change) ? { model, what } : change;
  });
  if (changes.some(({ refused }) => refused !== undefined)) return { changes };
  return { changes, result: { snapshot, table: toTable(snapshot, before.table) } };
}
