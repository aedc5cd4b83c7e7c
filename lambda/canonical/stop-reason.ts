import type { StopReason } from './types.ts';

/** Of answers that were withheld, whole or in part: by a guardrail, by a filter of Bedrock's or by the model. */
const filtered: ReadonlySet<StopReason> = new Set([
  'guardrail_intervened',
  'content_filtered',
  // Claude's own word.
  'refusal',
]);

export const isFiltered = (stopReason: StopReason): boolean => filtered.has(stopReason);
