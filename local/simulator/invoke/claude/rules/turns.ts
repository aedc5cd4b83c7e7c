import { isBlank } from '../../../rules/rule.ts';
import type { MessagesBody } from '../body.ts';
import { type BodyRule, placedBlocks } from './body-rule.ts';

const textsIn = (body: MessagesBody): string[] =>
  placedBlocks(body).flatMap(({ block }) => (block.type === 'text' ? [block.text] : []));

const systemTexts = ({ system = [] }: MessagesBody): string[] =>
  typeof system === 'string' ? [] : system.map(({ text }) => text);

function emptyText(texts: readonly string[], place: string): string | undefined {
  if (texts.includes('')) return `${place}: text content blocks must be non-empty`;
  return texts.some(isBlank) ? `${place}: text content blocks must contain non-whitespace text` : undefined;
}

/** Blocks that only one side may say. The words are quoted for calls and results of tools. */
const sides: Readonly<Record<string, 'user' | 'assistant'>> = {
  tool_use: 'assistant',
  thinking: 'assistant',
  redacted_thinking: 'assistant',
  tool_result: 'user',
  image: 'user',
  document: 'user',
  search_result: 'user',
};

/** Who may speak when, and what. */
export const turnRules: BodyRule[] = [
  {
    name: 'there are messages',
    breach: ({ messages }) =>
      messages.length === 0 ? 'messages: at least one message is required' : undefined,
  },
  {
    name: 'system messages need a model that takes them',
    breach: ({ messages }, { family }) =>
      !family.midConversationSystem && messages.some(({ role }) => role === 'system')
        ? 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.'
        : undefined,
  },
  {
    name: 'messages have content',
    breach({ messages }) {
      const empty = messages.findIndex(
        ({ role, content, output_config }, i) =>
          content.length === 0 &&
          !(role === 'assistant' && i === messages.length - 1) &&
          !(role === 'system' && output_config),
      );
      return empty < 0
        ? undefined
        : `messages.${empty}: all messages must have non-empty content except for the optional final assistant message`;
    },
  },
  {
    name: 'no cache mark on an empty text',
    breach(body) {
      const marked = placedBlocks(body).find(
        ({ block }) => block.type === 'text' && block.text === '' && block.cache_control,
      );
      if (marked) return `${marked.at}.text: cache_control cannot be set for empty text blocks`;
      const { system = [] } = body;
      const index =
        typeof system === 'string' ? -1 : system.findIndex((each) => each.text === '' && each.cache_control);
      return index < 0 ? undefined : `system.${index}: cache_control cannot be set for empty text blocks`;
    },
  },
  {
    // sst/opencode#15715, NousResearch/hermes-agent#63983.
    name: 'texts say something',
    breach: (body) => emptyText(textsIn(body), 'messages') ?? emptyText(systemTexts(body), 'system'),
  },
  {
    name: 'blocks are said by whose they are',
    breach(body) {
      const odd = placedBlocks(body).find(({ block, role }) => (sides[block.type] ?? role) !== role);
      return (
        odd &&
        `${odd.message}: \`${odd.block.type}\` blocks can only be in \`${sides[odd.block.type]}\` messages`
      );
    },
  },
  {
    name: 'stop sequences say something',
    breach: ({ stop_sequences = [] }) =>
      stop_sequences.some(isBlank)
        ? 'stop_sequences: each stop sequence must contain non-whitespace'
        : undefined,
  },
];
