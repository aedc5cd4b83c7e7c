import type { ReasoningIntent } from '../../canonical/request.ts';
import type { ReasoningStyle } from '../../models/capabilities.ts';

/**
 * Claude 4.7 and later think unseen unless they are told to show it, which only `thinking` itself can say: a client that
 * wants to see the reasoning, and says nothing else of it, asks for as much of it as the model finds right.
 */
export function shown(
  intent: ReasoningIntent,
  { textOnRequest }: Extract<ReasoningStyle, { kind: 'adaptive' }>,
): ReasoningIntent {
  const { summary, effort, thinking, budgetTokens } = intent;
  if (!summary || !textOnRequest || effort !== undefined || thinking || budgetTokens !== undefined)
    return intent;
  return { ...intent, thinking: { type: 'adaptive', display: 'summarized' } };
}
