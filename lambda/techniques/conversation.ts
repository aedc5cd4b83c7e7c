import type { ContentBlock, ConverseAnswer, Message } from '../canonical/types.ts';
import type { Conversation } from './types.ts';

/** The text of an answer, without its reasoning. */
export function textOf({ output }: ConverseAnswer): string {
  return output.message.content
    .map((block) => {
      if ('text' in block) return block.text;
      return 'citationsContent' in block
        ? (block.citationsContent.content ?? []).map(({ text }) => text).join('')
        : '';
    })
    .join('');
}

/** The turns with a text behind all that the user has said; a turn of its own where the assistant spoke last. */
export function withUserText(messages: readonly Message[], text: string): Message[] {
  return withBlocks(messages, 'user', [{ text }]);
}

/**
 * The turns, a text of the assistant's behind them, and a user's turn about it. So what a model wrote needs no quotation
 * marks that it could close, and calls about several candidates have the same beginning.
 */
export function about(messages: readonly Message[], candidate: string, question: string): Message[] {
  return withUserText(withBlocks(messages, 'assistant', [{ text: candidate }]), question);
}

function withBlocks(messages: readonly Message[], role: Message['role'], blocks: ContentBlock[]): Message[] {
  const last = messages.at(-1);
  if (last?.role !== role) return [...messages, { role, content: blocks }];
  return [...messages.slice(0, -1), { role, content: [...last.content, ...blocks] }];
}

/** Where the last turn of the user is; -1: there is none. */
export const lastUserTurn = (messages: readonly Message[]): number =>
  messages.findLastIndex(({ role }) => role === 'user');

/** The user's own words in a turn: what tools have returned, and what is marked for a guardrail alone, is not among them. */
export function ownText({ content }: Message): string {
  return content
    .flatMap((block) => {
      if ('text' in block) return [block.text];
      return 'guardContent' in block && block.guardContent.text ? [block.guardContent.text.text] : [];
    })
    .join('\n');
}

/** What a solver behind another one is asked: the conversation as it was, the answer so far, and to do better. */
export function improving({ messages, system }: Conversation, answer: string): Conversation {
  return {
    system,
    messages: about(
      messages,
      answer,
      'Check this answer against what was asked above. If something in it is wrong or missing, give a better answer; ' +
        'if it is right, give it again. Reply with the answer itself and say nothing about the check.',
    ),
  };
}
