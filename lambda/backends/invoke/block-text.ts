import type { ContentBlock, ConverseRequest, SystemBlock, ToolResultContent } from '../../canonical/types.ts';
import type { Note } from '../../fields.ts';
import { cannotCarry } from './refuse.ts';

const kinds: Readonly<Record<string, string>> = {
  image: 'images',
  document: 'documents',
  video: 'videos',
  audio: 'audio',
  toolUse: 'tool calls',
  toolResult: 'tool results',
  guardContent: 'guarded images',
  searchResult: 'search results',
};

/** A kind of content block in words, for messages to clients. */
export function kindInWords(block: ContentBlock | ToolResultContent): string {
  const [kind = 'this content'] = Object.keys(block);
  return kinds[kind] ?? kind;
}

/** The text of a block; '' for one that the model does not miss. Throws a 400 for a block that is no text. */
export function blockText(block: ContentBlock, path: Note): string {
  if ('text' in block) return block.text;
  if ('citationsContent' in block) {
    return (block.citationsContent.content ?? []).map(({ text }) => text).join('');
  }
  if ('guardContent' in block && block.guardContent.text) return block.guardContent.text.text;
  // Chat templates take the reasoning of earlier turns out again, and nothing here caches.
  if ('reasoningContent' in block || 'cachePoint' in block) return '';
  throw cannotCarry(kindInWords(block), path);
}

/** Parts of one turn are paragraphs of the user's, and pieces of one text of the assistant's. */
export function turnText(role: string, blocks: readonly ContentBlock[], path: Note): string {
  const texts = blocks.map((block) => blockText(block, path));
  return role === 'assistant' ? texts.join('') : texts.filter((text) => text !== '').join('\n\n');
}

export function systemText(system: readonly SystemBlock[] = []): string {
  return system
    .flatMap((block) => {
      if ('text' in block) return [block.text];
      return 'guardContent' in block ? [block.guardContent.text?.text ?? ''] : [];
    })
    .join('\n\n');
}

/** Every text of a request, for an estimate of its tokens. */
export function requestText({ system, messages }: ConverseRequest): string {
  const texts = messages.flatMap(({ content }) =>
    content.map((block) => ('text' in block ? block.text : '')),
  );
  return [systemText(system), ...texts].join('\n');
}
