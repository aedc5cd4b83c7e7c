import { bigOf, type Item, numberOf } from '../store/types.ts';

/** What a day's item counts, beside money: each a whole number that is only ever added to. */
export const counters = [
  'requests',
  'bedrockCalls',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWriteLongTokens',
  'images',
  'unpriced',
  'unpricedRequests',
  'unmetered',
  'writingMs',
  'clientErrors',
  'serverErrors',
  'throttled',
  'fallbacks',
  'brokenStreams',
] as const;
export type Counter = (typeof counters)[number];

/** Upper bounds of the histograms' buckets, in milliseconds; one more bucket has no bound. */
export const bucketsMs = [100, 250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 180_000] as const;

/** What was used, by anybody and in any time. */
export interface Use extends Readonly<Record<Counter, number>> {
  /** Dollars × 10⁻¹² of what has a price; what has none is counted in `unpriced`. */
  readonly costPico: bigint;
  /** Requests by the time until the model's first event. */
  readonly firstToken: readonly number[];
  /** Epoch milliseconds of the last request; 0: not known. */
  readonly lastAt: number;
}

/** What one key used of one model in one day. */
export interface Row {
  /** `2026-11-28`, of UTC. */
  readonly day: string;
  readonly key: string;
  readonly model: string;
  readonly use: Use;
}

/** An item of the day's partition. The name of a key has no `#`; that of a model may. */
export function rowOf(day: string, item: Item): Row {
  const id = item.sk && 'S' in item.sk ? item.sk.S : '';
  const end = id.indexOf('#');
  return { day, key: id.slice(0, end), model: id.slice(end + 1), use: useOf(item) };
}

function useOf(item: Item): Use {
  return {
    ...counted((name) => numberOf(item, name) ?? 0),
    costPico: bigOf(item, 'costPico'),
    firstToken: Array.from(
      { length: bucketsMs.length + 1 },
      (_, at) => numberOf(item, `firstToken${at}`) ?? 0,
    ),
    lastAt: numberOf(item, 'lastAt') ?? 0,
  };
}

const counted = (of: (name: Counter) => number) =>
  Object.fromEntries(counters.map((name) => [name, of(name)])) as Record<Counter, number>;

export const noUse: Use = useOf({});

export function sumOf(rows: readonly Row[]): Use {
  const sum = { ...counted(() => 0), costPico: 0n, firstToken: noUse.firstToken.map(() => 0), lastAt: 0 };
  // Thirty days of many keys and models are tens of thousands of rows, so no object is made for each.
  for (const { use } of rows) {
    for (const name of counters) sum[name] += use[name];
    sum.costPico += use.costPico;
    sum.lastAt = Math.max(sum.lastAt, use.lastAt);
    for (const [at, count] of use.firstToken.entries())
      sum.firstToken[at] = (sum.firstToken[at] ?? 0) + count;
  }
  return sum;
}

/** Everything that models have read, from the cache or not. */
export const readTokens = (use: Use): number =>
  use.inputTokens + use.cacheReadTokens + use.cacheWriteTokens + use.cacheWriteLongTokens;

/**
 * The bound, in milliseconds, within which a share of the requests had their first event; undefined: nothing was
 * measured. Infinity: beyond the last bound.
 */
export function within(histogram: readonly number[], share: number): number | undefined {
  const all = histogram.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let seen = 0;
  const at = histogram.findIndex((count) => {
    seen += count;
    return seen >= all * share;
  });
  return bucketsMs[at] ?? Number.POSITIVE_INFINITY;
}
