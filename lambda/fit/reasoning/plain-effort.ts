import type { ReasoningIntent } from '../../canonical/request.ts';
import { note } from '../../fields.ts';
import type { ReasoningStyle } from '../../models/capabilities.ts';
import { addExtra } from '../extra-fields.ts';
import { ignore, warn } from '../notes.ts';
import type { Draft } from '../types.ts';
import { effortOfBudget, nearestEffort, noteEffort, type WorkingEffort } from './effort.ts';

type Plain = Extract<ReasoningStyle, { kind: 'effort' }>;

/** Open-weight models: `reasoning_effort`; GPT: `reasoning: {effort}`. */
export function askPlainly(draft: Draft, intent: ReasoningIntent, style: Plain): void {
  if (intent.thinking && style.passThinking) {
    addExtra(draft, 'thinking', intent.thinking);
    if (intent.effort && intent.effort !== 'none')
      addExtra(draft, 'output_config', { effort: intent.effort });
    return;
  }
  const wanted = wantedEffort(intent);
  if (wanted === undefined) return;
  if (wanted !== 'none') {
    const effort = nearestEffort(wanted, style.values);
    noteEffort(draft, wanted, effort);
    setEffort(draft, style, effort);
  } else if (style.values.includes('none')) setEffort(draft, style, 'none');
  else if (!style.canDisable) {
    const least = nearestEffort('minimal', style.values);
    warn(draft, note`reasoning cannot be switched off on this model: effort ${least} instead`);
    setEffort(draft, style, least);
  }
}

/** For one family the flat field is refused as unknown, for another the nested one. */
function setEffort(draft: Draft, { field }: Plain, effort: string): void {
  if (field === 'reasoning.effort') addExtra(draft, 'reasoning', { effort });
  else addExtra(draft, 'reasoning_effort', effort);
}

/** Nova 2: `reasoningConfig`; it does not reason unless asked. */
export function askNova(draft: Draft, intent: ReasoningIntent): void {
  const wanted = wantedEffort(intent);
  if (wanted === undefined || wanted === 'none') return;
  if (intent.verbatim && !intent.thinking) {
    ignore(draft, 'reasoning.effort');
    return;
  }
  const maxReasoningEffort = nearestEffort(wanted, ['low', 'medium', 'high']);
  noteEffort(draft, wanted, maxReasoningEffort);
  addExtra(draft, 'reasoningConfig', { type: 'enabled', maxReasoningEffort });
}

/** One effort from whatever the client said; `none` when it said off, undefined when it said nothing. */
function wantedEffort({
  effort,
  thinking,
  budgetTokens,
  verbatim,
}: ReasoningIntent): WorkingEffort | 'none' | undefined {
  if (thinking?.type === 'disabled') return 'none';
  if (effort !== undefined) return effort;
  const budget = budgetTokens ?? thinking?.budget_tokens;
  if (typeof budget === 'number') return effortOfBudget(budget);
  // Claude's own API leaves it to the model then.
  if (verbatim && thinking?.type === 'adaptive') return undefined;
  return thinking ? 'medium' : undefined;
}
