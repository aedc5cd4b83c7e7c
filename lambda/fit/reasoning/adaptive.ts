import type { ReasoningIntent } from '../../canonical/request.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import type { ReasoningStyle } from '../../models/capabilities.ts';
import { addExtra, extraObject, setExtra } from '../extra-fields.ts';
import { warn } from '../notes.ts';
import type { Draft } from '../types.ts';
import { withoutDisplay } from './display.ts';
import { effortOfBudget, nearestEffort, noteEffort, type WorkingEffort } from './effort.ts';

type Adaptive = Extract<ReasoningStyle, { kind: 'adaptive' }>;

/** The efforts there are up to a highest. */
export const effortsUpTo = {
  high: ['low', 'medium', 'high'],
  xhigh: ['low', 'medium', 'high', 'xhigh'],
  max: ['low', 'medium', 'high', 'xhigh', 'max'],
} as const;

/** Claude 4.6 and later: `thinking: {type: adaptive}`, and next to it `output_config: {effort}`. */
export function askAdaptively(draft: Draft, intent: ReasoningIntent, style: Adaptive): void {
  const effort = intent.effort === 'none' ? undefined : intent.effort;
  const shown = style.budgetToo ? withoutDisplay(draft, intent) : intent;
  if (isOff(shown)) switchOff(draft, shown, style, effort);
  else follow(draft, planOf(draft, shown, style, effort), shown, style);
}

/** `between_tools` is the least that one model has: on every other it is off. */
function isOff({ thinking, effort }: ReasoningIntent): boolean {
  if (!thinking) return effort === 'none';
  return thinking.type === 'disabled' || thinking.type === 'between_tools';
}

interface Plan {
  thinking?: JsonObject;
  effort?: WorkingEffort;
}

function planOf(draft: Draft, intent: ReasoningIntent, style: Adaptive, effort?: WorkingEffort): Plan {
  const { thinking, budgetTokens, verbatim } = intent;
  const budgeted = thinking ? thinking.type === 'enabled' : budgetTokens !== undefined;
  if (!budgeted) {
    const asked = effort && !verbatim ? { type: 'adaptive' } : undefined;
    return { thinking: thinking ?? asked, effort };
  }
  if (style.budgetToo && (thinking || !draft.request.toolConfig)) {
    return { thinking: thinking ?? { type: 'enabled', budget_tokens: budgetTokens! }, effort };
  }
  const { budget_tokens = budgetTokens, display } = thinking ?? {};
  const instead = effort ?? (typeof budget_tokens === 'number' ? effortOfBudget(budget_tokens) : undefined);
  // With a budget 4.6 does not think any more after a tool result (pydantic/pydantic-ai#5304).
  const why = style.budgetToo ? 'no thinking budget beside tools' : 'no thinking budget';
  warn(draft, note`this model takes ${why}: it thinks adaptively${instead ? ` at effort ${instead}` : ''}`);
  return { thinking: { type: 'adaptive', ...(display !== undefined && { display }) }, effort: instead };
}

function follow(draft: Draft, { thinking, effort }: Plan, intent: ReasoningIntent, style: Adaptive): void {
  if (thinking) addExtra(draft, 'thinking', withText(thinking, intent, style));
  if (effort) setEffort(draft, effort, style.efforts ?? effortsUpTo[style.maxEffort]);
}

/** Older models show their thinking; newer ones do when they are asked to, unless the client chose otherwise. */
function withText(
  thinking: JsonObject,
  { exclude, verbatim }: ReasoningIntent,
  { textOnRequest }: Adaptive,
): JsonObject {
  const silent = exclude || verbatim || thinking.display !== undefined;
  const asks = textOnRequest && thinking.type === 'adaptive' && !silent;
  return asks ? { ...thinking, display: 'summarized' } : thinking;
}

/** With thinking off, or between tool calls only, the effort is capped at high (Claude model cards). */
function switchOff(draft: Draft, intent: ReasoningIntent, style: Adaptive, effort?: WorkingEffort): void {
  const { canDisable, leastThinking } = style;
  if (canDisable) disable(draft, intent, style);
  else if (leastThinking) {
    addExtra(draft, 'thinking', { type: leastThinking });
    if (intent.thinking?.type !== leastThinking) {
      warn(draft, note`thinking cannot be switched off on this model: it thinks between tool calls only`);
    }
  } else {
    warn(draft, note`thinking cannot be switched off on this model: effort ${effort ?? 'low'} instead`);
    follow(draft, { effort: effort ?? 'low' }, intent, style);
    return;
  }
  if (effort) setEffort(draft, effort, effortsUpTo.high);
}

function disable(draft: Draft, { thinking }: ReasoningIntent, style: Adaptive): void {
  if (thinking?.type === 'disabled') addExtra(draft, 'thinking', thinking);
  else if (style.onByDefault) addExtra(draft, 'thinking', { type: 'disabled' });
  if (style.disableHasNoEffect) warn(draft, note`this model may think although thinking is switched off`);
}

function setEffort(draft: Draft, wanted: WorkingEffort, taken: readonly string[]): void {
  const effort = nearestEffort(wanted, taken);
  noteEffort(draft, wanted, effort);
  setExtra(draft, 'output_config', { effort, ...extraObject(draft.request, 'output_config') });
}
