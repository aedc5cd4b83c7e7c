import { baseModelId, parseArn } from '../models/names/model-id.ts';
import type { PriceRow, TokenPrices } from './table.ts';

interface Prices {
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  cacheWrite1h?: number;
}

/** What the settings say of the price of models: USD for a million tokens, or for one image or query. */
export interface Override extends Prices {
  /** Null takes away the row for long inputs. */
  longContext?: (Prices & { inputTokensAbove: number }) | null;
  /** Factors by service tier. */
  tiers?: Readonly<Record<string, number>>;
  perImage?: number;
  perQuery?: number;
  /** On every price of the table. */
  factor?: number;
}
export type Overrides = Readonly<Record<string, Override>>;

/**
 * The entry for a model: by what it is called with, the last part of its ARN, or the model behind it. A whole name
 * comes before patterns, a longer pattern before a shorter one.
 */
export function overrideFor(
  overrides: Overrides,
  modelId: string,
  underlying?: string,
): Override | undefined {
  const arn = parseArn(modelId);
  const names = [modelId, ...(arn ? [arn.id, `${arn.resource}/${arn.id}`] : []), baseModelId(modelId)];
  if (underlying !== undefined) names.push(underlying);
  for (const name of names) if (Object.hasOwn(overrides, name)) return overrides[name];
  const patterns = Object.keys(overrides).filter((key) => key.endsWith('*'));
  const fitting = patterns.filter((key) => names.some((name) => name.startsWith(key.slice(0, -1))));
  const [longest] = fitting.sort((one, other) => other.length - one.length);
  return longest === undefined ? undefined : overrides[longest];
}

/** A row with what the settings say of it. `row` undefined: nothing else is known. */
export function overridden(row: PriceRow = {}, override: Override): PriceRow {
  const { longContext, tiers, factor: times = 1 } = override;
  const changed = (prices: TokenPrices = []) => prices.map((price) => price && round(price * times));
  const own = [
    override.input,
    override.output,
    override.cacheRead,
    override.cacheWrite,
    override.cacheWrite1h,
  ];
  const base = changed(row.tokens);
  // A number is a share of the standard price, which the factor has changed.
  const listed = Object.entries(row.tiers ?? {}).map(([tier, price]) => [
    tier,
    typeof price === 'number' ? price : changed(price),
  ]);
  const each = Object.fromEntries(
    Object.entries(row.each ?? {}).map(([unit, price]) => [unit, round(price * times)]),
  );
  const { perImage, perQuery } = override;
  const { long, tokens: _, ...rest } = row;
  return {
    ...rest,
    tokens: own.map((price, at) => price ?? base[at] ?? null),
    ...(longContext === undefined && long && { long: { ...long, tokens: changed(long.tokens) } }),
    ...(longContext && { long: { above: longContext.inputTokensAbove, tokens: inOrder(longContext) } }),
    ...((tiers || row.tiers) && { tiers: { ...Object.fromEntries(listed), ...tiers } }),
    each: {
      ...each,
      ...(perImage !== undefined && { perImage }),
      ...(perQuery !== undefined && { perQuery }),
    },
  };
}

const inOrder = (of: Override | NonNullable<Override['longContext']>): TokenPrices =>
  [of.input, of.output, of.cacheRead, of.cacheWrite, of.cacheWrite1h].map((price) => price ?? null);

/** To whole pico-dollars a token, upwards: a sum must not come out below the bill. */
const round = (usdPerMillion: number) => Math.ceil(Number((usdPerMillion * 1e6).toFixed(3))) / 1e6;
