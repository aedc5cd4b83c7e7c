import { type ContentBlock, type Message, placedBlocks } from '../converse/request.ts';
import { anthropic, everyone, isSpace, type Rule } from './rule.ts';

const turns = (messages: readonly Message[] | undefined) =>
  (messages ?? []).filter(({ role }) => role !== 'system');

const endsInSpace = (text = ''): boolean => text !== '' && isSpace(text.at(-1)!);

/** Who a block may come from. A server's tools answer in the assistant's turn. */
const sides: readonly [kind: keyof ContentBlock, role: 'user' | 'assistant'][] = [
  ['toolUse', 'assistant'],
  ['reasoningContent', 'assistant'],
  ['citationsContent', 'assistant'],
  ['toolResult', 'user'],
  ['searchResult', 'user'],
];

/** A user's turn, or one of the assistant's that ends in what a tool of the server's has found (Anthropic, "Limitations"). */
function mayPrecede(message: Message | undefined): boolean {
  if (message?.role !== 'assistant') return message?.role === 'user';
  const last = message.content.at(-1)?.searchResult as { type?: unknown } | undefined;
  return typeof last?.type === 'string' && last.type.endsWith('_tool_result');
}

/** Who may speak when. */
export const turnRules: Rule[] = [
  {
    name: 'a conversation has messages',
    binds: everyone,
    breach: ({ messages }) =>
      messages?.length
        ? undefined
        : 'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
  },
  {
    // Claude, Qwen, GLM and Kimi take a leading assistant (live, July 2026).
    name: 'the first turn is the user’s',
    binds: (family) => !family.assistantFirst,
    breach: ({ messages }) =>
      turns(messages)[0]?.role === 'assistant'
        ? 'A conversation must start with a user message. Try again with a conversation that starts with a user message.'
        : undefined,
  },
  {
    name: 'turns alternate',
    binds: everyone,
    breach({ messages }, { strict }) {
      const roles = turns(messages).map(({ role }) => role);
      return strict && roles.some((role, i) => i > 0 && role === roles[i - 1])
        ? 'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.'
        : undefined;
    },
  },
  {
    // The words are the service's for an image of the assistant's; that it says the same of these is assumed.
    name: 'blocks come from whom they may',
    binds: everyone,
    breach(request) {
      for (const { block, role } of placedBlocks(request)) {
        const odd = sides.find(
          ([kind, from]) => block[kind] !== undefined && role !== from && !block.toolResult?.type,
        );
        if (odd)
          return `This model doesn't support the ${odd[0]} field for ${role} messages. Remove ${odd[0]} and try again.`;
      }
      return undefined;
    },
  },
  {
    name: 'system messages between turns need a model that takes them',
    binds: (family) => !family.midConversationSystem,
    breach: ({ messages = [] }) =>
      messages.some(({ role }) => role === 'system')
        ? `This model doesn't support the system role in messages. Use the system field and try again.`
        : undefined,
  },
  {
    name: 'a system message follows a user turn, and is last or before an assistant turn',
    binds: (family) => family.midConversationSystem,
    from: 'provider',
    breach({ messages = [] }) {
      const misplaced = messages.findIndex(
        ({ role }, i) =>
          role === 'system' &&
          (!mayPrecede(messages[i - 1]) || ![undefined, 'assistant'].includes(messages[i + 1]?.role)),
      );
      return misplaced < 0
        ? undefined
        : `messages.${misplaced}: a system message must follow a user message and must be last or followed by an assistant message`;
    },
  },
  {
    name: 'no prefill',
    binds: (family) => !family.prefill,
    from: 'provider',
    breach: ({ messages }) =>
      turns(messages).at(-1)?.role === 'assistant'
        ? 'This model does not support assistant message prefill. The conversation must end with a user message.'
        : undefined,
  },
  {
    name: 'a prefill does not end in white space',
    binds: anthropic,
    from: 'provider',
    breach({ messages }) {
      const last = turns(messages).at(-1);
      return last?.role === 'assistant' && endsInSpace(last.content.at(-1)?.text)
        ? 'messages: final assistant content cannot end with trailing whitespace'
        : undefined;
    },
  },
];
