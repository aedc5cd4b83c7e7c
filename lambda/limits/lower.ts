import type { Priced } from './priced.ts';
import type { Refused } from './refuse.ts';

/** What is less than this is no answer. */
const leastOutput = 256;
/** Reserved of an answer where the budget is soft. */
const softMost = 4096;

/**
 * How many tokens may be written for what is left of a budget; undefined: too few, or the call does not say how many
 * may be. `taken`: pico-dollars that the request has already for it; `calls`: how many such calls there are to be.
 */
export function lowerTo(
  { tokens, cost }: Priced,
  { limit, left }: Refused,
  { taken, calls, output }: { taken: bigint; calls: number; output: number },
): number | undefined {
  const isMoney = limit === 'dollarsPerDay' || limit === 'dollarsPerMonth';
  if (!isMoney || !tokens?.isCapped) return undefined;
  const least = leastOutput + tokens.thinking;
  const each = (left + (taken > 0n ? taken : 0n)) / BigInt(calls);
  if (output <= least || cost(least) > each) return undefined;
  // The cost grows with the tokens: the most that it allows is found by halving.
  let [low, high] = [least, output];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (cost(middle) > each) high = middle;
    else low = middle;
  }
  return low;
}

/** In soft mode the answer may be as long as was asked for, and less is reserved; that is said. */
export function softOutput({ tokens }: Priced, output: number, warn: (text: string) => void): number {
  if (!tokens || output <= softMost) return output;
  warn(`the budget is soft: it was asked for ${softMost} of ${output} output tokens`);
  return softMost;
}
