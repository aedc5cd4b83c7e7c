import type { Limits } from '../../lambda/auth/limits-record.ts';
import { KeysError } from './keys-error.ts';

/** Options for what a key or a team may use at most, by their names on the command line. */
export const limitOptions = {
  'requests-per-minute': 'requestsPerMinute',
  'tokens-per-minute': 'tokensPerMinute',
  'dollars-per-day': 'dollarsPerDay',
  'dollars-per-month': 'dollarsPerMonth',
  concurrent: 'concurrent',
  mode: 'mode',
  unpriced: 'unpriced',
} as const satisfies Record<string, keyof Limits>;

export type LimitOption = keyof typeof limitOptions;
export type LimitValues = { [Name in LimitOption]?: string };
export const limitNames = Object.keys(limitOptions) as LimitOption[];

export const limitUsage = `    --requests-per-minute <n>    requests a minute
    --tokens-per-minute <n>      tokens a minute, input and output together
    --dollars-per-day <usd>      money a day (UTC), such as 25 or 0.5
    --dollars-per-month <usd>    money a calendar month
    --concurrent <n>             requests at a time
    --mode hard|soft             a budget that holds, or one that an answer under way may pass; hard
    --unpriced allow             models without a price may be called in spite of a budget`;

/** A value that takes a member away. */
export const none = 'none';

const words: ReadonlySet<string> = new Set<LimitOption>(['mode', 'unpriced']);

/**
 * The limits after the options have been applied to those before; undefined: none are left. The document checks the
 * values. Throws KeysError for what is no number.
 */
export function changedLimits(values: LimitValues, before: Limits = {}): Limits | undefined {
  const limits: Record<string, unknown> = { ...before };
  for (const option of limitNames) {
    const value = values[option];
    if (value === undefined) continue;
    if (value === none) delete limits[limitOptions[option]];
    else limits[limitOptions[option]] = words.has(option) ? value : numberIn(option, value);
  }
  // The document has the last word on what they are.
  return Object.keys(limits).length > 0 ? (limits as Limits) : undefined;
}

function numberIn(option: string, value: string): number {
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  throw new KeysError(`--${option} must be a number or ${none}, not ${value}.`);
}

/** The option that sets a member of a record: `limits.dollarsPerDay` → `--dollars-per-day`. */
export function optionFor(path: string | null): string {
  const [member = '', limit] = (path ?? '').split('.');
  const found = member === 'limits' && limitNames.find((name) => limitOptions[name] === limit);
  return `--${found || (billOptions[member] ?? path)}`;
}

const billOptions: Readonly<Record<string, string>> = {
  awsRoleArn: 'aws-role',
  projectIdentifier: 'project',
  profiles: 'profile',
};

/** In a word or two, for tables. */
export function shownLimits(limits: Limits | undefined): string {
  if (!limits) return '-';
  const { requestsPerMinute, tokensPerMinute, dollarsPerDay, dollarsPerMonth, concurrent, mode, unpriced } =
    limits;
  return [
    ...(requestsPerMinute === undefined ? [] : [`${requestsPerMinute} requests/min`]),
    ...(tokensPerMinute === undefined ? [] : [`${tokensPerMinute} tokens/min`]),
    ...(dollarsPerDay === undefined ? [] : [`$${dollarsPerDay}/day`]),
    ...(dollarsPerMonth === undefined ? [] : [`$${dollarsPerMonth}/month`]),
    ...(concurrent === undefined ? [] : [`${concurrent} at a time`]),
    ...(mode === 'soft' ? ['soft'] : []),
    ...(unpriced ? ['unpriced too'] : []),
  ].join(', ');
}
