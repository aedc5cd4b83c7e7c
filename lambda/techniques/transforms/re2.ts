import { lastUserTurn, ownText } from '../conversation.ts';
import type { Technique } from '../load.ts';

/**
 * Re-reading (https://arxiv.org/abs/2309.06275): the question stands twice in its turn. Images and earlier turns are
 * not repeated, and what a tool has returned is no question.
 */
export const technique: Technique = {
  kind: 'transform',
  async run({ messages, system }) {
    const at = lastUserTurn(messages);
    const turn = messages[at];
    const question = turn ? ownText(turn) : '';
    if (!turn || question.trim() === '') return { messages, system };
    const again = { text: `Read the question again: ${question}` };
    return { system, messages: messages.with(at, { ...turn, content: [...turn.content, again] }) };
  },
};
