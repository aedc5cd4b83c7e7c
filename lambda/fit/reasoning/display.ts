import type { ReasoningIntent } from '../../canonical/request.ts';
import { field } from '../../fields.ts';
import { ignore } from '../notes.ts';
import type { Draft } from '../types.ts';

/**
 * `thinking.display` came with Claude 4.7: earlier ones have no such member and always show their thinking, and Claude
 * Code's own Bedrock mode leaves it out for them.
 */
export function withoutDisplay(draft: Draft, intent: ReasoningIntent): ReasoningIntent {
  if (intent.thinking?.display === undefined) return intent;
  const { display: _, ...thinking } = intent.thinking;
  ignore(draft, field('reasoning.thinking', 'display'));
  return { ...intent, thinking };
}
