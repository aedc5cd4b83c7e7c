import { isDeepStrictEqual } from 'node:util';
import type { PricedModel, PriceRow, PriceTable, TokenPrices } from '../../lambda/prices/table.ts';
import {
  type Snapshot,
  type SnapshotModel,
  type SnapshotRow,
  type SnapshotTokens,
  unitMembers,
} from './snapshot.ts';

/**
 * The table of a snapshot. A row that differs from the one there was holds from the snapshot's day on; the older ones
 * stay behind it, so that what was called before that day keeps its price.
 */
export function toTable(snapshot: Snapshot, before?: PriceTable): PriceTable {
  const models = Object.entries(snapshot.models).map(([id, model]): [string, PricedModel] => [
    id,
    pricedModel(model, snapshot.asOf, before?.models[id]),
  ]);
  return { since: before?.since ?? snapshot.asOf, asOf: snapshot.asOf, models: Object.fromEntries(models) };
}

function pricedModel(
  { prices, regions, endOfLife }: SnapshotModel,
  asOf: string,
  before: PricedModel | undefined,
): PricedModel {
  const rows = (now: Record<string, PriceRow>, old: PricedModel['regions'] = {}) =>
    Object.fromEntries(
      [...new Set([...Object.keys(now), ...Object.keys(old)])].map((scope) => [
        scope,
        withHistory(now[scope] ?? {}, old[scope], before === undefined ? undefined : asOf),
      ]),
    );
  const inScopes = mapped(prices ?? {}, priceRow);
  const inRegions = mapped(regions ?? {}, (each): PriceRow => ({ tokens: tokenPrices(each) }));
  const regional = rows(inRegions, before?.regions);
  return {
    prices: rows(inScopes, before?.prices),
    ...(Object.keys(regional).length > 0 && { regions: regional }),
    ...(endOfLife !== undefined && { endOfLife }),
  };
}

/** `from`: the day from which a new row holds; undefined for a model that is new, whose price nobody knows an older one of. */
function withHistory(now: PriceRow, old: readonly PriceRow[] = [], from: string | undefined): PriceRow[] {
  const [newest] = old;
  if (newest) {
    const { from: _, ...same } = newest;
    if (isDeepStrictEqual(same, now)) return [...old];
  }
  return [{ ...(from !== undefined && newest && { from }), ...now }, ...old];
}

function priceRow(row: SnapshotRow): PriceRow {
  const tokens = tokenPrices(row);
  const [long] = row.longContext ?? [];
  const each = Object.fromEntries(
    unitMembers.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])),
  );
  return {
    ...(row.profiles && { profiles: row.profiles }),
    ...(tokens.length > 0 && { tokens }),
    ...(long && { long: { above: long.inputTokensAbove, tokens: tokenPrices(long) } }),
    ...(row.tiers && {
      tiers: mapped(row.tiers, (tier) => (typeof tier === 'number' ? tier : tokenPrices(tier))),
    }),
    ...(Object.keys(each).length > 0 && { each }),
  };
}

/** In the table's order; what is missing at the end is left out. */
function tokenPrices({ input, output, cacheRead, cacheWrite, cacheWrite1h }: SnapshotTokens): TokenPrices {
  const all = [input, output, cacheRead, cacheWrite, cacheWrite1h].map((price) => price ?? null);
  return all.slice(0, all.findLastIndex((price) => price !== null) + 1);
}

const mapped = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** A model a line: small, and its history can be read. */
export function asText({ since, asOf, models }: PriceTable): string {
  const lines = Object.entries(models).map(
    ([id, model]) => `  ${JSON.stringify(id)}: ${JSON.stringify(model)}`,
  );
  return `{\n "since": ${JSON.stringify(since)},\n "asOf": ${JSON.stringify(asOf)},\n "models": {\n${lines.join(',\n')}\n }\n}\n`;
}
