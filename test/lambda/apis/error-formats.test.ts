import { describe, expect, test } from 'vitest';
import { anthropicErrors } from '../../../lambda/apis/anthropic/error.ts';
import { errorFormatFor } from '../../../lambda/apis/error-formats.ts';
import { openAiErrors } from '../../../lambda/apis/openai/error.ts';
import { rerankErrors } from '../../../lambda/apis/rerank/error.ts';
import { GatewayError, type GatewayErrorInit } from '../../../lambda/errors.ts';
import { written } from '../../../lambda/fields.ts';

const error = (init: Partial<GatewayErrorInit>) =>
  new GatewayError({ status: 400, reason: 'bad_request', message: 'm', ...init });

describe('which format a request gets', () => {
  const anthropic = { 'anthropic-version': '2023-06-01' };
  test.each<[path: string, headers: Record<string, string>, format: unknown]>([
    ['/v1/chat/completions', {}, openAiErrors],
    ['/api/v1/chat/completions', anthropic, openAiErrors],
    ['/v1/models', {}, openAiErrors],
    ['/v1/models', anthropic, anthropicErrors],
    ['/v1/models/us.anthropic.claude-x', anthropic, anthropicErrors],
    ['/v1/messages', {}, anthropicErrors],
    ['/v1/messages/count_tokens', {}, anthropicErrors],
    ['/anthropic/v1/anything', {}, anthropicErrors],
    ['/anthropic/v1/models', {}, anthropicErrors],
    ['/v1/messages/batches', {}, anthropicErrors],
    ['/v1/complete', {}, anthropicErrors],
    ['/v1/files', anthropic, anthropicErrors],
    ['/v1/files', {}, openAiErrors],
    ['/v1/skills/x', anthropic, anthropicErrors],
    ['/v1/completely', anthropic, openAiErrors],
    ['/v1/messagesx', {}, openAiErrors],
    ['/', {}, openAiErrors],
    ['/v1/rerank', {}, rerankErrors],
    ['/cohere/v2/rerank', {}, rerankErrors],
    ['/v1/rerank/x', {}, openAiErrors],
  ])('%s %j', (path, headers, format) => {
    expect(errorFormatFor(path, new Headers(headers))).toBe(format);
  });
});

test('an error of rerank has Cohere’s message beside OpenAI’s envelope', () => {
  const failed = error({ param: written('query') });
  expect(rerankErrors.body(failed, 'req')).toEqual({ message: 'm', ...openAiErrors.body(failed, 'req') });
});

describe('OpenAI’s envelope', () => {
  test.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [499, 'invalid_request_error'],
    [500, 'server_error'],
    [503, 'server_error'],
  ])('%i is %s', (status, type) => {
    expect(openAiErrors.body(error({ status }), 'req')).toEqual({
      error: { message: 'm', type, param: null, code: null },
    });
  });

  test('has param and code, and the same in a stream', () => {
    const failure = error({ param: written('a[0].b'), code: 'timeout' });
    const body = { error: { message: 'm', type: 'invalid_request_error', param: 'a[0].b', code: 'timeout' } };
    expect(openAiErrors.body(failure, 'req')).toEqual(body);
    expect(openAiErrors.event(failure, 'req')).toBe(`data: ${JSON.stringify(body)}\n\n`);
  });
});

describe('Anthropic’s envelope', () => {
  test.each<[Partial<GatewayErrorInit>, status: number, type: string]>([
    [{ status: 400 }, 400, 'invalid_request_error'],
    [{ status: 401 }, 401, 'authentication_error'],
    [{ status: 403 }, 403, 'permission_error'],
    [{ status: 404 }, 404, 'not_found_error'],
    [{ status: 405 }, 405, 'invalid_request_error'],
    [{ status: 413 }, 413, 'request_too_large'],
    [{ status: 429 }, 429, 'rate_limit_error'],
    [{ status: 500 }, 500, 'api_error'],
    [{ status: 502 }, 502, 'api_error'],
    [{ status: 502, reason: 'model_error' }, 500, 'api_error'],
    [{ status: 503, reason: 'overloaded' }, 529, 'overloaded_error'],
    [{ status: 503, reason: 'not_ready' }, 529, 'overloaded_error'],
    [{ status: 503, reason: 'internal' }, 503, 'api_error'],
    [{ status: 504 }, 504, 'timeout_error'],
  ])('%j is %i %s', (init, status, type) => {
    const failure = error(init);
    const body = { type: 'error', error: { type, message: 'm' }, request_id: 'req' };
    expect(anthropicErrors.status(failure)).toBe(status);
    expect(anthropicErrors.body(failure, 'req')).toEqual(body);
    expect(anthropicErrors.event(failure, 'req')).toBe(`event: error\ndata: ${JSON.stringify(body)}\n\n`);
  });
});
