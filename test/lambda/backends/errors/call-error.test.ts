import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { callError, faultError } from '../../../../lambda/backends/errors/call-error.ts';
import { exceptionName } from '../../../../lambda/backends/errors/exception-name.ts';
import { type Fault, faultOf, plainMessage } from '../../../../lambda/backends/errors/fault.ts';
import { badRequest, GatewayError } from '../../../../lambda/errors.ts';
import { openAiBody } from '../../../support/openai-body.ts';

interface Case {
  fault: Fault;
  callerCredentials?: boolean;
  expected: Record<string, unknown>;
}
const table: Case[] = JSON.parse(
  readFileSync(new URL('../../../golden/backends/errors.json', import.meta.url), 'utf8'),
);

/** What makes coding agents shorten the conversation: only an error about its length may say so. */
const overflowWords = [
  /prompt is too long/i,
  /input is too long/i,
  /too many tokens/i,
  /token limit exceeded/i,
  /exceeds the context window/i,
  /maximum context length/i,
  /reduce the length of the messages/i,
  /context[_ ]length[_ ]exceeded/i,
];

describe('the table', () => {
  test.each(table)('$fault.status $fault.name: $fault.message', ({ fault, callerCredentials, expected }) => {
    const error = faultError(fault, { model: 'the-model', callerCredentials });
    const { status, reason, code, param, message, retryAfterMs, mayHaveRun } = error;
    const { type } = openAiBody(error).error;
    const actual = {
      status,
      type,
      reason,
      code,
      param,
      message,
      retryAfterMs,
      mayHaveRun: mayHaveRun || undefined,
    };
    expect(JSON.parse(JSON.stringify(actual))).toEqual(expected);
  });

  test.each(table)('$fault.name: $fault.message says it is too long only if it is', ({ fault }) => {
    const error = faultError(fault, { model: 'm' });
    const says = overflowWords.some((words) => words.test(error.message));
    expect(says).toBe(error.reason === 'context_overflow');
  });

  test.each(table)('$fault.name: $fault.message names no account, key or role', ({ fault }) => {
    expect(faultError(fault, { model: 'm' }).message).not.toMatch(/\d{12}|arn:aws|AKIA|assumed-role/);
  });

  test.each(table.filter(({ expected }) => expected.status === 429 || expected.status === 503))(
    '$fault.name: $fault.message tells the client how long to wait',
    ({ fault }) => {
      expect(faultError(fault, { model: 'm' }).retryAfterMs).toBeGreaterThan(0);
      const asked = faultError({ ...fault, retryAfterMs: 1234 }, { model: 'm' });
      expect(asked.retryAfterMs).toBe(1234);
      expect(asked.upstream?.retryAfterMs).toBe(1234);
    },
  );

  test('keeps what Bedrock said for logs, but not about credentials', () => {
    const fault = { name: 'ValidationException', message: 'no', status: 400, requestId: 'r1' };
    expect(faultError(fault, { model: 'm' }).upstream).toMatchObject(fault);
    const message = 'The Canonical String was: x-amz-security-token:secret AKIAIOSFODNN7EXAMPLE';
    const cause = new Error(message);
    const error = faultError(
      { name: 'InvalidSignatureException', message, status: 403 },
      { model: 'm' },
      cause,
    );
    expect(error.upstream).toMatchObject({ name: 'InvalidSignatureException', message: '' });
    expect(error.cause).toBeUndefined();
  });
});

describe('texts', () => {
  test.each([
    ['The model returned the following errors: prompt is too long', 'prompt is too long'],
    [
      'The model returned the following errors: {"error":{"code":"x","message":"the inner text"}}',
      'the inner text',
    ],
    ['{"error":"plain"}', 'plain'],
    ['{"message":"m"}', 'm'],
    ['{"detail":"d"}', 'd'],
    ['{"object":"error"}', '{"object":"error"}'],
    ['{not json', '{not json'],
    ['the key AKIAIOSFODNN7EXAMPLE is wrong', 'the key (access key id) is wrong'],
  ])('%s', (text, plain) => expect(plainMessage(text)).toBe(plain));

  test.each([
    ['throttlingException', 'ThrottlingException'],
    ['ValidationException:http://internal.amazon.com/coral/', 'ValidationException'],
    ['com.amazon.coral.service#UnknownOperationException', 'UnknownOperationException'],
  ])('%s is %s', (raw, name) => expect(exceptionName(raw)).toBe(name));

  test.each([
    ['3', 3000],
    ['0.5', 500],
    ['-1', undefined],
    ['soon', undefined],
    [
      new Date(Date.now() + 3_600_000).toUTCString(),
      expect.toSatisfy((ms) => ms > 3_590_000 && ms <= 3_600_000),
    ],
  ])('retry-after: %s', (value, ms) => {
    const error = Object.assign(new Error('x'), {
      $metadata: { httpStatusCode: 429 },
      $response: { headers: { 'retry-after': value } },
    });
    expect(faultOf(error)?.retryAfterMs).toEqual(ms);
  });
});

describe('what a call threw', () => {
  const signal = new AbortController().signal;
  const coded = (code: string, message = code) => Object.assign(new Error(message), { code });
  const named = (name: string, message = name) => Object.assign(new Error(message), { name });

  test.each<[Error, number, string, boolean, boolean]>([
    // error, status, reason, may have run: at once / after a minute
    [coded('ECONNREFUSED'), 502, 'connection', false, false],
    [coded('ENOTFOUND'), 502, 'connection', false, false],
    [coded('CERT_HAS_EXPIRED'), 502, 'connection', false, false],
    [coded('ETIMEDOUT'), 504, 'connection', false, false],
    [
      named('TimeoutError', 'the request socket did not establish a connection'),
      504,
      'connection',
      false,
      false,
    ],
    [coded('ECONNRESET'), 502, 'connection', false, true],
    [coded('EPIPE'), 502, 'connection', false, true],
    [
      named('TimeoutError', 'the request socket timed out after 1 ms of inactivity'),
      504,
      'timeout',
      true,
      true,
    ],
    [coded('HPE_INVALID_HEADER_TOKEN'), 502, 'connection', true, true],
  ])('%s', (error, status, reason, ranAtOnce, ranLater) => {
    const context = { model: 'm', signal };
    const atOnce = callError(error, { ...context, waitedMs: 5 });
    expect(atOnce).toMatchObject({ status, reason, mayHaveRun: ranAtOnce, cause: error });
    expect(callError(error, { ...context, waitedMs: 60_000 }).mayHaveRun).toBe(ranLater);
    expect(callError(error, context).mayHaveRun).toBe(true);
  });

  test('missing credentials', () => {
    const error = named('CredentialsProviderError', 'Could not load credentials from any providers');
    expect(callError(error, { model: 'm', signal })).toMatchObject({ status: 500, reason: 'upstream_auth' });
  });

  test('a fault of ours stays one', () => {
    expect(callError(new TypeError('x'), { model: 'm', signal })).toMatchObject({
      status: 500,
      reason: 'internal',
    });
    expect(callError('x', { model: 'm', signal })).toMatchObject({ reason: 'internal' });
    const known = badRequest('x');
    expect(callError(known, { model: 'm', signal })).toBe(known);
  });

  test('an abort explains everything else', () => {
    const deadline = new GatewayError({ status: 504, reason: 'deadline', message: 'late' });
    expect(callError(coded('ECONNRESET'), { model: 'm', signal: AbortSignal.abort(deadline) })).toBe(
      deadline,
    );
    expect(callError(coded('ECONNRESET'), { model: 'm', signal: AbortSignal.abort() })).toMatchObject({
      reason: 'aborted',
    });
  });
});
