import { saidBefore } from '../../canonical/said-before.ts';
import { warn } from '../notes.ts';
import { nextRoles, systemAsUserText } from '../turns/conversation.ts';
import { type Block, blocksOf, type Claude, type NativeStep, type Turn, takesFlag } from './draft.ts';
import { flags } from './members.ts';

/**
 * Messages of role `system`. A model that takes them does so behind a user turn (or an assistant turn that ends in the
 * result of a server's tool), as the last message or before an assistant turn. Everywhere else their text becomes text
 * of the user turn before them, which is what Claude Code sends to models that it knows not to take them.
 */
export const fitSystemMessages: NativeStep = (draft, capabilities) => {
  if (!draft.messages.some(({ role }) => role === 'system')) return;
  const isOver = saidBefore(draft.messages);
  const messages = draft.messages.map((turn, i) => (isOver(i) ? { ...turn, content: [] } : turn));
  const orders = takesFlag(capabilities, ...flags.turnConfig);
  const next = nextRoles(messages);
  const placed: Turn[] = [];
  let asUser = false;
  for (const [i, turn] of messages.entries()) {
    if (turn.role !== 'system') placed.push(turn);
    else if (isLegal(placed.at(-1), next[i], capabilities)) {
      const sent = orders ? turn : withoutOrders(turn);
      if (sent.content.length > 0 || sent.output_config) placed.push(sent);
    } else {
      const content = blocksOf(turn.content).filter(isText);
      if (content.length === 0) continue;
      placed.push({ role: 'user', content });
      asUser = true;
    }
  }
  draft.messages = placed;
  if (asUser) warn(draft, systemAsUserText);
};

function isLegal(
  before: Turn | undefined,
  next: string | undefined,
  { midConversationSystem }: Claude,
): boolean {
  if (!midConversationSystem || !before || next === 'user') return false;
  if (before.role !== 'assistant') return true;
  const last = blocksOf(before.content).at(-1)?.type;
  return typeof last === 'string' && last.endsWith('_tool_result');
}

function withoutOrders({ output_config: _, ...turn }: Turn): Turn {
  return turn;
}

/** As it is: changes of the tools have no words, and go into the list of tools. */
const isText = ({ type }: Block): boolean => type === 'text';
