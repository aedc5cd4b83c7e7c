import type { StopReason } from './types.ts';

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

const byStopReason: Record<string, FinishReason> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
  // Claude's own word for an answer that it withholds.
  refusal: 'content_filter',
};

/**
 * Bedrock's stop reason as OpenAI's finish reason. Where the model simply stopped, what was seen decides:
 * some models say `end_turn` although they called a tool, and a client that is told `tool_calls` without a
 * call waits for ever. Reasons that nobody knows yet count as a plain stop; OpenAI has no word for them.
 * `malformed_*` never comes here: the engine fails such an answer.
 */
export function finishReason(stopReason: StopReason, sawToolUse: boolean): FinishReason {
  return (
    (Object.hasOwn(byStopReason, stopReason) ? byStopReason[stopReason] : undefined) ??
    (sawToolUse ? 'tool_calls' : 'stop')
  );
}
