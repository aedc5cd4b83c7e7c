import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { anthropicErrors } from '../../../../lambda/apis/anthropic/error.ts';
import { faultError } from '../../../../lambda/backends/errors/call-error.ts';
import type { Fault } from '../../../../lambda/backends/errors/fault.ts';
import { GatewayError, type GatewayErrorInit, modelNotFound } from '../../../../lambda/errors.ts';
import { withMember } from '../../../../lambda/fields.ts';

interface Body {
  error: { type: string; message: string };
}
const bodyOf = (error: GatewayError) => anthropicErrors.body(error, 'req') as Body;

const refusal = (message: string) =>
  faultError({ name: 'ValidationException', message, status: 400 }, { model: 'the-model' });

describe('what is too long, in the words that Claude Code acts on', () => {
  test.each([
    [
      'prompt is too long: 250000 tokens > 200000 maximum',
      'prompt is too long: 250000 tokens > 200000 maximum',
    ],
    [
      "This model's maximum context length is 131072 tokens. However, you requested 140000 tokens. Please reduce the length of the messages.",
      'prompt is too long: 140000 tokens > 131072 maximum',
    ],
    [
      "This model's maximum context length is 8192 tokens. However, your request has 9000 input tokens.",
      'prompt is too long: 9000 tokens > 8192 maximum',
    ],
    [
      'Too many input tokens. Max input tokens: 8192, request input token count: 9000',
      'prompt is too long: 9000 tokens > 8192 maximum',
    ],
    [
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again',
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again. The prompt is too long for an answer of that length.',
    ],
    ['Input is too long for requested model.', 'prompt is too long: Input is too long for requested model.'],
    ['too many total text bytes', 'prompt is too long: too many total text bytes'],
    ['prompt is too long', 'prompt is too long'],
    ['Input is too long.', 'Input is too long.'],
  ])('%s', (said, message) => {
    const error = refusal(said);
    expect(anthropicErrors.status(error)).toBe(400);
    expect(bodyOf(error).error).toEqual({ type: 'invalid_request_error', message });
    // What it says to the clients of other APIs is put into their words elsewhere, and keeps the facts.
    expect(bodyOf(error.spelled(withMember)).error.message).toBe(message);
  });
});

test.each([
  'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
  'tools.0.custom.defer_loading: Extra inputs are not permitted',
  'max_tokens: 90000 > 64000, which is the maximum allowed number of output tokens for claude-x',
  "messages.0: role 'system' is not supported on this model",
])('Claude’s own words stay as they are: %s', (said) => {
  expect(bodyOf(refusal(said)).error).toEqual({ type: 'invalid_request_error', message: said });
});

test.each([
  modelNotFound('no-such-model'),
  faultError(
    { name: 'ResourceNotFoundException', message: 'Could not resolve it.', status: 404 },
    { model: 'no-such-model' },
  ),
  faultError(
    {
      name: 'ResourceNotFoundException',
      message: 'This model version has reached the end of its life.',
      status: 404,
    },
    { model: 'no-such-model' },
  ),
])('a model that is not there is named as Anthropic names it: $message', (error) => {
  expect(anthropicErrors.status(error)).toBe(404);
  expect(bodyOf(error).error.type).toBe('not_found_error');
  expect(bodyOf(error).error.message).toBe(`model: no-such-model (${error.message})`);
});

describe('Bedrock’s failures', () => {
  const at = (name: string, status: number, message = 'm'): Fault => ({ name, status, message });
  test.each<[Fault, status: number, type: string]>([
    [at('AccessDeniedException', 403), 403, 'permission_error'],
    [
      at('ThrottlingException', 429, 'Too many tokens, please wait before trying again.'),
      429,
      'rate_limit_error',
    ],
    [at('ThrottlingException', 429, 'Too many tokens per day'), 429, 'rate_limit_error'],
    [at('ServiceQuotaExceededException', 400), 429, 'rate_limit_error'],
    [at('ServiceUnavailableException', 503), 529, 'overloaded_error'],
    [at('ModelNotReadyException', 429), 529, 'overloaded_error'],
    [at('ModelTimeoutException', 408), 504, 'timeout_error'],
    [at('ModelErrorException', 424), 500, 'api_error'],
    [at('ModelStreamErrorException', 424), 500, 'api_error'],
    [at('InternalServerException', 500), 500, 'api_error'],
  ])('$name: $message', (fault, status, type) => {
    const error = faultError(fault, { model: 'm' });
    expect(anthropicErrors.status(error)).toBe(status);
    expect(bodyOf(error).error.type).toBe(type);
    const waits = status === 429 || status === 529;
    expect(anthropicErrors.headers(error)['retry-after'] ?? '').toMatch(waits ? /^\d+$/ : /^$/);
  });

  const recorded: { fault: Fault }[] = JSON.parse(
    readFileSync(new URL('../../../golden/backends/errors.json', import.meta.url), 'utf8'),
  );
  test.each(recorded)('$fault.name: $fault.message says it is too long only if it is', ({ fault }) => {
    const error = faultError(fault, { model: 'm' });
    const says = /(prompt|input) is too long|too many tokens|maximum context length/i;
    expect(says.test(bodyOf(error).error.message)).toBe(error.reason === 'context_overflow');
  });
});

describe('when to come again', () => {
  const headersOf = (init: Partial<GatewayErrorInit>) =>
    anthropicErrors.headers(new GatewayError({ status: 400, reason: 'bad_request', message: 'm', ...init }));
  test.each<[Partial<GatewayErrorInit>, Record<string, string>]>([
    [{}, {}],
    [{ status: 401, reason: 'unauthenticated' }, { 'x-should-retry': 'false' }],
    [
      { status: 429, reason: 'throttled', retryAfterMs: 4200 },
      { 'retry-after': '5', 'retry-after-ms': '4200' },
    ],
    [
      { status: 429, reason: 'quota_exceeded', retryAfterMs: 3_600_000 },
      { 'retry-after': '3600', 'retry-after-ms': '3600000', 'x-should-retry': 'false' },
    ],
    [{ status: 400, reason: 'unsupported' }, {}],
    [{ status: 503, reason: 'unsupported' }, { 'x-should-retry': 'false' }],
  ])('%j', (init, headers) => expect(headersOf(init)).toEqual(headers));
});
