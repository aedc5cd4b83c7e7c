import * as v from 'valibot';
import { ConfigError } from '../config.ts';
import { baseModelId, parseArn } from '../models/names/model-id.ts';
import type { PriceRow, TokenPrices } from './table.ts';

const usd = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)?$/), v.transform(Number))], notUsd('is no')),
  v.check((value) => Number.isFinite(value) && value >= 0 && value <= 1e6, notUsd('is no')),
  v.check((value) => Math.abs(value * 1e6 - Math.round(value * 1e6)) < 1e-4, 'has more than six decimals'),
);
const factor = v.pipe(
  v.number('must be a number'),
  v.gtValue(0, 'must be more than 0'),
  v.maxValue(100, 'must be at most 100'),
  v.check((value) => Math.abs(value * 1e4 - Math.round(value * 1e4)) < 1e-6, 'has more than four decimals'),
);
const tokens = {
  input: v.optional(usd),
  output: v.optional(usd),
  cacheRead: v.optional(usd),
  cacheWrite: v.optional(usd),
  cacheWrite1h: v.optional(usd),
};
const members = `${Object.keys(tokens).join(', ')}, longContext, tiers, perImage, perQuery, factor`;
const strict = <T extends v.ObjectEntries>(entries: T, allowed: string) =>
  v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `is unknown: the members are ${allowed}`
      : issue.received === 'undefined'
        ? 'is missing'
        : `must be an object with ${allowed}`,
  );

const partial = strict(
  {
    ...tokens,
    longContext: v.optional(
      v.nullable(
        strict(
          { inputTokensAbove: v.pipe(v.number('must be a number'), v.integer(), v.minValue(1)), ...tokens },
          `inputTokensAbove, ${Object.keys(tokens).join(', ')}`,
        ),
      ),
    ),
    tiers: v.optional(v.record(v.string(), factor, 'must be an object from tiers to factors')),
    perImage: v.optional(usd),
    perQuery: v.optional(usd),
    factor: v.optional(factor),
  },
  members,
);
const overrides = v.record(
  v.pipe(
    v.string(),
    v.minLength(1, 'must not be empty'),
    v.check((key) => !key.slice(0, -1).includes('*'), 'has a * before its end'),
  ),
  partial,
  'must be an object from models to prices',
);

export type Override = v.InferOutput<typeof partial>;
export type Overrides = Readonly<Record<string, Override>>;

function notUsd(is: string) {
  return `${is} amount of USD: a number, or a text such as "0.25"`;
}

/** Reads the setting `PRICES`. Throws a ConfigError that names every value that is wrong with it. */
export function readOverrides(setting: unknown): Overrides {
  const result = v.safeParse(overrides, setting);
  if (result.success) return result.output;
  const lines = result.issues.map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => JSON.stringify(key)).join(' ');
    const given = issue.path?.at(-1)?.value;
    const isShown = given !== undefined && typeof given !== 'object' && issue.expected !== 'never';
    const value = isShown ? ` is ${JSON.stringify(given)}:` : '';
    return `PRICES: ${path}${value} ${issue.message}`;
  });
  throw new ConfigError(lines.join('\n'));
}

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
    ...((tiers || row.tiers) && { tiers: { ...row.tiers, ...tiers } }),
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
