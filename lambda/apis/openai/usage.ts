import type { Usage } from '../../canonical/types.ts';

/** OpenAI's usage object. Tokens. */
export interface OpenAiUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
  /** The counts are the gateway's estimate: Bedrock gave none. */
  estimated?: true;
}

/**
 * Bedrock counts cached tokens beside `inputTokens`, OpenAI counts them in `prompt_tokens`
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html).
 */
export function openAiUsage(usage: Usage, reasoningTokens: number): OpenAiUsage {
  // Bedrock leaves counts out, or sends null, when a guardrail stopped the input or nothing was cached.
  const read = usage.cacheReadInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const prompt = (usage.inputTokens ?? 0) + read + written;
  const completion = usage.outputTokens ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
    // Where nothing was counted or estimated there is nothing to mark.
    ...(usage.estimated && prompt + completion > 0 && { estimated: true as const }),
  };
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Token counts of several answers; every call is billed, so prompts count as often as they were sent. */
export function addUp(usages: readonly Usage[]): Usage {
  const total = (count: (usage: Usage) => number | null | undefined) =>
    sum(usages.map((usage) => count(usage) ?? 0));
  return {
    inputTokens: total((usage) => usage.inputTokens),
    outputTokens: total((usage) => usage.outputTokens),
    totalTokens: total((usage) => usage.totalTokens),
    cacheReadInputTokens: total((usage) => usage.cacheReadInputTokens),
    cacheWriteInputTokens: total((usage) => usage.cacheWriteInputTokens),
    ...(usages.some(({ estimated }) => estimated) && { estimated: true }),
  };
}
