import type { FoundRow } from './find-row.ts';
import { picoEach } from './money.ts';
import type { Cost } from './types.ts';

/** What so many images, queries, seconds … cost by one row. `unit` as the row names it: `perQuery`. */
export function unitCost({ row, from }: FoundRow, unit: string, count: number): Cost {
  const price = row.each && Object.hasOwn(row.each, unit) ? row.each[unit] : undefined;
  if (price === undefined) return { pico: null, reason: 'unit_not_priced', missing: unit };
  return { pico: BigInt(count) * picoEach(price), priced: from };
}
