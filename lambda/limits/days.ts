import type { Table } from '../store/table.ts';
import { type Row, rowOf } from './use.ts';

const dayMs = 86_400_000;
/** A day's last requests settle some minutes after its end. */
const settledAfterMs = 3_600_000;
/** What is kept of days that are over. */
const mostRows = 50_000;

/** `2026-11-28`, of UTC. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The last so many days, the last of them today. */
export const daysUntil = (at: number, count: number): string[] =>
  Array.from({ length: count }, (_, day) => dayOf(at - (count - 1 - day) * dayMs));

/** What was used in these days, with one query each. Rejects with StoreError. */
export type ReadDays = (days: readonly string[]) => Promise<Row[]>;

/** Reads what was used by day. A day that is over does not change, so it is read once. */
export function createReadDays(table: Pick<Table, 'query'>, now: () => number): ReadDays {
  const over = new Map<string, readonly Row[]>();
  let kept = 0;
  const read = async (day: string): Promise<readonly Row[]> => {
    const known = over.get(day);
    if (known) return known;
    const rows = (await table.query({ pk: `DAY#${day}` })).map((item) => rowOf(day, item));
    const isOver = Date.parse(day) + dayMs + settledAfterMs < now();
    if (isOver && !over.has(day) && kept + rows.length <= mostRows) {
      kept += rows.length;
      over.set(day, rows);
    }
    return rows;
  };
  return async (days) => (await Promise.all(days.map(read))).flat();
}
