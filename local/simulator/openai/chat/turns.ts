import { invalid } from '../../errors.ts';
import type { ChatMessage } from './body.ts';

/**
 * Calls are answered at once, all of them, and nothing else is. Ids may come again in later turns: they begin anew in
 * every answer. Throws BedrockError in OpenAI's words.
 */
export function checkTurns(messages: readonly ChatMessage[]): void {
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? ''))
        throw invalid(
          `Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'. (messages[${index}])`,
        );
      continue;
    }
    if (open.size > 0) throw unanswered(open);
    open = new Set((message.tool_calls ?? []).map(({ id }) => id));
  }
  if (open.size > 0) throw unanswered(open);
}

const unanswered = (ids: ReadonlySet<string>) =>
  invalid(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`,
  );
