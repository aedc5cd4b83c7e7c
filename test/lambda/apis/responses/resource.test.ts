import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../lambda/apis/responses/failure.ts';
import { Ids } from '../../../../lambda/apis/responses/ids.ts';
import { type Course, resource, warningsOf } from '../../../../lambda/apis/responses/resource.ts';
import { type ErrorCode, GatewayError, type Reason } from '../../../../lambda/errors.ts';

const head = {
  requestId: 'req_0123456789abcdef0123456789abcdef',
  createdAt: 1_500,
  model: 'm',
  now: () => 9_999,
};

describe('the resource', () => {
  test('has every member that OpenResponses requires, where the request said nothing', () => {
    expect(resource(head, { echo: { model: 'm' } }, { status: 'in_progress' })).toEqual({
      id: 'resp_0123456789abcdef0123456789abcdef',
      object: 'response',
      created_at: 1,
      completed_at: null,
      status: 'in_progress',
      incomplete_details: null,
      error: null,
      model: 'm',
      output: [],
      usage: null,
      instructions: null,
      previous_response_id: null,
      metadata: {},
      temperature: null,
      top_p: null,
      top_logprobs: 0,
      presence_penalty: 0,
      frequency_penalty: 0,
      max_output_tokens: null,
      max_tool_calls: null,
      text: { format: { type: 'text' } },
      reasoning: { effort: null, summary: null },
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      truncation: 'disabled',
      store: false,
      background: false,
      service_tier: 'default',
      prompt_cache_key: null,
      safety_identifier: null,
      access_programs: null,
    });
  });

  test('repeats what the request said', () => {
    const said = {
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      temperature: 0.5,
      max_output_tokens: 100,
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      reasoning: { effort: 'high', summary: 'auto' },
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
      truncation: 'auto' as const,
      service_tier: 'flex',
      prompt_cache_key: 'k',
      user: 'u',
    };
    expect(resource(head, { echo: { model: 'm', ...said } }, { status: 'in_progress' })).toMatchObject(said);
  });

  test('says when it was complete', () => {
    const usage = {} as never;
    const course: Course = { status: 'completed', output: [], usage };
    expect(resource(head, { echo: { model: 'm' } }, course)).toMatchObject({
      created_at: 1,
      completed_at: 9,
    });
  });

  test('has ids of the request’s, all different', () => {
    const ids = new Ids('b3a3b0f0-0000-4000-8000-000000000001');
    expect(ids.response).toBe('resp_b3a3b0f0000040008000000000000001');
    expect(ids.item('message', 2)).toBe('msg_b3a3b0f0000040008000000000000001002');
    expect(new Ids('any name at all').response).toMatch(/^resp_[0-9a-f]{32}$/);
    expect(new Ids('any name at all').response).not.toBe(new Ids('another name').response);
  });
});

describe('a warning', () => {
  const answer = (stopReason: string) => ({
    output: { message: { role: 'assistant' as const, content: [] } },
    stopReason,
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  });
  test('names what withheld the answer', () => {
    expect(warningsOf(answer('guardrail_intervened'))).toEqual([
      expect.stringMatching(/^guardrail_intervened: /),
    ]);
    expect(warningsOf(answer('end_turn'))).toEqual([]);
  });
});

/** As Codex 0.171 was seen to act. */
describe('a failed response has the code that clients act on', () => {
  const failure = (status: number, reason: Reason, code?: ErrorCode, hasBegun = false) =>
    failureOf(new GatewayError({ status, reason, message: 'Why.', ...(code && { code }) }), hasBegun).code;

  test.each([
    [429, 'throttled', 'rate_limit_exceeded', 'rate_limit_exceeded'],
    [429, 'quota_exceeded', 'insufficient_quota', 'insufficient_quota'],
    [400, 'context_overflow', 'context_length_exceeded', 'context_length_exceeded'],
    [503, 'overloaded', 'overloaded', 'server_is_overloaded'],
    [503, 'not_ready', 'model_not_ready', 'server_is_overloaded'],
    [503, 'calls_used_up', 'calls_used_up', 'server_is_overloaded'],
    [400, 'bad_request', undefined, 'invalid_prompt'],
    [403, 'access_denied', 'model_access_denied', 'invalid_prompt'],
    [404, 'model_not_found', 'model_not_found', 'invalid_prompt'],
    [413, 'bad_request', 'request_too_large', 'invalid_prompt'],
    [500, 'internal', 'internal_error', 'server_error'],
    [502, 'model_error', 'model_error', 'server_error'],
    [504, 'timeout', 'timeout', 'server_error'],
    [504, 'deadline', 'deadline_exceeded', 'server_error'],
  ] as const)('%i %s', (status, reason, code, expected) => {
    expect(failure(status, reason, code)).toBe(expected);
  });

  test('when the model has answered something, to try again is worth it', () => {
    expect(failure(503, 'overloaded', 'overloaded', true)).toBe('server_error');
  });

  test('and says how long to wait, in the words that Codex reads', () => {
    for (const message of ['Busy.', 'Busy. Please try again.', 'Busy. Please try again later.']) {
      const error = new GatewayError({ status: 429, reason: 'throttled', message, retryAfterMs: 2_450 });
      expect(failureOf(error, false).message).toBe('Busy. Please try again in 2.5s.');
    }
  });
});
