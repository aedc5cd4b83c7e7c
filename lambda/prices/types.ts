import type { TokenCounts } from '../accounting/tokens.ts';

/** What the money is asked for: the model as it was called, not as the client named it. */
export interface CalledModel {
  /** What Bedrock was called with: a model id, an inference profile or an ARN. */
  readonly modelId: string;
  /** The foundation model behind it, where that is known. */
  readonly underlying?: string | undefined;
  readonly region: string;
  /** Epoch milliseconds: prices hold from a day on. */
  readonly at: number;
}

/**
 * Money, exact: an integer of pico-dollars (USD × 10⁻¹²), in which every price per token is a whole number.
 * `null`: not known, which is never the same as free.
 */
export type Cost = Known | Unknown;

interface Known {
  readonly pico: bigint;
  /** The day of the row, `2026-11-20`; `override` where the settings have it. */
  readonly priced: string;
}

interface Unknown {
  readonly pico: null;
  readonly reason: UnknownReason;
  /** The kind of unit that has no price, where only that one has none. */
  readonly missing?: string;
}

export type UnknownReason =
  /** No row for the model. */
  | 'not_priced'
  /** Billed by the time that it runs: imported and custom models, Marketplace endpoints. */
  | 'not_priced_per_token'
  /** The row has no price for one of the kinds of units used. */
  | 'unit_not_priced'
  /** A service tier whose price is not published. */
  | 'tier_not_priced'
  /** Bedrock has not said what was used. */
  | 'not_metered';

/** What a request can come to at most. */
export interface Bound {
  /** Tokens of the whole input, cached or not. */
  readonly input: number;
  /** Tokens that the model may write. */
  readonly output: number;
  /** The longest lifetime of cache writes that the request asks for; absent: none. */
  readonly cacheWrite?: '5m' | '1h' | undefined;
}

/** What some models are billed by instead of tokens: `perQuery` of rerankers, `perImage` of those that draw. */
export interface Units {
  readonly unit: string;
  readonly count: number;
}

export interface Pricing {
  /** `tier`: the one that has served, as the answer says; undefined: the standard one. */
  cost(model: CalledModel, tokens: TokenCounts, tier?: string): Cost;
  /** What so many images, queries, seconds … cost. */
  units(model: CalledModel, units: Units): Cost;
  /** Never below `cost` of anything within the bound, at the tier asked for. */
  bound(model: CalledModel, bound: Bound, tier?: string): Cost;
}
