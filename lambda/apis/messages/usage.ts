import type { Usage } from '../../canonical/types.ts';

/** Anthropic's usage object (https://docs.anthropic.com/en/api/messages). Tokens. */
export interface MessagesUsage {
  /** As in Converse, without what was read from or written to the cache. */
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  /** By how long it is kept; null where Bedrock does not say that of what was written. */
  cache_creation: CacheCreation | null;
  output_tokens: number;
  server_tool_use: null;
  service_tier: string | null;
  /** The counts are the gateway's estimate: Bedrock gave none. */
  estimated?: true;
}

export interface CacheCreation {
  ephemeral_5m_input_tokens: number;
  ephemeral_1h_input_tokens: number;
}

export function messagesUsage(usage: Usage, serviceTier: { type: string } | undefined): MessagesUsage {
  // Bedrock leaves counts out, or sends null, when a guardrail stopped the input or nothing was cached.
  const written = usage.cacheWriteInputTokens ?? 0;
  const input = usage.inputTokens ?? 0;
  const output = usage.outputTokens ?? 0;
  return {
    input_tokens: input,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: usage.cacheReadInputTokens ?? 0,
    cache_creation: cacheCreation(usage, written),
    output_tokens: output,
    server_tool_use: null,
    service_tier: serviceTier ? (tiers.get(serviceTier.type) ?? serviceTier.type) : null,
    // Where nothing was counted or estimated there is nothing to mark.
    ...(usage.estimated && input + output > 0 && { estimated: true as const }),
  };
}

function cacheCreation({ cacheDetails }: Usage, written: number): CacheCreation | null {
  if (!cacheDetails && written > 0) return null;
  const details = cacheDetails ?? [];
  const hour = details.reduce((sum, { ttl, inputTokens }) => (ttl === '1h' ? sum + inputTokens : sum), 0);
  const forAnHour = Math.min(written, hour);
  return { ephemeral_5m_input_tokens: written - forAnHour, ephemeral_1h_input_tokens: forAnHour };
}

/** Bedrock's tiers that have another name at Anthropic. */
const tiers: ReadonlyMap<string, string> = new Map([['default', 'standard']]);
