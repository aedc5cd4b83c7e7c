import type { CatalogueEntry, CatalogueType } from './entry.ts';

/** What AWS owns has one id in every region; what the account owns is something else in each. */
const sharedTypes = new Set<CatalogueType>(['foundation', 'profile']);

const isOffered = (row: CatalogueEntry) => row.notListed === undefined;

/**
 * What can be called, each by a name that calls it and nothing else. The same foundation model or system profile
 * of several regions becomes one entry, in the regions where it is offered.
 */
export function mergeRegions(rows: readonly CatalogueEntry[]): CatalogueEntry[] {
  const callable = rows.filter((row) => row.listed);
  const inOrder = [...callable.filter(isOffered), ...callable.filter((row) => !isOffered(row))];
  const entries = [...Map.groupBy(inOrder, (row) => row.id).values()].flatMap(entriesOfName);
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

/**
 * Of several things of one name the first keeps it, as in a request, and the others go by their ARNs. Where
 * things of one region share a name, a request by it would be refused, so all of them go by their ARNs.
 */
function entriesOfName(named: CatalogueEntry[]): CatalogueEntry[] {
  const [first, ...others] = named.toSorted((a, b) => Number(isShared(b)) - Number(isShared(a)));
  if (!first) return [];
  if (isShared(first)) return [inAllRegions(first, others), ...others.filter(isOwned).map(byArn)];
  const isAmbiguous = others.some(
    ({ region, modelId }) => region === first.region && modelId !== first.modelId,
  );
  return [isAmbiguous ? byArn(first) : first, ...others.map(byArn)];
}

function inAllRegions(first: CatalogueEntry, others: readonly CatalogueEntry[]): CatalogueEntry {
  const same = others.filter((row) => row.type === first.type && isOffered(row) === isOffered(first));
  return { ...first, regions: [first, ...same].flatMap((row) => row.regions) };
}

const isShared = (row: CatalogueEntry) => sharedTypes.has(row.type);
const isOwned = (row: CatalogueEntry) => !isShared(row);
const byArn = (row: CatalogueEntry): CatalogueEntry => ({ ...row, id: row.modelId });
