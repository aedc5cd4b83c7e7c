import { isToolResult } from '../canonical/blocks.ts';
import type { Capabilities } from '../models/capabilities.ts';
import type { Draft } from './types.ts';

/**
 * Instructs the model on the gateway's behalf: behind the client's own system prompt, so that a cached
 * one stays the same; for models without one, at the start of the first user turn.
 */
export function addInstruction(draft: Draft, { system }: Capabilities, text: string): void {
  if (system) {
    draft.request.system = [...(draft.request.system ?? []), { text }];
    return;
  }
  const { messages } = draft.request;
  const at = messages.findIndex(({ role, content }) => role === 'user' && !content.some(isToolResult));
  const message = messages[at];
  if (!message) return;
  draft.request.messages = messages.with(at, { role: 'user', content: [{ text }, ...message.content] });
}
