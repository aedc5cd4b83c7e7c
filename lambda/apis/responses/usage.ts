import type { Usage } from '../../canonical/types.ts';

/** The usage object of Responses. Tokens. */
export interface ResponsesUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
  /** The counts are the gateway's estimate: Bedrock gave none. */
  estimated?: true;
}

/**
 * Bedrock counts cached tokens beside `inputTokens`, OpenAI in `input_tokens`
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html). Codex compacts by the total.
 */
export function responsesUsage(usage: Usage, reasoningTokens: number): ResponsesUsage {
  // Bedrock leaves counts out, or sends null, when a guardrail stopped the input or nothing was cached.
  const cached = usage.cacheReadInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const input = (usage.inputTokens ?? 0) + cached + written;
  const output = usage.outputTokens ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: input + output,
    ...(usage.estimated && input + output > 0 && { estimated: true as const }),
  };
}
