import type { StopReason } from './types.ts';

/** Of answers that were withheld, whole or in part: by a guardrail, by a filter of Bedrock's or by the model. */
const filtered: ReadonlySet<StopReason> = new Set([
  'guardrail_intervened',
  'content_filtered',
  // Claude's own word.
  'refusal',
]);

export const isFiltered = (stopReason: StopReason): boolean => filtered.has(stopReason);

/** Who withheld it, for APIs that have a place for that; undefined where the model did, for reasons of its own. */
export function filterExplanation(stopReason: StopReason): string | undefined {
  if (stopReason === 'guardrail_intervened') return 'A guardrail of Amazon Bedrock has intervened.';
  if (stopReason === 'content_filtered') return 'A content filter of Amazon Bedrock has withheld content.';
  return undefined;
}
