import { field, note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { type Block, blocksOf, type Claude, type NativeDraft, objectAt, type Turn } from './draft.ts';
import { askInstead, isForced } from './tool-choice.ts';

/** What a thinking model refuses: to be forced, and to go on without the thinking that it has begun with. */
export function freeOfThinking(draft: NativeDraft, capabilities: Claude): void {
  if (typeOf(draft) === 'enabled' && continuesWithoutThinking(draft.messages)) {
    delete draft.body.thinking;
    warn(
      draft,
      note`thinking is off for this call because the signed reasoning of the assistant did not come back`,
    );
  }
  if (isForced(draft) && cannotBeForced(draft, capabilities)) chooseOne(draft, capabilities);
}

const typeOf = ({ body }: NativeDraft): unknown => objectAt(body.thinking)?.type;

/** "Thinking may not be enabled when tool_choice forces tool use." */
function cannotBeForced(
  draft: NativeDraft,
  { thinkingRefusesForcedTool: refuses, reasoning }: Claude,
): boolean {
  const type = typeOf(draft);
  if (refuses === 'budget') return type === 'enabled';
  if (refuses !== true) return false;
  return type === undefined ? reasoning.kind === 'adaptive' && reasoning.onByDefault : type !== 'disabled';
}

/** A call that is demanded counts more than the thinking; where that cannot be off, the model is asked for the call. */
function chooseOne(draft: NativeDraft, { reasoning: style }: Claude): void {
  const choice = objectAt(draft.body.tool_choice);
  if (style.kind === 'adaptive' && !style.canDisable && choice) {
    askInstead(draft, choice);
    warn(
      draft,
      note`${field('toolChoice')} became auto because this model cannot be forced to call a tool while it thinks`,
    );
    return;
  }
  if (style.kind === 'adaptive' && style.onByDefault) draft.body.thinking = { type: 'disabled' };
  else delete draft.body.thinking;
  warn(draft, note`thinking is off for this call because ${field('toolChoice')} demands a call`);
}

const isResults = ({ content }: Turn): boolean =>
  blocksOf(content).some(({ type }) => type === 'tool_result');
const isThinking = (block: Block | undefined): boolean =>
  block?.type === 'thinking' || block?.type === 'redacted_thinking';

/**
 * With `enabled` Claude answers 400 "Expected `thinking` or `redacted_thinking`, but found `tool_use`" when the turn that
 * tool results belong to has lost its reasoning, or when the client has written the beginning of the answer.
 */
function continuesWithoutThinking(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  if (!last || (last.role !== 'assistant' && !isResults(last))) return false;
  const spoken = turns.findLastIndex((turn) => turn.role === 'user' && !isResults(turn));
  const first = turns.slice(spoken + 1).find(({ role }) => role === 'assistant');
  return first !== undefined && !isThinking(blocksOf(first.content)[0]);
}
