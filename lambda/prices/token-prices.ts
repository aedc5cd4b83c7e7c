import { picoPerToken, times } from './money.ts';
import type { PriceRow, TokenPrices } from './table.ts';

/** Pico-dollars of a token of each kind; null: not known. */
export interface PerToken {
  input: bigint | null;
  output: bigint | null;
  cacheRead: bigint | null;
  cacheWrite: bigint | null;
  cacheWriteLong: bigint | null;
}

/** Tiers that are the standard one, in the words of Converse and of OpenAI's APIs. */
export const standardTiers: ReadonlySet<string> = new Set(['default', 'standard', 'auto']);

/**
 * What a token costs by a row, at a service tier; undefined: the row has no price for the tier.
 * `input`: tokens of the whole input, fresh, read and written, which decide whether the row for long ones holds.
 */
export function perToken(row: PriceRow, input: number, tier?: string): PerToken | undefined {
  const base = row.long && input > row.long.above ? row.long.tokens : (row.tokens ?? []);
  const prices = inPico(base);
  if (tier === undefined || standardTiers.has(tier)) return prices;
  const own = row.tiers && Object.hasOwn(row.tiers, tier) ? row.tiers[tier] : undefined;
  if (own === undefined) return undefined;
  const atTier =
    typeof own === 'number' ? mapPrices(prices, (price) => price && times(price, own)) : inPico(own);
  // A batch neither reads nor writes caches.
  return tier === 'batch' ? { ...atTier, cacheRead: null, cacheWrite: null, cacheWriteLong: null } : atTier;
}

function inPico(prices: TokenPrices): PerToken {
  const [input, output, cacheRead, cacheWrite, cacheWriteLong] = [0, 1, 2, 3, 4].map((at) => {
    const price = prices[at];
    return typeof price === 'number' ? picoPerToken(price) : null;
  });
  return {
    input: input ?? null,
    output: output ?? null,
    cacheRead: cacheRead ?? null,
    // Models that publish a price of reads and none of writes (Nova) bill what they write as input.
    cacheWrite: cacheWrite ?? (typeof prices[2] === 'number' ? (input ?? null) : null),
    cacheWriteLong: cacheWriteLong ?? null,
  };
}

export const mapPrices = (prices: PerToken, change: (price: bigint | null) => bigint | null): PerToken => ({
  input: change(prices.input),
  output: change(prices.output),
  cacheRead: change(prices.cacheRead),
  cacheWrite: change(prices.cacheWrite),
  cacheWriteLong: change(prices.cacheWriteLong),
});
