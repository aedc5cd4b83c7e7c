import { field, note } from '../../fields.ts';
import { warn } from '../notes.ts';
import { type NativeDraft, objectAt } from './draft.ts';

/** "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024" */
const leastBudget = 1024;

/**
 * "`max_tokens` must be greater than `thinking.budget_tokens`.": in this API max_tokens holds the thinking and the answer,
 * so it is the budget that gives way. One that does not fit leaves half to the answer; where there is no room for the least,
 * the model does not think.
 */
export function leaveRoom(draft: NativeDraft): void {
  const { body } = draft;
  const thinking = objectAt(body.thinking);
  const { budget_tokens: asked } = thinking ?? {};
  const { max_tokens: most } = body;
  if (typeof asked !== 'number') return;
  if (typeof most === 'number' && most <= leastBudget) {
    delete body.thinking;
    warn(draft, note`thinking is off for this call: ${field('maxTokens')} ${most} leaves no room for it`);
    return;
  }
  const room = typeof most === 'number' && asked >= most ? Math.floor(most / 2) : asked;
  const budget = Math.max(leastBudget, room);
  if (budget === asked) return;
  body.thinking = { ...thinking, budget_tokens: budget };
  warn(draft, note`${field('reasoning.budgetTokens')} ${asked} changed to ${budget}`);
}
