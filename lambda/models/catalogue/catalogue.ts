import { type ControlPlane, type ListingName, listingNames, listings } from '../../bedrock/control-plane.ts';
import type { CatalogueEntry } from './entry.ts';
import { mergeRegions } from './merge.ts';
import type { RegionListings } from './row.ts';

/** What an account can call, as it was at one moment. */
export interface Snapshot {
  /** Everything, region by region: also what is not shown in lists. */
  rows: readonly CatalogueEntry[];
  /** Listings that failed: what is missing and what to do. */
  warnings: readonly string[];
}

export interface Catalogue {
  /** Fresh within the time to live, stale where AWS does not answer; never fails. */
  load(): Promise<Snapshot>;
  /** What is known already, however old; undefined before the first load. Calls nothing. */
  peek(): Snapshot | undefined;
  /** The list that clients see. */
  models(): Promise<CatalogueEntry[]>;
  /** Of the last load. */
  warnings(): readonly string[];
}

export interface CatalogueOptions {
  list: ControlPlane['list'];
  /** Home first. */
  regions: readonly string[];
  ttlMs: number;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Left out: not listed and not found by name. */
  without?: readonly ListingName[];
}

/** Control-plane listings throttle (aws-samples/bedrock-access-gateway#104): a failed one waits this long. */
const retryMs = 30_000;

/**
 * The catalogue of one process: all listings of all regions at once, each allowed to fail alone. One round
 * serves all who wait for it; a listing that fails keeps what it last gave.
 */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { regions, ttlMs, now = Date.now, without = [] } = options;
  const names = listingNames.filter((name) => !without.includes(name));
  const known = new Map<string, RegionListings>(regions.map((region) => [region, {}]));
  let snapshot: Snapshot | undefined;
  let expires = 0;
  let round: Promise<Snapshot> | undefined;

  const load = async (): Promise<Snapshot> => {
    if (snapshot && now() < expires) return snapshot;
    round ??= refresh().finally(() => {
      round = undefined;
    });
    return round;
  };
  const refresh = async (): Promise<Snapshot> => {
    const failures = (
      await Promise.all(regions.flatMap((region) => names.map((name) => one(name, region))))
    ).flat();
    const { rowsOf } = await import('./rows.ts');
    const seconds = Math.floor(now() / 1000);
    const rows = regions.flatMap((region) => rowsOf(region, known.get(region) ?? {}, seconds));
    snapshot = { rows, warnings: failures.map((failure) => failure.warning) };
    expires = now() + (failures.some((failure) => failure.passing) ? Math.min(retryMs, ttlMs) : ttlMs);
    return snapshot;
  };
  const one = async (name: ListingName, region: string): Promise<Failure[]> => {
    try {
      const found = await options.list(name, region);
      known.set(region, { ...known.get(region), [name]: found });
      return [];
    } catch (error) {
      return [failureOf(error, name, region, known.get(region)?.[name] !== undefined)];
    }
  };
  return {
    load,
    peek: () => snapshot,
    models: async () => mergeRegions((await load()).rows),
    warnings: () => snapshot?.warnings ?? [],
  };
}

interface Failure {
  warning: string;
  /** Worth another try soon; a missing permission is not. */
  passing: boolean;
}

const denied = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

/** The error's name only: AWS's text names roles and accounts, and clients see this. */
function failureOf(error: unknown, listing: ListingName, region: string, stale: boolean): Failure {
  const name = error instanceof Error ? error.name : 'Error';
  const { action, label } = listings[listing];
  const isDenied = denied.has(name);
  const missing = stale ? 'may be out of date' : 'are missing';
  const advice = isDenied ? `; allow ${action}` : '';
  return { passing: !isDenied, warning: `${label} in ${region} ${missing}: ${name}${advice}` };
}
