import type { ConverseRequest, JsonObject } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
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

/** Any model has been asked to reason, in whatever way its family has. */
function reasons(request: ConverseRequest): boolean {
  const effort =
    extraObject(request, 'reasoning')?.effort ?? request.additionalModelRequestFields?.reasoning_effort;
  return thinks(request) || (effort !== undefined && effort !== 'none');
}

/** "Thinking may not be enabled when tool_choice forces tool use.": so it is for this model and this request. */
export function cannotBeForced(
  request: ConverseRequest,
  { thinkingRefusesForcedTool: refuses }: Pick<Capabilities, 'thinkingRefusesForcedTool'>,
): boolean {
  if (refuses === 'budget') return thinkingOf(request)?.type === 'enabled';
  return refuses === true && reasons(request);
}

/** Tokens of `budget_tokens` while thinking is on; undefined without one. */
export function thinkingBudget(request: ConverseRequest): number | undefined {
  const budget = thinks(request) ? thinkingOf(request)?.budget_tokens : undefined;
  return typeof budget === 'number' ? budget : undefined;
}

/**
 * The request has Nova's own `reasoningConfig` at its highest effort, whatever the model: temperature, topP, topK and
 * maxTokens must be unset beside it (Nova 2 user guide).
 */
export function novaThinksHard(request: ConverseRequest): boolean {
  const config = extraObject(request, 'reasoningConfig');
  return config?.type === 'enabled' && config.maxReasoningEffort === 'high';
}
