import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { type Block, blocksOf, type NativeStep, takesFlag } from './draft.ts';
import { flags } from './members.ts';

const isCompaction = ({ type }: Block): boolean => type === 'compaction';

/**
 * A summary that stands for what was said before it. A model that does not know such a block is sent the summary as
 * text, and of the conversation only what follows it.
 */
export const fitCompaction: NativeStep = (draft, capabilities) => {
  if (takesFlag(capabilities, flags.compact, flags.compactEdit)) return;
  const { messages } = draft;
  const at = messages.findLastIndex(({ content }) => blocksOf(content).some(isCompaction));
  const turn = messages[at];
  if (!turn) return;
  const blocks = blocksOf(turn.content);
  const last = blocks.findLastIndex(isCompaction);
  const { content } = blocks[last]!;
  const summary = typeof content === 'string' ? [{ type: 'text', text: content }] : [];
  const rest = { ...turn, content: [...summary, ...blocks.slice(last + 1)] };
  draft.messages = [rest, ...messages.slice(at + 1)];
  warn(draft, note`a compaction was sent as text: this model does not know the block`);
};
