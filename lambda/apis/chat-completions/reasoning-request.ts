import type { Effort, ReasoningIntent } from '../../canonical/request.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { notAllowed } from '../shared/json.ts';
import type { ChatRequest } from './schema.ts';

/**
 * Every dialect in which clients ask for reasoning, as one intent. Where several say something, the first in
 * this order wins: `reasoning_effort`, `reasoning` (OpenRouter), `output_config` and `thinking` (Anthropic),
 * `enable_thinking` (Qwen, vLLM).
 */
export function readReasoning(body: ChatRequest): ReasoningIntent | undefined {
  const { reasoning, thinking } = body;
  const effort =
    body.reasoning_effort ??
    reasoning?.effort ??
    body.output_config?.effort ??
    (switchedOff(body) ? 'none' : undefined) ??
    (switchedOn(body) ? 'medium' : undefined);
  const budgetTokens = reasoning?.max_tokens ?? thinking?.budget_tokens ?? body.thinking_budget ?? undefined;
  const own = thinking ? claudeThinking(thinking) : undefined;
  const exclude = reasoning?.exclude ?? false;
  if (effort === undefined && budgetTokens === undefined && !own && !exclude) return undefined;
  return {
    ...(effort && { effort: effort as Effort }),
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(own && { thinking: own }),
    ...(exclude && { exclude }),
  };
}

function switchedOff(body: ChatRequest): boolean {
  return (
    body.reasoning?.enabled === false ||
    body.thinking?.type === 'disabled' ||
    body.enable_thinking === false ||
    body.chat_template_kwargs?.enable_thinking === false
  );
}

/** Asked for, without saying how much: only where no budget says it. */
function switchedOn(body: ChatRequest): boolean {
  if (body.reasoning?.max_tokens ?? body.thinking ?? body.thinking_budget) return false;
  return (
    body.reasoning?.enabled === true ||
    body.enable_thinking === true ||
    body.chat_template_kwargs?.enable_thinking === true
  );
}

const thinkingTypes = ['enabled', 'disabled', 'adaptive'];

/** Some clients leave `type` out and mean `enabled`; null is no budget, and Claude refuses it. */
function claudeThinking(thinking: NonNullable<ChatRequest['thinking']>): JsonObject {
  const type = thinking.type ?? (thinking.budget_tokens ? 'enabled' : undefined);
  if (!thinkingTypes.includes(type!)) throw notAllowed(type, 'thinking.type', thinkingTypes);
  const given = Object.entries({ ...thinking, type }).filter(([, value]) => value != null);
  return Object.fromEntries(given) as JsonObject;
}
