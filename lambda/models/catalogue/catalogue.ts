import { type ControlPlane, type ListingName, listingNames, listings } from '../../bedrock/control-plane.ts';
import type { GatewayError } from '../../errors.ts';
import { settlesWithin } from '../../settles-within.ts';
import type { Residency } from '../profiles/pick.ts';
import type { CatalogueEntry } from './entry.ts';
import { createListing, type Source } from './listing.ts';
import { mergeRegions } from './merge.ts';
import type { RegionListings } from './row.ts';

/** What an account can call, as it was at one moment. */
export interface Snapshot {
  /** Everything, region by region: also what is not shown in lists. */
  rows: readonly CatalogueEntry[];
  /** Listings that failed or are late: what is missing and what to do. */
  warnings: readonly string[];
  /** Why nothing at all is known, for clients. */
  failure?: GatewayError;
}

export interface Catalogue {
  /**
   * Fresh within the time to live, stale where AWS does not answer; never fails. What is late is left out: it
   * is in the snapshot that is loaded after it has come.
   */
  load(): Promise<Snapshot>;
  /** What is known already, however old; undefined before the first load. Calls nothing. */
  peek(): Snapshot | undefined;
  /** Everything that can be called, each id once; what has `notListed` is not shown. Rejects with GatewayError where nothing at all could be listed, and says why. */
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
  /** How far requests may travel: profiles that go further are left out of lists; default: anywhere. */
  residency?: Residency;
  /** Longest wait, in milliseconds, for what has never been listed. */
  patienceMs?: number;
  /** Whether the listings end in time; tests decide it themselves. */
  settles?: typeof settlesWithin;
}

/** LibreChat gives a list of models 5 s (danny-avila/LibreChat#12804), Claude Code 3 s. */
const defaultPatienceMs = 2000;
/** For a listing that was asked for before: its old content will do, or its failure is known. */
const renewalMs = 250;

/**
 * The catalogue of one process: all listings of all regions at once, each allowed to fail, to be late and to be
 * renewed alone. One round serves all who wait for it.
 */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { regions, ttlMs, now = Date.now, without = [], settles = settlesWithin } = options;
  const { patienceMs = defaultPatienceMs } = options;
  const names = listingNames.filter((name) => !without.includes(name));
  const sources = regions.flatMap((region) =>
    names.map((name): Source => {
      const listing = createListing(() => options.list(name, region), { ttlMs, now });
      return { name, region, listing };
    }),
  );
  let snapshot: Snapshot | undefined;
  let held: readonly unknown[] = [];

  const load = async (): Promise<Snapshot> => {
    const calls = sources.flatMap(({ listing }) => listing.refresh() ?? []);
    if (calls.length > 0) {
      const all = Promise.all(calls);
      const left = patience();
      // What is late completes the snapshot when it comes, also if nobody loads it again.
      if (left <= 0 || !(await settles(left, all))) all.then(take, () => {});
    }
    return take();
  };
  /** Milliseconds that are left to wait for the calls under way; who comes later does not wait again. */
  const patience = () =>
    Math.max(
      ...sources.map(({ listing }) => {
        const since = listing.since();
        if (since === undefined) return 0;
        const isFirst = listing.value() === undefined && !listing.trouble();
        return since + (isFirst ? patienceMs : renewalMs) - now();
      }),
    );
  const take = async (): Promise<Snapshot> => {
    const values = sources.map(({ listing }) => listing.value());
    const rows =
      snapshot && values.every((value, i) => value === held[i]) ? snapshot.rows : await rowsOfAll(sources);
    const warnings = sources.flatMap(warningOf);
    const isFailure = rows.length === 0 && warnings.length > 0;
    const failure = isFailure && (await import('./nothing-listed.ts')).nothingListed(sources);
    held = values;
    snapshot = { rows, warnings, ...(failure && { failure }) };
    return snapshot;
  };
  const rowsOfAll = async (from: readonly Source[]) => {
    const { rowsOf } = await import('./rows.ts');
    const seconds = Math.floor(now() / 1000);
    return regions.flatMap((region) => rowsOf(region, listingsOf(from, region), seconds, options.residency));
  };
  return {
    load,
    peek: () => snapshot,
    async models() {
      const { rows, failure } = await load();
      if (failure) throw failure;
      return mergeRegions(rows);
    },
    warnings: () => snapshot?.warnings ?? [],
  };
}

function listingsOf(sources: readonly Source[], region: string): RegionListings {
  const here = sources.filter((source) => source.region === region);
  return Object.fromEntries(here.map(({ name, listing }) => [name, listing.value()]));
}

function warningOf({ name, region, listing }: Source): string[] {
  const { action, label } = listings[name];
  const isKnown = listing.value() !== undefined;
  const trouble = listing.trouble();
  if (!trouble) return isKnown ? [] : [`${label} in ${region} are missing: AWS has not answered yet`];
  const advice = trouble.error.reason === 'access_denied' ? `; allow ${action}` : '';
  const state = isKnown ? 'may be out of date' : 'are missing';
  return [`${label} in ${region} ${state}: ${trouble.name}${advice}`];
}
