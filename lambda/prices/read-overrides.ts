import { ConfigError } from '../config.ts';
import type { Overrides } from './overrides.ts';

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
      problems.push(`PRICES ${[pattern, ...path].map((name) => JSON.stringify(name)).join(' ')} ${problem}`);
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
const factor: Read = (value, path, say) => {
  const read = amount('a factor up to 100', 4, 100)(value, path, say);
  return read === 0 ? say(path, 'is 0: must be more') : read;
};
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
