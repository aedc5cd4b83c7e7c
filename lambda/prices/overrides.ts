import { ConfigError } from '../config.ts';
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
 * Reads the setting `PRICES`. Throws a ConfigError with a line for every value that is wrong with it.
 *
 * By hand and not by valibot: what of that package only this needs would be loaded before the first answer, since the
 * bundler keeps a file in one piece.
 */
export function readOverrides(setting: Readonly<Record<string, unknown>>): Overrides {
  const problems: string[] = [];
  const entries = Object.entries(setting).map(([pattern, entry]) => {
    const say = (path: readonly string[], problem: string) =>
      problems.push(`PRICES: ${[pattern, ...path].map((name) => JSON.stringify(name)).join(' ')} ${problem}`);
    if (pattern.trim() === '') say([], 'must not be empty');
    if (pattern.slice(0, -1).includes('*')) say([], 'has a * before its end');
    return [pattern, readMembers(entry, override, [], say)];
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return Object.fromEntries(entries);
}

type Say = (path: readonly string[], problem: string) => void;
/** Reads one value, or says what is wrong with it. */
type Read = (value: unknown, path: readonly string[], say: Say) => unknown;

/** A number, or a text of one: `0.25`. `digits`: decimals that it may have. */
const amount =
  (what: string, digits: number, most: number): Read =>
  (value, path, say) => {
    const isText = typeof value === 'string' && /^\d{1,7}(?:\.\d{1,20})?$/.test(value);
    const number = isText ? Number(value) : value;
    if (typeof number !== 'number' || !(number >= 0 && number <= most))
      return say(path, `${shown(value)}must be ${what}`);
    const scaled = number * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) > 1e-4)
      return say(path, `${shown(value)}has more than ${digits} decimals`);
    return number;
  };

const usd = amount('an amount of USD up to 1000000: a number, or a text such as "0.25"', 6, 1_000_000);
const factor: Read = (value, path, say) =>
  value === 0 ? say(path, 'is 0: must be more') : amount('a factor up to 100', 4, 100)(value, path, say);
const tokenCount: Read = (value, path, say) =>
  Number.isSafeInteger(value) && Number(value) > 0
    ? value
    : say(path, `${shown(value)}must be a whole number of tokens`);

const prices = { input: usd, output: usd, cacheRead: usd, cacheWrite: usd, cacheWrite1h: usd };
const longContext = { inputTokensAbove: tokenCount, ...prices };
const override: Readonly<Record<string, Read>> = {
  ...prices,
  longContext(value, path, say) {
    if (value === null) return null;
    const read = readMembers(value, longContext, path, say);
    if (read && !('inputTokensAbove' in read)) say([...path, 'inputTokensAbove'], 'is missing');
    return read;
  },
  tiers(value, path, say) {
    const tiers = Object.keys(isObject(value) ? value : {});
    return readMembers(value, Object.fromEntries(tiers.map((tier) => [tier, factor])), path, say);
  },
  perImage: usd,
  perQuery: usd,
  factor,
};

function readMembers(
  value: unknown,
  members: Readonly<Record<string, Read>>,
  path: readonly string[],
  say: Say,
): Record<string, unknown> | undefined {
  const names = Object.keys(members).join(', ');
  if (!isObject(value)) {
    say(path, `${shown(value)}must be an object with ${names || 'factors by tier'}`);
    return undefined;
  }
  const read = Object.entries(value).map(([name, member]): [string, unknown] => {
    const of = Object.hasOwn(members, name) ? members[name] : undefined;
    if (!of) say([...path, name], `is unknown: the members are ${names}`);
    return [name, of?.(member, [...path, name], say)];
  });
  return Object.fromEntries(read);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown) =>
  typeof value === 'object' || value === undefined ? '' : `is ${JSON.stringify(value)}: `;

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
