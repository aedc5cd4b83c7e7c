import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { type Block, mapBlocks, mapKept, type NativeStep, objectAt } from './draft.ts';

/**
 * Citations must be enabled on all documents of a request or on none (Anthropic, "Citations"): where they are asked for
 * of some, the others have them too. Of a model that cites nothing they are not asked.
 */
export const fitCitations: NativeStep = (draft, { cites }) => {
  const whole = draft.messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.filter(isDocument),
  );
  if (!whole.some(isCited) || (cites && whole.every(isCited))) return;
  const fitted = (block: Block): Block => {
    if (!isDocument(block) || isCited(block) === (cites === true)) return block;
    const { citations, ...document } = block;
    return cites ? { ...document, citations: { ...objectAt(citations), enabled: true } } : document;
  };
  draft.messages = mapBlocks(draft.messages, (blocks) => mapKept(blocks, fitted));
  warn(
    draft,
    cites
      ? note`citations are on for all documents: the model takes them for all or for none`
      : note`citations were left out: the model cites no documents`,
  );
};

const isDocument = ({ type }: Block): boolean => type === 'document';
const isCited = ({ citations }: Block): boolean => objectAt(citations)?.enabled === true;
