import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { type Block, blocksOf, type NativeStep, type Turn, takesFlag } from './draft.ts';
import { flags } from './members.ts';

/** One that failed has no content, and stands for nothing. */
const isSummary = ({ type, content }: Block): boolean =>
  type === 'compaction' && typeof content === 'string' && content.trim() !== '';

/**
 * A summary that stands for what was said before it. A model that does not know such a block is sent the summary as
 * text, and of the conversation only what follows it.
 */
export const fitCompaction: NativeStep = (draft, capabilities) => {
  if (takesFlag(capabilities, flags.compact, flags.compactEdit)) return;
  const { messages } = draft;
  const at = messages.findLastIndex(({ content }) => blocksOf(content).some(isSummary));
  const turn = messages[at];
  if (!turn) return;
  const blocks = blocksOf(turn.content);
  const last = blocks.findLastIndex(isSummary);
  const { content } = blocks[last]!;
  const rest = blocks.slice(last + 1);
  // Alone it would be the beginning of an answer.
  const role = rest.length > 0 ? turn.role : 'user';
  const summed: Turn = { ...turn, role, content: [{ type: 'text', text: content! }, ...rest] };
  draft.messages = [summed, ...messages.slice(at + 1)];
  warn(draft, note`a compaction was sent as text: this model does not know the block`);
};
