import { withoutBillingLine } from '../../canonical/billing-line.ts';
import type { ContentBlock, Message, SystemBlock } from '../../canonical/types.ts';
import { type BlockContext, translateBlocks, translateInstructions } from './blocks.ts';
import { type Block, readContent, type Turn } from './conversation.ts';

export interface Translated {
  system: SystemBlock[];
  messages: Message[];
}

/**
 * A conversation in the canonical shape, one message for each of the client's; instructions before the first turn join
 * the system prompt, later ones keep their place with role `system`. Nothing is merged, renamed or moved here: that
 * depends on the model.
 */
export function translateTurns(
  system: readonly Block[],
  given: readonly Turn[],
  context: BlockContext,
): Translated {
  const turns = sinceCompaction(given);
  const first = turns.findIndex(({ role }) => role !== 'system');
  const leading = turns.slice(0, first < 0 ? turns.length : first);
  const instructions = leading.flatMap(({ content }) => translateInstructions(content, context));
  const messages = turns.slice(leading.length).map((turn) => translateTurn(turn, context));
  // Converse wants a user's turn.
  if (messages.length === 0 && instructions.length > 0) {
    messages.push({ role: 'user', content: instructions as ContentBlock[] });
    return { system: translateInstructions(system, context), messages };
  }
  return { system: [...translateInstructions(system, context), ...instructions], messages };
}

/** The blocks of `system`, without what is said for billing. */
export function readSystem(system: string | readonly unknown[] | null | undefined): Block[] {
  const blocks = system == null ? [] : readContent(system, 'system');
  return blocks.flatMap((block) => {
    const { text } = block;
    const said = typeof text === 'string' ? withoutBillingLine(text) : text;
    if (said === text) return [block];
    return said === '' ? [] : [{ ...block, text: said }];
  });
}

function translateTurn({ role, content, at }: Turn, context: BlockContext): Message {
  return role === 'system'
    ? { role, content: translateInstructions(content, context) as ContentBlock[] }
    : { role, content: translateBlocks(content, at, context) };
}

/**
 * Claude sums a long conversation up in a block of its answer, and then reads that in place of everything before it.
 * To other models the summary is a user's turn, because such a turn must come first.
 */
function sinceCompaction(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.findLastIndex(({ content }) => content.some(isSummary));
  const turn = turns[last];
  if (!turn) return turns.map(withoutCompactions);
  const at = turn.content.findLastIndex(isSummary);
  const summary: Block = { type: 'text', text: String(turn.content[at]?.content) };
  const summed: Turn = { role: 'user', content: [summary], at: turn.at };
  const rest: Turn = { ...turn, content: turn.content.map((block, i) => (i <= at ? blank : block)) };
  return [summed, rest, ...turns.slice(last + 1)].map(withoutCompactions);
}

const isSummary = ({ type, content }: Block): boolean =>
  type === 'compaction' && typeof content === 'string' && content.trim() !== '';

/** One that failed has no content. */
function withoutCompactions(turn: Turn): Turn {
  const { content } = turn;
  if (!content.some(({ type }) => type === 'compaction')) return turn;
  return { ...turn, content: content.map((block) => (block.type === 'compaction' ? blank : block)) };
}

/** In the place of a block that goes, so that the others keep their paths; blank texts are left out later. */
const blank: Block = { type: 'text', text: '' };
