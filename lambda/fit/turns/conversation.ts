import { badRequest, type GatewayError } from '../../errors.ts';
import { field, note } from '../../fields.ts';

/** What is the same for a conversation in the canonical shape and in a client's own. */

/** A 400 for a conversation in which nothing is said. */
export const emptyConversation = (): GatewayError =>
  badRequest(
    note`The conversation is empty: \`${field('messages')}\` holds no text, image, file or tool call. Add at least one user message.`,
    field('messages'),
  );

/** A warning. */
export const systemAsUserText = note`a system message after the first turn sent as user text`;

/** For each turn, the role of the next one that is no system message; undefined behind the last. */
export function nextRoles<Role extends string>(turns: readonly { role: Role }[]): (Role | undefined)[] {
  const next: (Role | undefined)[] = new Array(turns.length);
  let role: Role | undefined;
  for (let i = turns.length - 1; i >= 0; i -= 1) {
    next[i] = role;
    if (turns[i]!.role !== 'system') role = turns[i]!.role;
  }
  return next;
}
