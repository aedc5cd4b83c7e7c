import type { CatalogueEntry, CatalogueType } from './entry.ts';

/** What AWS owns has one id in every region; what the account owns is something else in each. */
const sharedTypes = new Set<CatalogueType>(['foundation', 'profile']);

/**
 * The list that clients see: what can be called, each id once. The same foundation model or system profile of
 * several regions becomes one entry; of two things of one name the second goes by its ARN.
 */
export function mergeRegions(rows: readonly CatalogueEntry[]): CatalogueEntry[] {
  const byId = new Map<string, CatalogueEntry>();
  for (const row of rows) {
    if (!row.listed) continue;
    const first = byId.get(row.id);
    if (!first) byId.set(row.id, { ...row, regions: [...row.regions] });
    else if (sharedTypes.has(row.type) && first.type === row.type) first.regions.push(...row.regions);
    else if (!byId.has(row.modelId)) byId.set(row.modelId, { ...row, id: row.modelId });
  }
  return [...byId.values()];
}
