import type { DigestedKey } from '../auth/digest.ts';
import { type Row, readTokens, sumOf, type Use, within } from '../limits/use.ts';
import type { LimitView } from '../limits/view.ts';
import type { ListedPrice } from '../prices/listed.ts';
import type { PriceBook } from '../prices/load.ts';
import type { CalledModel } from '../prices/types.ts';

/** What of a key is shown beside its use. */
export interface KeyFacts {
  name: string;
  team: string | undefined;
  admin: boolean;
  expiresAt: number | undefined;
  revoked: boolean;
}

/** What a key may still use; undefined: it has no limits, or they could not be read. */
export interface Standing {
  view: LimitView;
  day: Budget | undefined;
  month: Budget | undefined;
}
export interface Budget {
  usedPico: bigint;
  limitPico: bigint;
}

export interface KeyLine extends KeyFacts {
  /** There is such a key; others have only been used: callers with credentials of their own, keys that are gone. */
  isKey: boolean;
  use: Use;
  standing: Standing | undefined;
}
export interface ModelLine {
  model: string;
  use: Use;
  price: ListedPrice | undefined;
  endOfLife: string | undefined;
}

/** Everything that the page shows. */
export interface Figures {
  days: readonly string[];
  rows: readonly Row[];
  month: Use;
  /** Dollars × 10⁻¹² that reading from the cache has saved this month, at today's prices; undefined: no price says. */
  savedPico: bigint | undefined;
  /** Dollars × 10⁻¹² reserved and not settled, of keys with a budget. */
  reservedPico: bigint;
  keys: readonly KeyLine[];
  models: readonly ModelLine[];
}

export type Prices = Pick<PriceBook, 'cost' | 'listed' | 'endOfLife'>;

export interface Gathered {
  days: readonly string[];
  rows: readonly Row[];
  keys: readonly KeyFacts[];
  standings: ReadonlyMap<string, Standing>;
  prices: Prices;
  /** How a model is called whose calls are only known by the model. */
  called: (model: string) => CalledModel;
}

export function figuresOf({ days, rows, keys, standings, prices, called }: Gathered): Figures {
  const month = rows.filter(({ day }) => day.slice(0, 7) === days.at(-1)?.slice(0, 7));
  const byKey = Map.groupBy(rows, ({ key }) => key);
  const known = new Map(keys.map((key) => [key.name, key]));
  const names = new Set([...known.keys(), ...byKey.keys()]);
  const keyLines = [...names].map(
    (name): KeyLine => ({
      ...(known.get(name) ?? noFacts(name)),
      isKey: known.has(name),
      use: sumOf(byKey.get(name) ?? []),
      standing: standings.get(name),
    }),
  );
  const models = [...Map.groupBy(rows, ({ model }) => model)].map(([model, own]): ModelLine => {
    const price = prices.listed(called(model));
    return { model, use: sumOf(own), price, endOfLife: prices.endOfLife({ modelId: model }) };
  });
  return {
    days,
    rows,
    month: sumOf(month),
    savedPico: savedIn(month, prices, called),
    reservedPico: reservedIn(standings, month),
    keys: keyLines.sort(byCost),
    models: models.sort(byCost),
  };
}

const noFacts = (name: string): KeyFacts => ({
  name,
  team: undefined,
  admin: false,
  expiresAt: undefined,
  revoked: false,
});

const byCost = (one: { use: Use }, other: { use: Use }) =>
  Number(other.use.costPico - one.use.costPico) || other.use.requests - one.use.requests;

/** What the same tokens would have cost without a cache, less what they cost with it. */
function savedIn(rows: readonly Row[], prices: Prices, called: Gathered['called']): bigint | undefined {
  let saved: bigint | undefined;
  for (const [model, own] of Map.groupBy(rows, (row) => row.model)) {
    const use = sumOf(own);
    if (use.cacheReadTokens + use.cacheWriteTokens + use.cacheWriteLongTokens === 0) continue;
    const tokens = {
      input: 0,
      output: 0,
      cacheRead: use.cacheReadTokens,
      cacheWrite: use.cacheWriteTokens,
      cacheWriteLong: use.cacheWriteLongTokens,
    };
    const all = tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteLong;
    const without = prices.cost(called(model), { ...nothingRead, input: all });
    const cached = prices.cost(called(model), tokens);
    if (without.pico !== null && cached.pico !== null) saved = (saved ?? 0n) + without.pico - cached.pico;
  }
  return saved;
}

const nothingRead = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };

/** The counter of a budget has what is reserved as well; the days' items what was spent. */
function reservedIn(standings: ReadonlyMap<string, Standing>, month: readonly Row[]): bigint {
  let reserved = 0n;
  for (const [key, { month: budget }] of standings) {
    if (!budget) continue;
    const spent = sumOf(month.filter((row) => row.key === key)).costPico;
    if (budget.usedPico > spent) reserved += budget.usedPico - spent;
  }
  return reserved;
}

export const factsOf = ({ principal, expiresAt, revoked }: DigestedKey): KeyFacts => ({
  name: principal.name,
  team: principal.team,
  admin: principal.admin === true,
  expiresAt,
  revoked: revoked === true,
});

/** Of all that models have read, how much came from the cache; undefined: they have read nothing. */
export const cacheShare = (use: Use): number | undefined =>
  readTokens(use) === 0 ? undefined : use.cacheReadTokens / readTokens(use);

/** Requests that ended in an error of the service's or of the model's, or whose stream broke. */
export const failedShare = (use: Use): number | undefined =>
  use.requests === 0 ? undefined : (use.serverErrors + use.brokenStreams) / use.requests;

/** Tokens written for each second of a call. */
export const tokensPerSecond = (use: Use): number | undefined =>
  use.writingMs === 0 ? undefined : (use.outputTokens * 1000) / use.writingMs;

export const firstTokenMs = (use: Use, share: number) => within(use.firstToken, share);

/** Dollars × 10⁻¹² of each day, by the value of a column: the largest six, and the rest together. */
export function costSeries({ days, rows }: Figures, by: 'key' | 'model') {
  const groups = [...Map.groupBy(rows, (row) => row[by])]
    .map(([name, own]) => ({ name, own, use: sumOf(own) }))
    .sort(byCost);
  const series = (name: string, own: readonly Row[]) => {
    const byDay = Map.groupBy(own, ({ day }) => day);
    return { name, pico: days.map((day) => sumOf(byDay.get(day) ?? []).costPico) };
  };
  const rest = groups.slice(6).flatMap(({ own }) => own);
  return [
    ...groups.slice(0, 6).map(({ name, own }) => series(name, own)),
    ...(rest.length > 0 ? [series('all others', rest)] : []),
  ];
}
