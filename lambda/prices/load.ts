import type { TokenCounts } from '../accounting/tokens.ts';
import type { Config } from '../config.ts';
import { baseModelId } from '../models/names/model-id.ts';
import { boundOf, costOf, dearest } from './cost.ts';
import { type Found, type FoundRow, findReachable, findRows } from './find-row.ts';
import { type ListedPrice, listedPrice } from './listed.ts';
import { overridden, overrideFor } from './overrides.ts';
import { readOverrides } from './read-overrides.ts';
import { type PriceRow, type PriceTable, priceTable } from './table.ts';
import type { Bound, CalledModel, Cost, Pricing } from './types.ts';
import { unitCost } from './units.ts';

/** Everything that is asked of the prices. */
export interface PriceBook extends Pricing {
  /** The scope of a call is not known, and it matters: the dearest of several prices was taken. */
  isAssumed(model: CalledModel): boolean;
  /** The price of a model, for people and for lists; undefined where there is none. */
  listed(model: CalledModel): ListedPrice | undefined;
  /** The day on which Bedrock ends a model, as far as the table knows. */
  endOfLife(model: Pick<CalledModel, 'modelId' | 'underlying'>): string | undefined;
}

/**
 * The prices of the project's table with those of the settings. To be loaded by `import()`, and not before a price is
 * asked for: the first answer needs none. Throws a ConfigError for a setting `PRICES` that cannot be used.
 */
export function createPricing({ prices }: Pick<Config, 'prices'>, table: PriceTable = priceTable): PriceBook {
  const overrides = readOverrides(prices);
  const withSettings = (called: CalledModel, found: Found): Found => {
    const override = overrideFor(overrides, called.modelId, called.underlying);
    if (!override) return found;
    const rows = 'rows' in found ? found.rows : undefined;
    const [first, ...others] = (rows ?? [undefined]).map(
      (each): FoundRow => ({
        row: overridden(each?.row, override),
        scope: each?.scope ?? 'override',
        from: 'override',
      }),
    );
    return first ? { rows: [first, ...others] } : found;
  };
  const asked = (called: CalledModel) => withSettings(called, findRows(table, called));
  const each = (found: Found, cost: (row: FoundRow) => Cost): Cost => {
    if ('reason' in found) return { pico: null, reason: found.reason };
    const [first, ...others] = found.rows;
    return dearest([cost(first), ...others.map(cost)]);
  };
  return {
    cost: (called, tokens: TokenCounts, tier) => each(asked(called), (row) => costOf(row, tokens, tier)),
    bound: (called, bound: Bound, tier) =>
      each(withSettings(called, findReachable(table, called)), (row) => boundOf(row, bound, tier)),
    units: (called, { unit, count }) => each(asked(called), (row) => unitCost(row, unit, count)),
    isAssumed(called) {
      const found = asked(called);
      return 'rows' in found && found.rows.some(({ row }) => !isSamePrice(row, found.rows[0].row));
    },
    listed(called) {
      const found = asked(called);
      return 'rows' in found ? listedPrice(found.rows[0]) : undefined;
    },
    endOfLife({ modelId, underlying = modelId }) {
      const id = baseModelId(underlying);
      return Object.hasOwn(table.models, id) ? table.models[id]?.endOfLife : undefined;
    },
  };
}

/** The profiles that a row is for are no part of its price. */
const isSamePrice = ({ profiles: _, ...one }: PriceRow, { profiles: __, ...other }: PriceRow) =>
  JSON.stringify(one) === JSON.stringify(other);
