import { isFiltered } from '../../canonical/stop-reason.ts';
import type { StopReason } from '../../canonical/types.ts';

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

const cutOff: ReadonlySet<StopReason> = new Set(['max_tokens', 'model_context_window_exceeded']);

/**
 * Bedrock's stop reason as OpenAI's finish reason. Where the model simply stopped, what was seen decides:
 * some models say `end_turn` although they called a tool, and a client that gets `tool_calls` without a
 * call waits for ever. Reasons that nobody knows yet count as a plain stop; OpenAI has no word for them.
 * `malformed_*` never comes here: the engine fails such an answer.
 */
export function finishReason(stopReason: StopReason, sawToolUse: boolean): FinishReason {
  if (isFiltered(stopReason)) return 'content_filter';
  if (cutOff.has(stopReason)) return 'length';
  return sawToolUse ? 'tool_calls' : 'stop';
}
