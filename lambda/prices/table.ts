import json from './table.json' with { type: 'json' };

/** USD for a million tokens: input, output, cache read, cache write (default lifetime), cache write (one hour). */
export type TokenPrices = readonly (number | null)[];

/** The price of a model in one scope, from a day on. What is absent or null is not known, which is not free. */
export interface PriceRow {
  /** The day from which it holds, `2026-11-20`; absent: that of the first snapshot, or earlier. */
  readonly from?: string;
  /** The geographic profiles that it is for (`us`, `eu`); of scope `geo` only. */
  readonly profiles?: readonly string[];
  readonly tokens?: TokenPrices;
  /** Instead of `tokens`, for the whole request, when its input (fresh, read and written) is above so many tokens. */
  readonly long?: { readonly above: number; readonly tokens: TokenPrices };
  /** By service tier: a factor on every price of a token, or prices. */
  readonly tiers?: Readonly<Record<string, number | TokenPrices>>;
  /** USD for one: `perImage`, `perQuery`, `inputPerImage`, `inputPerVideoSecond` … */
  readonly each?: Readonly<Record<string, number>>;
}

export interface PricedModel {
  /**
   * By scope: `region` (a bare id), `global`, a geographic profile (`eu`), `geo` (those that the row lists), `us-gov`,
   * `mantle`. The newest row is the first.
   */
  readonly prices: Readonly<Record<string, readonly PriceRow[]>>;
  /** For a bare id in these regions. */
  readonly regions?: Readonly<Record<string, readonly PriceRow[]>>;
  /** The day on which Bedrock ends the model. */
  readonly endOfLife?: string;
}

export interface PriceTable {
  /** The day of the first snapshot. */
  readonly since: string;
  /** The day of the newest. */
  readonly asOf: string;
  /** By base model id, in lower case. */
  readonly models: Readonly<Record<string, PricedModel>>;
}

/**
 * Prices of Amazon Bedrock on demand. Written by `npm run prices` from a snapshot in which every row names its sources
 * (`local/prices/snapshot.json`, docs/prices.md); not to be edited.
 */
export const priceTable: PriceTable = json;
