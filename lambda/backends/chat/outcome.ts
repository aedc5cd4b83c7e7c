import { textsOf } from '../../canonical/body-text.ts';
import { estimateTokens } from '../../canonical/estimate.ts';
import { first, isObject, text } from '../../canonical/json.ts';
import type { JsonObject, StopReason, Usage } from '../../canonical/types.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The counts of a completion. OpenAI counts what was read from a cache, and what was written to one, as part of the
 * prompt; Converse counts both beside it. Undefined where nothing was counted.
 */
export function usageOf({ usage }: Fields): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const details = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const prompt = tokens(usage.prompt_tokens);
  const read = Math.min(prompt, tokens(details.cached_tokens));
  const written = Math.min(prompt - read, tokens(details.cache_write_tokens));
  const output = tokens(usage.completion_tokens);
  return {
    inputTokens: prompt - read - written,
    outputTokens: output,
    totalTokens: prompt + output,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
  };
}

/** Where a completion has none, by the texts of what was asked and answered. */
export function estimatedUsage(asked: JsonObject, { choices }: Fields): Usage {
  const inputTokens = estimateTokens(textsOf(asked));
  const outputTokens = estimateTokens(textsOf(choices));
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
}

const tokens = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);

const stopReasons: ReadonlyMap<unknown, StopReason> = new Map<unknown, StopReason>([
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['content_filter', 'content_filtered'],
]);

/** Why a completion ended, in Converse's words. */
export const stopReasonOf = ({ choices }: Fields): StopReason =>
  stopReasons.get(first(choices).finish_reason) ?? 'end_turn';

export function tierOf({ service_tier }: Fields) {
  const tier = text(service_tier);
  return tier !== undefined && tier !== 'auto' ? { serviceTier: { type: tier } } : {};
}
