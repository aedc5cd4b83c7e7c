import { describe, expect, it } from 'vitest';
import { finishReason } from '../../../../lambda/apis/openai/finish-reason.ts';

describe('finishReason', () => {
  it.each([
    ['end_turn', false, 'stop'],
    ['end_turn', true, 'tool_calls'],
    ['stop_sequence', false, 'stop'],
    ['tool_use', true, 'tool_calls'],
    ['tool_use', false, 'stop'],
    ['max_tokens', false, 'length'],
    ['max_tokens', true, 'length'],
    ['model_context_window_exceeded', false, 'length'],
    ['guardrail_intervened', false, 'content_filter'],
    ['content_filtered', true, 'content_filter'],
    ['refusal', false, 'content_filter'],
    ['refusal', true, 'content_filter'],
    ['something_new', true, 'tool_calls'],
    ['something_new', false, 'stop'],
    ['toString', false, 'stop'],
  ] as const)('%s, tool use seen: %s → %s', (stopReason, sawToolUse, expected) => {
    expect(finishReason(stopReason, sawToolUse)).toBe(expected);
  });
});
