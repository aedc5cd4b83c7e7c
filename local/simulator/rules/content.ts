import { type ContentBlock, placedBlocks } from '../converse/request.ts';
import { everyone, type Rule } from './rule.ts';

const kinds: readonly (keyof ContentBlock)[] = [
  'text',
  'image',
  'toolUse',
  'toolResult',
  'document',
  'video',
  'audio',
  'guardContent',
  'cachePoint',
  'reasoningContent',
  'citationsContent',
  'searchResult',
];
const known = new Set<string>([...kinds, 'toolAddition', 'toolRemoval']);

/** What every content block must have. */
export const contentRules: Rule[] = [
  {
    name: 'messages have content',
    binds: everyone,
    breach({ messages = [] }) {
      const empty = messages.findIndex(({ content }) => content.length === 0);
      return empty < 0
        ? undefined
        : `The content field in the Message object at messages.${empty} is empty. Add a ContentBlock object to the content field and try again.`;
    },
  },
  {
    name: 'a block is of exactly one kind',
    binds: everyone,
    breach(request) {
      const odd = placedBlocks(request).find(
        ({ block }) => Object.keys(block).filter((key) => known.has(key)).length !== 1,
      );
      return (
        odd &&
        `The ContentBlock object at messages.${odd.turn}.content.${odd.index} must set one of the following keys: ${kinds.join(', ')}.`
      );
    },
  },
  {
    name: 'text is not blank',
    binds: everyone,
    breach(request) {
      const blank = placedBlocks(request).find(({ block }) => block.text?.trim() === '');
      return (
        blank &&
        `The text field in the ContentBlock object at messages.${blank.turn}.content.${blank.index} is blank. Add text to the text field, and try again.`
      );
    },
  },
  {
    name: 'system text is not blank',
    binds: everyone,
    breach({ system = [] }) {
      const blank = system.findIndex(({ text }) => text?.trim() === '');
      return blank < 0
        ? undefined
        : `The text field in the SystemContentBlock object at system.${blank} is blank. Add text to the text field, and try again.`;
    },
  },
  {
    // First sentence quoted for Titan and Mistral Instruct; the second is the service's usual advice.
    name: 'no system messages',
    binds: (family) => !family.system,
    breach: ({ system = [] }) =>
      system.length > 0
        ? `This model doesn't support system messages. Try again without a system message or use a model that supports system messages.`
        : undefined,
  },
];
