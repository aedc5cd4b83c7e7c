import type { ReasoningIntent } from '../../canonical/request.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { ReasoningStyle } from '../../models/capabilities.ts';
import { addExtra, extraObject, setExtra } from '../extra-fields.ts';
import { warn } from '../notes.ts';
import type { Draft } from '../types.ts';
import { effortOfBudget, nearestEffort, type WorkingEffort } from './effort.ts';

type Adaptive = Extract<ReasoningStyle, { kind: 'adaptive' }>;

const efforts = {
  high: ['low', 'medium', 'high'],
  xhigh: ['low', 'medium', 'high', 'xhigh'],
  max: ['low', 'medium', 'high', 'xhigh', 'max'],
} as const;

/** Claude 4.6 and later: `thinking: {type: adaptive}`, and next to it `output_config: {effort}`. */
export function askAdaptively(draft: Draft, intent: ReasoningIntent, style: Adaptive): void {
  const effort = intent.effort === 'none' ? undefined : intent.effort;
  const off = intent.thinking ? intent.thinking.type === 'disabled' : intent.effort === 'none';
  if (off) switchOff(draft, intent, style, effort);
  else follow(draft, planOf(draft, intent, style, effort), style);
}

interface Plan {
  thinking?: JsonObject;
  effort?: WorkingEffort;
}

function planOf(draft: Draft, intent: ReasoningIntent, style: Adaptive, effort?: WorkingEffort): Plan {
  const { thinking, budgetTokens } = intent;
  const budgeted = thinking ? thinking.type === 'enabled' : budgetTokens !== undefined;
  if (!budgeted) return { thinking: thinking ?? (effort && { type: 'adaptive' }), effort };
  if (style.budgetToo) {
    return { thinking: thinking ?? { type: 'enabled', budget_tokens: budgetTokens! }, effort };
  }
  const { budget_tokens = budgetTokens, display } = thinking ?? {};
  const instead = effort ?? (typeof budget_tokens === 'number' ? effortOfBudget(budget_tokens) : undefined);
  warn(draft, `this model takes no thinking budget: it thinks adaptively${effortText(instead)}`);
  return { thinking: { type: 'adaptive', ...(display !== undefined && { display }) }, effort: instead };
}

function follow(draft: Draft, { thinking, effort }: Plan, style: Adaptive): void {
  if (thinking) addExtra(draft, 'thinking', thinking);
  if (effort) setEffort(draft, effort, style.efforts ?? efforts[style.maxEffort]);
}

const effortText = (effort?: string) => (effort ? ` at effort ${effort}` : '');

/** With thinking off the effort is capped at high (Claude model cards). */
function switchOff(draft: Draft, intent: ReasoningIntent, style: Adaptive, effort?: WorkingEffort): void {
  if (!style.canDisable) {
    warn(draft, `thinking cannot be switched off on this model: effort ${effort ?? 'low'} instead`);
    follow(draft, { effort: effort ?? 'low' }, style);
    return;
  }
  if (intent.thinking) addExtra(draft, 'thinking', intent.thinking);
  else if (style.onByDefault) addExtra(draft, 'thinking', { type: 'disabled' });
  if (effort) setEffort(draft, effort, efforts.high);
}

function setEffort(draft: Draft, wanted: WorkingEffort, taken: readonly string[]): void {
  const effort = nearestEffort(wanted, taken);
  noteEffort(draft, wanted, effort);
  setExtra(draft, 'output_config', { effort, ...extraObject(draft.request, 'output_config') });
}

/** `minimal` is OpenAI's word for what others call `low`: no one needs to be told. */
export function noteEffort(draft: Draft, wanted: WorkingEffort, taken: WorkingEffort): void {
  if (wanted === taken || (wanted === 'minimal' && taken === 'low')) return;
  warn(draft, `reasoning effort ${wanted} is not supported by this model: ${taken} instead`);
}
