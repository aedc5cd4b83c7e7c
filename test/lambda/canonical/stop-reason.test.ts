import { expect, test } from 'vitest';
import { isFiltered } from '../../../lambda/canonical/stop-reason.ts';

test.each([
  ['guardrail_intervened', true],
  ['content_filtered', true],
  ['refusal', true],
  ['end_turn', false],
  ['max_tokens', false],
  ['tool_use', false],
  ['something_new', false],
  ['toString', false],
])('%s withholds an answer: %s', (stopReason, is) => expect(isFiltered(stopReason)).toBe(is));
