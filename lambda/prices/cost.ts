import type { TokenCounts } from '../accounting/tokens.ts';
import type { FoundRow } from './find-row.ts';
import { perToken } from './token-prices.ts';
import type { Bound, Cost } from './types.ts';

const kinds = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWriteLong'] as const;

/** What tokens cost by one row. Null where a kind that was used has no price. */
export function costOf({ row, from }: FoundRow, tokens: TokenCounts, tier?: string): Cost {
  const { input, cacheRead, cacheWrite, cacheWriteLong } = tokens;
  const prices = perToken(row, input + cacheRead + cacheWrite + cacheWriteLong, tier);
  if (!prices) return { pico: null, reason: 'tier_not_priced', missing: tier ?? '' };
  let pico = 0n;
  for (const kind of kinds) {
    if (tokens[kind] === 0) continue;
    const price = prices[kind];
    if (price === null) return { pico: null, reason: 'unit_not_priced', missing: kind };
    pico += BigInt(tokens[kind]) * price;
  }
  return { pico, priced: from };
}

/**
 * The most that anything within a bound can cost by one row: the dearest kind of input, at the standard tier or the
 * one asked for, which Bedrock is free not to serve, and at the row for long inputs where the bound reaches it.
 */
export function boundOf(found: FoundRow, bound: Bound, tier?: string): Cost {
  const { row, from } = found;
  const above = row.long?.above ?? Number.POSITIVE_INFINITY;
  const inputs = bound.input > above ? [above, bound.input] : [bound.input];
  let pico = 0n;
  for (const input of inputs) {
    for (const each of new Set([undefined, tier])) {
      const prices = perToken(row, input, each);
      if (!prices) return { pico: null, reason: 'tier_not_priced', missing: each ?? '' };
      const written = [
        // Where only one lifetime has a price the model writes by itself, whatever a request asks for.
        ...(bound.cacheWrite || prices.cacheWriteLong === null ? [prices.cacheWrite] : []),
        ...(bound.cacheWrite === '1h' ? [prices.cacheWriteLong] : []),
      ];
      const dearest = most([prices.input, prices.cacheRead, ...written]);
      if (dearest === null && input > 0) return { pico: null, reason: 'unit_not_priced', missing: 'input' };
      if (prices.output === null && bound.output > 0)
        return { pico: null, reason: 'unit_not_priced', missing: 'output' };
      const total = BigInt(input) * (dearest ?? 0n) + BigInt(bound.output) * (prices.output ?? 0n);
      if (total > pico) pico = total;
    }
  }
  return { pico, priced: from };
}

/** The dearest of what the same call may cost; null as soon as one of them is. */
export function dearest(costs: readonly [Cost, ...Cost[]]): Cost {
  return costs.reduce((one, other) => {
    if (one.pico === null) return one;
    return other.pico === null || other.pico > one.pico ? other : one;
  });
}

function most(prices: readonly (bigint | null)[]): bigint | null {
  const known = prices.filter((price) => price !== null);
  return known.length === 0 ? null : known.reduce((one, other) => (other > one ? other : one));
}
