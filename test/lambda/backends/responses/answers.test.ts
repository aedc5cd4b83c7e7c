import { describe, expect, test } from 'vitest';
import { FailedFrame } from '../../../../lambda/backends/errors/failed-frame.ts';
import { failureIn } from '../../../../lambda/backends/openai/failure.ts';
import { readResponse } from '../../../../lambda/backends/responses/answer.ts';
import { ResponseDecoder } from '../../../../lambda/backends/responses/events.ts';
import { stopReasonOf, tierOf, usageOf } from '../../../../lambda/backends/responses/outcome.ts';
import { CorruptStream } from '../../../../lambda/backends/stream/corrupt-stream.ts';
import { GatewayError } from '../../../../lambda/errors.ts';

const requestId = 'r-1';
/** What Bedrock says, with status 200, at a path that is not there. */
const unknownPath = { Output: { __type: 'com.amazon.coral.service#UnknownOperationException' } };

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};
const isFrame = (type: string, message: string) => ({ failure: { type, message, requestId } });
const isNoAnswer = (name: string) => ({ status: 502, upstream: { name, requestId } });

describe('a whole response', () => {
  const thrown = (said: unknown) => thrownBy(() => readResponse(typeof said === 'string' ? said : JSON.stringify(said), { requestId } as never)); // biome-ignore format: one line

  test.each<[string, unknown, string]>([
    ['no JSON', '<html>', 'IncompleteAnswer'],
    ['no object', [], 'IncompleteAnswer'],
    ['no output', { id: 'resp_1' }, 'IncompleteAnswer'],
    ['a path that is not there', unknownPath, 'UnknownOperationException'],
    ['the same said plainly', { __type: 'UnknownOperationException' }, 'UnknownOperationException'],
  ])('%s is a bad gateway', (_, said, name) => {
    const error = thrown(said);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject(isNoAnswer(name));
  });

  test.each<[string, object, string, string]>([
    ['an error', { error: { code: 'rate_limit_exceeded', message: 'Slow.' }, output: [] }, 'ThrottlingException', 'Slow.'],
    ['one that failed', { status: 'failed', error: null, output: [] }, 'InternalServerException', ''],
    ['one that was cancelled', { status: 'cancelled', output: [] }, 'InternalServerException', ''],
  ])('%s is a failure', (_, said, type, message) => {
    const error = thrown(said);
    expect(error).toBeInstanceOf(FailedFrame);
    expect(error).toMatchObject(isFrame(type, message));
  }); // biome-ignore format: a table
});

describe('a streamed response', () => {
  /** Types of the events that come of these. */
  function decoded(...events: unknown[]) {
    const decoder = new ResponseDecoder<string>(({ type }) => [type], requestId);
    const items: string[] = [];
    for (const event of events) {
      decoder.push(Buffer.from(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`), items); // biome-ignore format: one line
    }
    decoder.end();
    return items;
  }
  const created = { type: 'response.created', response: {} };
  const delta = { type: 'response.output_text.delta', delta: 'a' };
  const completed = { type: 'response.completed', response: {} };

  test('is over with its end, whatever follows', () => {
    const types = [created, delta, completed].map(({ type }) => type);
    expect(decoded(created, '[DONE]', delta, completed, delta, 'no JSON', '[DONE]')).toEqual(types);
  });

  test('without an end it has failed', () => {
    expect(thrownBy(() => decoded(created, delta, '[DONE]'))).toMatchObject({ status: 502, upstream: { requestId } }); // biome-ignore format: one line
  });

  test.each(['no JSON', '[1]'])('%s is no event', (data) => {
    expect(thrownBy(() => decoded(created, data))).toBeInstanceOf(CorruptStream);
  });

  test('what has no type is no answer', () => {
    expect(thrownBy(() => decoded(unknownPath))).toMatchObject(isNoAnswer('UnknownOperationException'));
  });

  test.each<[string, object, string, string]>([
    ['an error', { type: 'error', code: 'server_is_overloaded', message: 'Full.' }, 'ServiceUnavailableException', 'Full.'],
    ['an error in an envelope', { type: 'error', error: { code: 'slow_down', message: 'Slow.' } }, 'ServiceUnavailableException', 'Slow.'],
    ['an envelope alone', { error: { type: 'invalid_request_error', message: 'Bad.' } }, 'ValidationException', 'Bad.'],
    ['an error that is a word', { error: 'oh' }, 'InternalServerException', ''],
    ['a response that failed', { type: 'response.failed', response: { error: { code: 'insufficient_quota', message: 'No more.' } } }, 'ServiceQuotaExceededException', 'No more.'],
    ['a failure of which nothing is said', { type: 'response.failed' }, 'InternalServerException', ''],
  ])('%s is a failure, at the beginning and later', (_, event, type, message) => {
    for (const before of [[], [created], [created, delta]]) {
      const error = thrownBy(() => decoded(...before, event));
      expect(error).toBeInstanceOf(FailedFrame);
      expect(error).toMatchObject(isFrame(type, message));
    }
  }); // biome-ignore format: a table
});

describe('what is said of a response', () => {
  const counts = (input: number, output: number, read = 0, written = 0) => ({
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output + read + written,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
  });

  test.each<[string, unknown, object | undefined]>([
    ['without details', { input_tokens: 5, output_tokens: 2 }, counts(5, 2)],
    ['of a cache', { input_tokens: 9, output_tokens: 2, input_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 } }, counts(2, 2, 4, 3)],
    ['never below nothing', { input_tokens: 3, output_tokens: -1, input_tokens_details: { cached_tokens: 9 } }, counts(0, 0, 3)],
    ['that are no numbers', { input_tokens: '5', output_tokens: 2 }, counts(0, 2)],
    ['that are not there', null, undefined],
  ])('counts %s', (_, usage, expected) => {
    expect(usageOf({ usage })).toEqual(expected);
  }); // biome-ignore format: a table

  test.each([
    ['flex', { serviceTier: { type: 'flex' } }],
    ['auto', {}],
    [null, {}],
  ])('the tier %j', (tier, expected) => {
    expect(tierOf({ service_tier: tier })).toEqual(expected);
  });

  test.each([
    [{ output: [{ type: 'message' }] }, 'end_turn'],
    [{ output: [{ type: 'custom_tool_call' }] }, 'tool_use'],
    [
      { incomplete_details: { reason: 'max_output_tokens' }, output: [{ type: 'function_call' }] },
      'max_tokens',
    ],
    [{ incomplete_details: null }, 'end_turn'],
  ])('%j ends for the reason %s', (response, reason) => {
    expect(stopReasonOf(response)).toBe(reason);
  });

  test('a failure that is not known is the server’s', () => {
    expect(failureIn({ code: 'odd' }, requestId)).toMatchObject(isFrame('InternalServerException', ''));
  });
});
