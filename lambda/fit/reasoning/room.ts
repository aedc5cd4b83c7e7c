import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { setExtra } from '../extra-fields.ts';
import { warn } from '../notes.ts';
import type { Draft } from '../types.ts';
import { thinkingBudget, thinkingOf } from './thinking.ts';

/** "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024" */
const leastBudget = 1024;
/** Tokens left for the answer when the budget fills the model's output. */
const leastAnswer = 1024;

/** Claude wants 1024 ≤ budget_tokens < max_tokens. A client's max_tokens is kept as room for the answer. */
export function makeRoom(draft: Draft, capabilities: Capabilities): void {
  const asked = thinkingBudget(draft.request);
  if (asked === undefined) return;
  const most = capabilities.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const budget = Math.max(leastBudget, Math.min(asked, most - leastAnswer));
  if (budget !== asked) {
    const key = draft.request.additionalModelRequestFields?.thinking ? 'thinking' : 'reasoning_config';
    setExtra(draft, key, { ...thinkingOf(draft.request), budget_tokens: budget });
    warn(draft, note`${field('reasoning.budgetTokens')} ${asked} changed to ${budget}`);
  }
  const answer = draft.request.inferenceConfig?.maxTokens;
  if (answer === undefined || answer > budget) return;
  const maxTokens = Math.min(budget + answer, most);
  draft.request.inferenceConfig = { ...draft.request.inferenceConfig, maxTokens };
  warn(
    draft,
    note`${field('maxTokens')} ${answer} raised to ${maxTokens} to leave room beside ${budget} tokens of thinking`,
  );
}
