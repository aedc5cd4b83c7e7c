import type { ListedPrice, ListedTokens } from '../../prices/listed.ts';

/**
 * A price in the form in which OpenRouter lists them, which LibreChat and others read
 * (https://openrouter.ai/docs/api-reference/list-available-models): US dollars for one token, as text. What is not known
 * is null or left out; null as a whole: nothing is known of the model.
 */
export function modelPricing(price: ListedPrice | undefined) {
  if (!price) return null;
  const { scope, from, long, tiers, each } = price;
  return {
    ...tokenPricing(price),
    ...(each.perImage !== undefined && { per_image: each.perImage }),
    ...(each.perQuery !== undefined && { per_query: each.perQuery }),
    ...(long && { long_context: { input_tokens_above: long.above, ...tokenPricing(long) } }),
    ...(tiers.length > 0 && { tiers }),
    currency: 'USD' as const,
    scope,
    since: from,
  };
}

const tokenPricing = ({ input, output, cacheRead, cacheWrite, cacheWrite1h }: ListedTokens) => ({
  prompt: input,
  completion: output,
  ...(cacheRead !== null && { input_cache_read: cacheRead }),
  ...(cacheWrite !== null && { input_cache_write: cacheWrite }),
  ...(cacheWrite1h !== null && { input_cache_write_1h: cacheWrite1h }),
});
