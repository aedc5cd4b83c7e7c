import { textsOf } from '../../canonical/body-text.ts';
import { estimateTokens } from '../../canonical/estimate.ts';
import { isObject } from '../../canonical/json.ts';
import type { JsonObject, StopReason, Usage } from '../../canonical/types.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The counts of a response. OpenAI counts what was read from a cache, and what was written to one, as input; Converse
 * counts both beside it. Undefined where nothing was counted.
 */
export function usageOf({ usage }: Fields): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const details = isObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const input = tokens(usage.input_tokens);
  const read = Math.min(input, tokens(details.cached_tokens));
  const written = Math.min(input - read, tokens(details.cache_write_tokens));
  const output = tokens(usage.output_tokens);
  return {
    inputTokens: input - read - written,
    outputTokens: output,
    totalTokens: input + output,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
  };
}

/** Where a response has none, by the texts of what was asked and answered. */
export function estimatedUsage(asked: JsonObject, { output }: Fields): Usage {
  const inputTokens = estimateTokens(textsOf(asked));
  const outputTokens = estimateTokens(textsOf(output));
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
}

const tokens = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);

/** Why a response ended, in Converse's words. */
export function stopReasonOf({ incomplete_details: details, output }: Fields): StopReason {
  const reason = isObject(details) ? details.reason : undefined;
  if (reason === 'max_output_tokens') return 'max_tokens';
  if (reason === 'content_filter') return 'content_filtered';
  const calls = Array.isArray(output) && output.some((item) => isObject(item) && callTypes.has(item.type));
  return calls ? 'tool_use' : 'end_turn';
}

const callTypes: ReadonlySet<unknown> = new Set([
  'function_call',
  'custom_tool_call',
  'tool_search_call',
  'apply_patch_call',
  'computer_call',
]);

export const tierOf = ({ service_tier: tier }: Fields) =>
  typeof tier === 'string' && tier !== 'auto' ? { serviceTier: { type: tier } } : {};
