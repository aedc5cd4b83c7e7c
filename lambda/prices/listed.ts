import type { FoundRow } from './find-row.ts';
import { picoEach, picoPerToken, usdText } from './money.ts';
import type { TokenPrices } from './table.ts';

/** Dollars for one token of each kind, as exact decimal numbers; null: not known. */
export interface ListedTokens {
  input: string | null;
  output: string | null;
  cacheRead: string | null;
  cacheWrite: string | null;
  cacheWrite1h: string | null;
}

/** A row as lists and people are shown it. */
export interface ListedPrice extends ListedTokens {
  scope: string;
  /** The day from which it holds, or `override`. */
  from: string;
  long?: ListedTokens & { above: number };
  /** The service tiers that have a price. */
  tiers: string[];
  /** Dollars for one image, query … by the unit's name. */
  each: Record<string, string>;
}

export function listedPrice({ row, scope, from }: FoundRow): ListedPrice {
  const { tokens, long, tiers = {}, each = {} } = row;
  return {
    scope,
    from,
    ...listedTokens(tokens),
    ...(long && { long: { above: long.above, ...listedTokens(long.tokens) } }),
    tiers: Object.keys(tiers),
    each: Object.fromEntries(Object.entries(each).map(([unit, usd]) => [unit, usdText(picoEach(usd))])),
  };
}

function listedTokens(prices: TokenPrices = []): ListedTokens {
  const text = (at: number) => {
    const usd = prices[at];
    return typeof usd === 'number' ? usdText(picoPerToken(usd)) : null;
  };
  return {
    input: text(0),
    output: text(1),
    cacheRead: text(2),
    cacheWrite: text(3),
    cacheWrite1h: text(4),
  };
}
