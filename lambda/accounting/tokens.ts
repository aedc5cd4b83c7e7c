import type { Usage } from '../canonical/types.ts';

/**
 * Tokens of one call, by what they cost: the five numbers that every price is made of. Reasoning is part of
 * `output`; `input` leaves out what was read from or written to the cache.
 */
export interface TokenCounts {
  input: number;
  output: number;
  cacheRead: number;
  /** Written to the cache for five minutes, the default lifetime. */
  cacheWrite: number;
  /** Written to the cache for an hour, which costs more. */
  cacheWriteLong: number;
}

export const noTokens: Readonly<TokenCounts> = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteLong: 0,
};

/**
 * Bedrock's usage by kind. `cacheDetails` has the lifetimes of what was written
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CacheDetail.html).
 */
export function tokenCounts(usage: Partial<Usage>): TokenCounts {
  const long = (usage.cacheDetails ?? [])
    .filter(({ ttl }) => ttl === '1h')
    .reduce((total, { inputTokens }) => total + counted(inputTokens), 0);
  const written = counted(usage.cacheWriteInputTokens);
  return {
    input: counted(usage.inputTokens),
    output: counted(usage.outputTokens),
    cacheRead: counted(usage.cacheReadInputTokens),
    cacheWrite: Math.max(0, written - long),
    cacheWriteLong: long,
  };
}

/** What is no count would leave the request without its record. */
const counted = (value: unknown): number =>
  Number.isFinite(value) ? Math.max(0, Math.round(value as number)) : 0;

export function addTokens(one: TokenCounts, other: TokenCounts): TokenCounts {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    cacheWriteLong: one.cacheWriteLong + other.cacheWriteLong,
  };
}
