import { type ContentBlock, type ConverseRequest, placedBlocks } from '../converse/request.ts';
import { everyone, isBlank, type Rule } from './rule.ts';

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

/** Unions beside the content block, where they stand, and what they may hold. */
const unions: readonly [
  shape: string,
  keys: readonly string[],
  found: (request: ConverseRequest) => Found[],
][] = [
  ['SystemContentBlock', ['text', 'guardContent', 'cachePoint'], ({ system }) => listed(system, 'system')],
  [
    'Tool',
    ['toolSpec', 'systemTool', 'cachePoint'],
    ({ toolConfig }) => listed(toolConfig?.tools, 'toolConfig.tools'),
  ],
  [
    'ToolChoice',
    ['auto', 'any', 'tool'],
    ({ toolConfig }) =>
      listed(toolConfig?.toolChoice && [toolConfig.toolChoice], 'toolConfig.toolChoice', true),
  ],
  [
    'ToolResultContentBlock',
    ['json', 'text', 'image', 'document', 'video', 'searchResult'],
    (request) =>
      placedBlocks(request).flatMap(({ block, turn, index }) =>
        listed(block.toolResult?.content, `messages.${turn}.content.${index}.toolResult.content`),
      ),
  ],
  ['ReasoningContentBlock', ['reasoningText', 'redactedContent'], inBlocks('reasoningContent')],
  ...(['image', 'video', 'audio'] as const).map((kind): (typeof unions)[number] => [
    `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Source`,
    ['bytes', 's3Location'],
    inBlocks(kind, 'source'),
  ]),
  ['DocumentSource', ['bytes', 's3Location', 'text', 'content'], inBlocks('document', 'source')],
];

type Found = [at: string, value: object];

const listed = (values: readonly object[] | undefined, at: string, alone = false): Found[] =>
  (values ?? []).map((value, i) => [alone ? at : `${at}.${i}`, value]);

function inBlocks(kind: keyof ContentBlock, member?: string): (request: ConverseRequest) => Found[] {
  return (request) =>
    placedBlocks(request).flatMap(({ block, turn, index }): Found[] => {
      const value = block[kind] as Record<string, object> | undefined;
      const at = `messages.${turn}.content.${index}.${kind}`;
      return value ? [member ? [`${at}.${member}`, value[member]!] : [at, value]] : [];
    });
}

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
    // The words: maximhq/bifrost#7072, of DocumentSource.
    name: 'every other union is of exactly one kind',
    binds: everyone,
    breach(request) {
      for (const [shape, keys, find] of unions) {
        const odd = find(request).find(([, value]) => keys.filter((key) => key in value).length !== 1);
        if (odd)
          return `${shape} object at ${odd[0]} must set one of the following keys: ${keys.join(', ')}.`;
      }
      return undefined;
    },
  },
  {
    name: 'text is not blank',
    binds: everyone,
    breach(request) {
      const blank = placedBlocks(request).find(({ block }) => isBlank(block.text));
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
      const blank = system.findIndex(({ text }) => isBlank(text));
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
