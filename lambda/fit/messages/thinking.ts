import type { JsonObject } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import type { ReasoningStyle } from '../../models/capabilities.ts';
import { ignore, warn } from '../notes.ts';
import { effortsUpTo } from '../reasoning/adaptive.ts';
import { budgets } from '../reasoning/effort.ts';
import { type Claude, type NativeDraft, type NativeStep, objectAt, takesFlag } from './draft.ts';
import { type ClaudeEffort, effortForBudget, effortOf, fitEffort } from './effort.ts';
import { flags } from './members.ts';
import { leaveRoom } from './thinking-budget.ts';
import { freeOfThinking } from './thinking-conflicts.ts';

type Adaptive = Extract<ReasoningStyle, { kind: 'adaptive' }>;

export const thinkingOf = ({ body }: Pick<NativeDraft, 'body'>): JsonObject | undefined =>
  objectAt(body.thinking);

/** The request asks for thinking by itself; between tool calls alone it narrows nothing. */
export function thinks(draft: NativeDraft): boolean {
  const type = thinkingOf(draft)?.type;
  return type === 'enabled' || type === 'adaptive';
}

/**
 * `thinking` and `output_config.effort` in the form that the generation takes: none up to 3.5, a budget up to 4.5, both at
 * 4.6, adaptive since (Claude's model cards). Needs the final turns and the final max_tokens.
 */
export const fitThinking: NativeStep = (draft, capabilities) => {
  const { reasoning: style } = capabilities;
  const asked = thinkingOf(draft);
  if (style.kind === 'adaptive') {
    const most = adaptive(draft, asked, style);
    fitEffort(draft, most);
  } else {
    if (style.kind === 'budget') budgeted(draft, asked);
    else leaveOut(draft, asked);
    fitEffort(draft, capabilities.messages.effortsByBeta);
  }
  if (thinkingOf(draft)?.type === 'enabled') leaveRoom(draft);
  freeOfThinking(draft, capabilities);
  fitDisplay(draft, capabilities);
};

function leaveOut(draft: NativeDraft, asked: JsonObject | undefined): void {
  delete draft.body.thinking;
  if (asked && asked.type !== 'disabled') ignore(draft, 'reasoning.thinking');
}

/** Claude 3.7 to 4.5. */
function budgeted(draft: NativeDraft, asked: JsonObject | undefined): void {
  if (asked?.type !== 'adaptive' && asked?.type !== 'between_tools') return;
  const budget = budgets[effortOf(draft) ?? 'medium'];
  draft.body.thinking = { type: 'enabled', budget_tokens: budget };
  warn(
    draft,
    note`${field('reasoning.thinking', 'type')} ${asked.type} is not supported by this model: enabled with a budget of ${budget} tokens`,
  );
}

/** Claude 4.6 and later. Returns the efforts that go with it. */
function adaptive(draft: NativeDraft, asked: JsonObject | undefined, style: Adaptive): readonly string[] {
  const all = style.efforts ?? effortsUpTo[style.maxEffort];
  const upToHigh = all.filter((effort) => (effortsUpTo.high as readonly string[]).includes(effort));
  switch (asked?.type) {
    case 'enabled':
      if (!style.budgetToo) adaptInstead(draft, asked, style);
      return all;
    case 'disabled':
      return switchOff(draft, style) ? upToHigh : all;
    case 'between_tools':
      if (style.leastThinking === 'between_tools') return upToHigh;
      draft.body.thinking = { ...asked, type: 'adaptive' };
      return all;
    default:
      return all;
  }
}

/**
 * A budget where none is taken. Who asked for one expects to read the thinking, which was so on every model that took
 * it; newer ones show theirs only when asked.
 */
function adaptInstead(draft: NativeDraft, asked: JsonObject, { textOnRequest }: Adaptive): void {
  const { budget_tokens: budget, type: _, ...rest } = asked;
  const effort = effortOf(draft) ?? effortForBudget(budget, draft.body.max_tokens);
  draft.body.thinking = { ...(textOnRequest && { display: 'summarized' }), ...rest, type: 'adaptive' };
  if (effort) setEffort(draft, effort);
  warn(
    draft,
    note`this model takes no thinking budget: it thinks adaptively${effort ? ` at effort ${effort}` : ''}`,
  );
}

/** Returns whether the model then thinks less than it would, so that its efforts end at high. */
function switchOff(draft: NativeDraft, { canDisable, leastThinking, disableHasNoEffect }: Adaptive): boolean {
  if (canDisable) {
    if (disableHasNoEffect) warn(draft, note`this model may think although thinking is switched off`);
    return true;
  }
  if (leastThinking) {
    draft.body.thinking = { type: leastThinking };
    warn(draft, note`thinking cannot be switched off on this model: it thinks between tool calls only`);
    return true;
  }
  const effort = effortOf(draft) ?? 'low';
  delete draft.body.thinking;
  setEffort(draft, effort);
  warn(draft, note`thinking cannot be switched off on this model: effort ${effort} instead`);
  return false;
}

function setEffort({ body }: NativeDraft, effort: ClaudeEffort): void {
  body.output_config = { ...objectAt(body.output_config), effort };
}

/** Older models show their thinking and know no `display`. */
function fitDisplay(draft: NativeDraft, capabilities: Claude): void {
  const { reasoning: style } = capabilities;
  const thinking = thinkingOf(draft);
  if (thinking?.display === undefined) return;
  const { display, ...rest } = thinking;
  if (style.kind !== 'adaptive' || !style.textOnRequest) draft.body.thinking = rest;
  else if (display === 'updates' && !takesFlag(capabilities, flags.displayUpdates))
    draft.body.thinking = { ...rest, display: 'summarized' };
}
