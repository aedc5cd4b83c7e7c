import { isClientCall, isClientToolUse } from '../../canonical/blocks.ts';
import type { ConverseEvent, Tool } from '../../canonical/types.ts';
import type { Restore } from '../types.ts';

/** What the model is told when earlier calls must stay in the conversation but none may follow. */
export const noMoreCalls =
  'The tools called earlier in this conversation are not available now. Answer without calling them.';

/**
 * Bedrock: "The toolConfig field must be defined when using toolUse and toolResult content blocks." For a
 * client that no longer sends its tools, they are declared by the names that the history calls.
 */
export function declareTools(names: Iterable<string>): Tool[] {
  const tools: Tool[] = [];
  for (const name of names) {
    const inputSchema = { json: { type: 'object', properties: {} } };
    tools.push({ toolSpec: { name, description: 'No longer available.', inputSchema } });
  }
  return tools;
}

/** Takes calls out of the answer that the client has ruled out and could not answer. */
export const withoutCalls: Restore = {
  answer: (answer) => ({
    ...answer,
    stopReason: endedBy(answer.stopReason),
    output: {
      message: {
        role: 'assistant',
        content: answer.output.message.content.filter((block) => !isClientToolUse(block)),
      },
    },
  }),
  events: () => {
    const dropped = new Set<number>();
    return (batch) => batch.flatMap((event) => withoutCall(event, dropped));
  },
};

function withoutCall(event: ConverseEvent, dropped: Set<number>): ConverseEvent[] {
  if ('messageStop' in event) {
    return [{ messageStop: { ...event.messageStop, stopReason: endedBy(event.messageStop.stopReason) } }];
  }
  if ('contentBlockStart' in event) {
    const { contentBlockIndex, start } = event.contentBlockStart;
    if (start.toolUse && isClientCall(start.toolUse)) dropped.add(contentBlockIndex);
  }
  return dropped.has(indexOf(event)) ? [] : [event];
}

function indexOf(event: ConverseEvent): number {
  if ('contentBlockStart' in event) return event.contentBlockStart.contentBlockIndex;
  if ('contentBlockDelta' in event) return event.contentBlockDelta.contentBlockIndex;
  if ('contentBlockStop' in event) return event.contentBlockStop.contentBlockIndex;
  return -1;
}

const endedBy = (stopReason: string): string => (stopReason === 'tool_use' ? 'end_turn' : stopReason);
