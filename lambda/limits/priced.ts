import { callCost } from '../accounting/costs.ts';
import type { Gated } from '../accounting/gate.ts';
import type { noTokens } from '../accounting/tokens.ts';
import type { UpstreamCall } from '../accounting/trace.ts';
import type { Cost, Pricing } from '../prices/types.ts';
import { type Amount, nothing } from './amount.ts';
import { type AnyCall, type AskedTokens, askedTokens } from './asked.ts';
import type { Holders } from './holders.ts';
import { notPriced } from './refuse.ts';

/** A call with what it may come to. */
export interface Priced {
  /** Undefined: it neither reads nor writes what is charged by the token. */
  tokens: AskedTokens | undefined;
  /** Dollars × 10⁻¹² at most, by the tokens that may be written; 0 where money is not limited. */
  cost(output: number): bigint;
}

/** Throws a 403 for what has no price where money is limited. `at`: epoch milliseconds. */
export function pricedCall(
  call: AnyCall,
  pricing: Pricing | undefined,
  holders: Pick<Holders, 'allowUnpriced'>,
  at: number,
): Priced {
  const tokens = askedTokens(call);
  const { units } = call;
  if (!pricing || (!tokens && !units)) return { tokens, cost: () => 0n };
  const model = calledModel(call, at);
  const bound = (output: number) =>
    sumOfCosts([
      ...(units ? [pricing.units(model, units)] : []),
      ...(tokens
        ? Array<Cost>(tokens.samplings).fill(pricing.bound(model, { ...tokens, output }, tokens.tier))
        : []),
    ]);
  const whole = bound(tokens?.output ?? 0);
  if (whole.pico !== null) return { tokens, cost: (output) => bound(output).pico ?? whole.pico };
  if (!holders.allowUnpriced) throw notPriced(call.target.asked, whole.reason);
  return { tokens, cost: () => 0n };
}

/** What a call may come to where so much may be written: money at the most, tokens as far as they can be seen. */
export function amountOf({ tokens, cost }: Priced, output: number): Amount {
  if (!tokens) return { tokens: 0, pico: cost(0) };
  return { tokens: tokens.visible + Math.min(output, ratedOutput), pico: cost(output) };
}

/** Output tokens that count towards a minute's before they are written: most answers are shorter. */
const ratedOutput = 4096;

/**
 * What a call has come to. Where nobody knows, it is what was reserved: nothing is given back on ignorance. `pricing`
 * undefined: money is not limited. `asked`: what it has read at least, where its client left before Bedrock has said it.
 */
export function actualAmount(
  entry: UpstreamCall,
  reserved: Amount,
  pricing: Pricing | undefined,
  asked?: Pick<AskedTokens, 'likely'>,
): Amount {
  const { estimated, ...exact } = entry;
  const { units } = entry;
  const tokens = readAtLeast(entry, asked?.likely ?? 0);
  if (!tokens && !units) return nothing;
  // What is billed by units has these, whatever became of it.
  if (tokens && (estimated === 'failed' || estimated === 'not_reported')) return reserved;
  const cost = pricing && callCost(units ? exact : { ...entry, ...(tokens && { tokens }) }, pricing);
  return { tokens: tokens ? sumOf(tokens) : 0, pico: cost?.pico ?? reserved.pico };
}

/** The entry's estimate has the words alone, so that a request full of pictures would be read for nothing. */
function readAtLeast({ tokens, estimated, isPartial }: UpstreamCall, input: number): UpstreamCall['tokens'] {
  const isGuess = tokens && estimated === 'left' && !isPartial;
  return isGuess ? { ...tokens, input: Math.max(tokens.input, input) } : tokens;
}

/** The first that is not known decides. */
function sumOfCosts(costs: readonly Cost[]): Cost {
  const unknown = costs.find(({ pico }) => pico === null);
  const pico = costs.reduce((sum, cost) => sum + (cost.pico ?? 0n), 0n);
  return unknown ?? { pico, priced: '' };
}

const sumOf = (tokens: typeof noTokens): number => Object.values(tokens).reduce((sum, each) => sum + each, 0);

const calledModel = ({ target: { id: modelId, underlying, region } }: Gated, at: number) => ({
  modelId,
  underlying,
  region,
  at,
});
