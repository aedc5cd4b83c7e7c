import { members } from './json.ts';

/**
 * Of which messages in Anthropic's form the text has had its turn: one of role `system` with `clear_at:
 * "next_user_message"` is shown until a user's message follows it, and stays in the list unseen (Anthropic, "Turn-scoped
 * system messages"). Bedrock does not know the member.
 */
export function saidBefore(messages: readonly unknown[]): (index: number) => boolean {
  const last = messages.findLastIndex((message) => members(message).role === 'user');
  return (index) => {
    const { role, clear_at } = members(messages[index]);
    return index < last && role === 'system' && clear_at === 'next_user_message';
  };
}
