import { badRequest, unsupported } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import {
  type Block,
  blocksOf,
  type Claude,
  mapBlocks,
  type NativeDraft,
  type NativeStep,
  type Turn,
} from './draft.ts';

const isResult = ({ type }: Block): boolean => type === 'tool_result';

/** Neighbours of one role are one turn, the results of tools are its beginning, and the conversation ends as it may. */
export const fitTurns: NativeStep = (draft, capabilities) => {
  draft.messages = mapBlocks(merged(draft.messages), (blocks, { role }) =>
    role === 'user' ? resultsFirst(blocks) : blocks,
  );
  fitEnd(draft, capabilities);
};

function merged(turns: Turn[]): Turn[] {
  if (!turns.some(({ role }, i) => role === turns[i - 1]?.role)) return turns;
  const joined: Turn[] = [];
  /** Whether the content of the last turn is a list of our own. */
  let own = false;
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role !== turn.role) {
      joined.push(turn);
      own = false;
      continue;
    }
    const content: Block[] = own ? (last.content as Block[]) : [...blocksOf(last.content)];
    for (const block of blocksOf(turn.content)) content.push(block);
    joined[joined.length - 1] = { ...last, ...turn, content };
    own = true;
  }
  return joined;
}

/** Results behind other blocks are none: "`tool_use` ids were found without `tool_result` blocks immediately after" */
function resultsFirst(blocks: Block[]): Block[] {
  const other = blocks.findIndex((block) => !isResult(block));
  if (other < 0 || !blocks.slice(other).some(isResult)) return blocks;
  return [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))];
}

function fitEnd(draft: NativeDraft, { assistantLast }: Claude): void {
  const last = draft.messages.at(-1);
  if (!last) {
    throw badRequest(
      note`The conversation is empty: \`${field('messages')}\` holds no text, image, file or tool call. Add at least one user message.`,
      field('messages'),
    );
  }
  if (last.role !== 'assistant') return;
  // What follows a prefill is its end, without it: another turn would make another answer of it.
  if (!assistantLast) {
    throw unsupported(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
      field('messages'),
    );
  }
  draft.messages = [...draft.messages.slice(0, -1), { ...last, content: trimmed(last.content) }];
}

/** "final assistant content cannot end with trailing whitespace" */
function trimmed(content: string | Block[]): string | Block[] {
  if (typeof content === 'string') return content.trimEnd();
  const last = content.at(-1);
  if (typeof last?.text !== 'string' || last.type !== 'text') return content;
  return [...content.slice(0, -1), { ...last, text: last.text.trimEnd() }];
}
