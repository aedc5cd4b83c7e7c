import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { type Block, mapBlocks, mapKept, type NativeStep, objectAt } from './draft.ts';

/**
 * Citations must be enabled on all documents of a request or on none (Anthropic, "Citations"): where they are asked for
 * of some, the others have them too.
 */
export const fitCitations: NativeStep = (draft) => {
  const whole = draft.messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.filter(isDocument),
  );
  if (!whole.some(isCited) || whole.every(isCited)) return;
  const cited = (block: Block): Block =>
    isDocument(block) && !isCited(block)
      ? { ...block, citations: { ...objectAt(block.citations), enabled: true } }
      : block;
  draft.messages = mapBlocks(draft.messages, (blocks) => mapKept(blocks, cited));
  warn(draft, note`citations are on for all documents: the model takes them for all or for none`);
};

const isDocument = ({ type }: Block): boolean => type === 'document';
const isCited = ({ citations }: Block): boolean => objectAt(citations)?.enabled === true;
