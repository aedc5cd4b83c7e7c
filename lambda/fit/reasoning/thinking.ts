import type { ConverseRequest, JsonObject } from '../../canonical/types.ts';
import { extraObject } from '../extra-fields.ts';

/** Claude's `thinking` object; `reasoning_config` is Bedrock's older name for it, still accepted (recorded). */
export function thinkingOf(request: ConverseRequest): JsonObject | undefined {
  return extraObject(request, 'thinking') ?? extraObject(request, 'reasoning_config');
}

/** Claude thinks on this request, as far as the request says so itself. */
export function thinks(request: ConverseRequest): boolean {
  const type = thinkingOf(request)?.type;
  return type === 'enabled' || type === 'adaptive';
}

/** Tokens of `budget_tokens` while thinking is on; undefined without one. */
export function thinkingBudget(request: ConverseRequest): number | undefined {
  const budget = thinks(request) ? thinkingOf(request)?.budget_tokens : undefined;
  return typeof budget === 'number' ? budget : undefined;
}

/** Nova 2 wants temperature, topP, topK and maxTokens unset at this effort (Nova 2 user guide). */
export function novaThinksHard(request: ConverseRequest): boolean {
  const config = extraObject(request, 'reasoningConfig');
  return config?.type === 'enabled' && config.maxReasoningEffort === 'high';
}
