import type { ReasoningIntent } from '../../canonical/request.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import { addExtra } from '../extra-fields.ts';
import { ignore, warn } from '../notes.ts';
import type { Draft } from '../types.ts';
import { withoutDisplay } from './display.ts';
import { budgets } from './effort.ts';

/** Claude 3.7 to 4.5: `thinking: {type: enabled, budget_tokens}`. It does not think unless asked. */
export function askWithBudget(draft: Draft, intent: ReasoningIntent): void {
  const thinking = wanted(draft, withoutDisplay(draft, intent));
  if (thinking) addExtra(draft, 'thinking', thinking);
}

function wanted(
  draft: Draft,
  { thinking, effort, budgetTokens, verbatim }: ReasoningIntent,
): JsonObject | undefined {
  if (thinking?.type === 'adaptive' || thinking?.type === 'between_tools') {
    const budget = budgetTokens ?? budgets[effort === undefined || effort === 'none' ? 'medium' : effort];
    warn(
      draft,
      note`${field('reasoning.thinking', 'type')} ${thinking.type} is not supported by this model: enabled with a budget of ${budget} tokens`,
    );
    return { type: 'enabled', budget_tokens: budget };
  }
  if (thinking) {
    if (effort !== undefined && thinking.type !== 'disabled') ignore(draft, 'reasoning.effort');
    return thinking;
  }
  if (effort === 'none') return undefined;
  if (verbatim && effort !== undefined) {
    ignore(draft, 'reasoning.effort');
    return undefined;
  }
  const budget = budgetTokens ?? (effort && budgets[effort]);
  return budget === undefined ? undefined : { type: 'enabled', budget_tokens: budget };
}
