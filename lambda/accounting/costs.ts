import { dearest } from '../prices/cost.ts';
import type { PriceBook } from '../prices/load.ts';
import { usdText } from '../prices/money.ts';
import { standardTiers } from '../prices/token-prices.ts';
import type { CalledModel, Cost, Pricing, UnknownReason } from '../prices/types.ts';
import type { TokenCounts } from './tokens.ts';
import type { Trace, UpstreamCall } from './trace.ts';

/** What calls came to in dollars, as far as that is known. */
export interface Costs {
  /** The exact sum, where every call has a price. */
  costUsd?: string;
  /** The sum of the calls that have one, where others have none. */
  costAtLeastUsd?: string;
  /** Why some have none: the reason of the first, with the kind of unit or the tier that has no price. */
  unpriced?: string;
  /** How many have none. */
  unpricedCalls?: number;
  /**
   * The dearest of several prices was taken. `scope`: nobody says how far a call may have travelled; `tier`: another
   * than the standard one was asked for, and the answer does not say which one served.
   */
  costAssumed?: 'scope' | 'tier';
  /** The day of the oldest price row that was used, or `override` where one of the settings was. */
  pricedFrom?: string;
}

/** Loads what says what a request has cost so far, which no plain answer needs. */
export type LoadCosts = () => Promise<(trace: Trace) => Costs>;

/**
 * Adds up what calls have cost. What is not known is not 0: then there is a reason instead of a sum, and the sum of the
 * rest is said to be the least that it can be.
 */
export function costsOf(
  calls: readonly UpstreamCall[],
  pricing: Pick<PriceBook, 'cost' | 'units' | 'isAssumed'>,
): Costs {
  if (calls.length === 0) return {};
  const costs = calls.map((call) => callCost(call, pricing));
  const known = costs.filter((cost) => cost.pico !== null);
  const [unknown, ...others] = costs.filter((cost) => cost.pico === null);
  const sum = usdText(known.reduce((total, { pico }) => total + pico, 0n));
  const rows = known.flatMap(({ priced }) => (priced === free ? [] : [priced]));
  const pricedFrom = rows.includes('override') ? 'override' : rows.sort()[0];
  return {
    ...(unknown
      ? {
          ...(rows.length > 0 && { costAtLeastUsd: sum }),
          unpriced: unknown.missing ? `${unknown.reason}:${unknown.missing}` : unknown.reason,
          unpricedCalls: 1 + others.length,
        }
      : { costUsd: sum }),
    ...assumed(calls, pricing),
    ...(pricedFrom !== undefined && { pricedFrom }),
  };
}

function assumed(
  calls: readonly UpstreamCall[],
  pricing: Pick<PriceBook, 'isAssumed'>,
): Pick<Costs, 'costAssumed'> {
  const spent = calls.filter(({ tokens }) => tokens);
  if (spent.some(isTierUnsaid)) return { costAssumed: 'tier' };
  return spent.some((call) => pricing.isAssumed(calledModel(call))) ? { costAssumed: 'scope' } : {};
}

/** Bedrock may serve another tier than the one asked for, and says so in its answer. */
const isTierUnsaid = ({ tierAsked, tierServed }: UpstreamCall) =>
  tierServed === undefined && tierAsked !== undefined && !standardTiers.has(tierAsked);

const calledModel = ({ modelId, underlying, region, startedAt }: UpstreamCall): CalledModel => ({
  modelId,
  underlying,
  region,
  at: startedAt,
});

/** The mark of a call that costs nothing whatever the row says. */
const free = '';

/**
 * What one call cost. A client that leaves has spent the input and what was written until then, by the gateway's
 * estimate; what a stream that was cut came to, or one that never says it, is not known (AWS bills it all the same).
 */
export function callCost(call: UpstreamCall, pricing: Pick<Pricing, 'cost' | 'units'>): Cost {
  const { tokens, estimated, tierAsked, tierServed } = call;
  if (call.isGuardrail) return unknown('not_priced', 'guardrail');
  if (estimated === 'failed' || estimated === 'not_reported') return unknown('not_metered');
  const units = call.units && pricing.units(calledModel(call), call.units);
  // A count of tokens, or a call that Bedrock refused before it ran the model.
  if (!tokens || isNothing(tokens)) return units ?? { pico: 0n, priced: free };
  const at = (tier?: string) => pricing.cost(calledModel(call), tokens, tier);
  const spoken = isTierUnsaid(call) ? dearest([at(), at(tierAsked)]) : at(tierServed);
  return units ? both(units, spoken) : spoken;
}

/** An image that is embedded with a text is paid for beside it. */
function both(one: Cost, other: Cost): Cost {
  if (one.pico === null) return one;
  if (other.pico === null) return other;
  return { pico: one.pico + other.pico, priced: [one.priced, other.priced].sort()[0] ?? free };
}

const isNothing = (tokens: TokenCounts) => Object.values(tokens).every((count) => count === 0);

const unknown = (reason: UnknownReason, missing?: string): Cost => ({
  pico: null,
  reason,
  ...(missing !== undefined && { missing }),
});
