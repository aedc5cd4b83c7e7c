import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { anthropicErrors } from '../../../lambda/apis/anthropic/error.ts';
import { errorFormatFor } from '../../../lambda/apis/error-formats.ts';
import { openAiErrors } from '../../../lambda/apis/openai/error.ts';
import type { GatewayEnv } from '../../../lambda/apis/shared/env.ts';
import { unauthenticated } from '../../../lambda/auth/authenticate.ts';
import { readConfig } from '../../../lambda/config.ts';
import type { RequestContext } from '../../../lambda/engine/types.ts';
import { createApp } from '../../../lambda/http/app.ts';
import { exposedHeaders } from '../../../lambda/http/exposed-headers.ts';
import { createLogger } from '../../../lambda/telemetry/logger.ts';
import { recordIn } from '../../support/record-in.ts';

/** An app whose routes do nothing but what a test is about. */
function setUp(env: Record<string, string> = {}, notice?: string) {
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger('info', (line) => logs.push(JSON.parse(line)));
  const calls: RequestContext[] = [];
  let end: ((complete: boolean) => void) | undefined;
  let time = 1000;
  const api = new Hono<GatewayEnv>();
  api.get('/ok', (c) => {
    calls.push(c.get('request'));
    time += 5;
    return c.json({ ok: true });
  });
  api.get('/broken', () => {
    throw new TypeError('cannot read the prompt');
  });
  api.get('/held', (c) => {
    calls.push(c.get('request'));
    end = c.get('keepOpen')();
    return c.body('…');
  });
  api.get('/things/:id{.+}', (c) => c.json({}));
  api.post('/echo', async (c) => c.body(await c.req.text()));
  const app = createApp({
    config: readConfig(env),
    authenticate: async (headers) => {
      if (!headers.get('x-api-key')) throw unauthenticated();
      return { name: 'key' };
    },
    logger,
    api,
    now: () => time,
    record: recordIn(logger),
    notice: () => notice,
    newRequestId: () => 'req_new',
    waitUntil: () => {},
    errorFormatFor,
  });
  const fetch = (path: string, init: RequestInit = {}, bindings: GatewayEnv['Bindings'] = {}) => {
    const headers = { 'x-api-key': 'k', ...(init.headers as Record<string, string>) };
    return app.fetch(new Request(`http://gateway${path}`, { ...init, headers }), bindings);
  };
  return { app, fetch, logs, calls, end: (complete: boolean) => end?.(complete) };
}

describe('a call', () => {
  test('has an id, a deadline and a signal, and leaves one line', async () => {
    const { fetch, logs, calls } = setUp({ REQUEST_TIMEOUT_SECONDS: '10' });
    const response = await fetch('/v1/ok');
    expect(response.headers.get('x-request-id')).toBe('req_new');
    expect(calls[0]).toMatchObject({
      requestId: 'req_new',
      lifetime: { deadline: 11_000 },
      caller: { principal: { name: 'key' } },
    });
    expect(calls[0]?.lifetime.signal.aborted).toBe(true);
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({
      message: 'request',
      key: 'key',
      status: 200,
      firstByteMs: 5,
      totalMs: 5,
    });
  });

  test('takes id and deadline from who runs it', async () => {
    const { fetch, calls } = setUp();
    const response = await fetch('/v1/ok', {}, { requestId: 'lambda-1', deadline: 7 });
    expect(response.headers.get('x-request-id')).toBe('lambda-1');
    expect(calls[0]?.lifetime.deadline).toBe(7);
  });

  test('that is held goes on until its last byte is out, and ends once', async () => {
    const { fetch, logs, calls, end } = setUp();
    await fetch('/v1/held');
    expect(calls[0]?.lifetime.signal.aborted).toBe(false);
    expect(logs).toEqual([]);
    end(true);
    end(false);
    expect(calls[0]?.lifetime.signal.aborted).toBe(true);
    expect(logs).toHaveLength(1);
    expect(logs[0]?.errorReason).toBeUndefined();
  });

  test('whose model is about to end warns of it, in answers and streams, and not in errors', async () => {
    const { fetch } = setUp({}, 'it ends');
    const warned = async (path: string) => (await fetch(path)).headers.get('x-gateway-warnings');
    expect(await warned('/v1/ok')).toBe('it ends');
    expect(await warned('/v1/held')).toBe('it ends');
    expect(await warned('/v1/broken')).toBeNull();
  });

  test('whose client has gone says so', async () => {
    const { fetch, logs, end } = setUp();
    await fetch('/v1/held');
    end(false);
    expect(logs[0]).toMatchObject({ errorReason: 'aborted', errorCode: 'client_closed_request' });
  });

  test('ends with its client', async () => {
    const { fetch, calls, end } = setUp();
    const client = new AbortController();
    await fetch('/v1/held', { signal: client.signal });
    client.abort();
    expect(calls[0]?.lifetime.signal.reason).toMatchObject({ status: 499, code: 'client_closed_request' });
    end(false);
  });
});

describe('a slip in the base URL', () => {
  test.each(['/v1//ok', '//v1/ok', '/v1/ok/', '/v1///ok//', '/api//v1/ok', '/v1//ok?a=//b'])(
    '%s is served',
    async (path) => {
      expect((await setUp().fetch(path)).status).toBe(200);
    },
  );
});

describe('an error', () => {
  test('of our own is a 500 that tells the client nothing, and the log what it was', async () => {
    const { fetch, logs } = setUp();
    const response = await fetch('/v1/broken');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { type: 'server_error', code: 'internal_error' } });
    expect(logs[0]).toMatchObject({ level: 'error', message: 'unexpected error', requestId: 'req_new' });
    expect(logs[0]).toMatchObject({ cause: { error: 'TypeError' } });
    expect(logs[1]).toMatchObject({ message: 'request', status: 500, errorReason: 'internal' });
  });

  test.each([
    ['GET', '/v1/nothing', 404, 'unknown_url'],
    ['GET', '/ok', 404, 'unknown_url'],
    ['POST', '/v1/ok', 405, 'method_not_allowed'],
    ['DELETE', '/api/v1/echo', 405, 'method_not_allowed'],
  ])('%s %s is a %i', async (method, path, status, code) => {
    const response = await setUp().fetch(path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(response.headers.get('x-request-id')).toBe('req_new');
    if (status === 405) expect(response.headers.get('allow')).toBe(path.endsWith('ok') ? 'GET' : 'POST');
  });

  test.each([
    ['/ok', '/v1/ok'],
    ['/v1/v1/ok', '/v1/ok'],
    ['/openai/v1/echo', '/v1/echo'],
    ['/v1/ech', '/v1/echo'],
    ['/v1/echoes', '/v1/echo'],
    ['/v1/ok/ok', '/v1/ok'],
    ['/somewhere', undefined],
    [`/${'x'.repeat(5000)}`, undefined],
  ])('of a route says which there are: %s', async (path, meant) => {
    const response = await setUp().fetch(path, { method: 'POST' });
    const { error } = (await response.json()) as { error: { message: string } };
    expect(response.status).toBe(404);
    expect(error.message).toContain(`No such route: POST ${path.slice(0, 200)}.`);
    expect(error.message).toContain('GET /v1/ok, GET /v1/broken');
    expect(error.message).toContain('/v1/things/{id}');
    expect(error.message).toContain('GET /health');
    expect(/Did you mean \w+ (\S+)\?/.exec(error.message)?.[1]).toBe(meant);
  });

  test('a body over the limit is a 413', async () => {
    const { fetch } = setUp({ MAX_BODY_BYTES: '1024' });
    expect((await fetch('/v1/echo', { method: 'POST', body: 'x'.repeat(1024) })).status).toBe(200);
    const response = await fetch('/v1/echo', { method: 'POST', body: 'x'.repeat(1025) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  });
});

describe('a browser', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  };

  test('may ask, without a key, where a setting names its page', async () => {
    const { fetch } = setUp({ ALLOWED_ORIGINS: 'https://app.example,https://other.example' });
    const asked = await fetch('/v1/echo', preflight);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const answer = await fetch('/v1/ok', { headers: { origin: 'https://app.example' } });
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-gateway-model');
    const stranger = await fetch('/v1/ok', { headers: { origin: 'https://stranger.example' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('may send every method that a route has, and read every header that a client reads', async () => {
    const { fetch } = setUp({ ALLOWED_ORIGINS: 'https://app.example' });
    const headers = { ...preflight.headers, 'access-control-request-method': 'DELETE' };
    const asked = await fetch('/v1/files/file-1', { method: 'OPTIONS', headers });
    expect(asked.headers.get('access-control-allow-methods')?.split(',')).toEqual(
      expect.arrayContaining(['GET', 'POST', 'DELETE']),
    );
    // Anthropic's SDK takes the id of a request from a header of its own.
    for (const { requestIdHeaders } of [openAiErrors, anthropicErrors])
      expect(exposedHeaders).toEqual(expect.arrayContaining([...requestIdHeaders]));
  });

  test('from anywhere with *, and from nowhere by default', async () => {
    const any = await setUp({ ALLOWED_ORIGINS: '*' }).fetch('/v1/ok', {
      headers: { origin: 'https://a.example' },
    });
    expect(any.headers.get('access-control-allow-origin')).toBe('*');
    const none = await setUp().fetch('/v1/ok', { headers: { origin: 'https://a.example' } });
    expect(none.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the bare address', () => {
  const browser = {
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'x-api-key': '',
  };

  test.each(['/', '/v1', '/v1/', '/api/v1', '/api/v1/'])('%s is a page for a browser', async (path) => {
    const response = await setUp().fetch(path, { headers: browser });
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toContain('http://gateway/v1');
    expect(page).toContain('GET /v1/things/{id}');
    for (const file of page.match(/docs\/[\w-]+\.md/g) ?? []) expect(existsSync(file)).toBe(true);
    expect(page.match(/docs\/[\w-]+\.md/g)?.length).toBeGreaterThan(2);
  });

  test('the page may do nothing and load nothing; its style is the one that the policy names', async () => {
    const response = await setUp().fetch('/', { headers: browser });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^' ]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    const style = /<style>([^<]*)<\/style>/.exec(await response.text())?.[1] ?? '';
    expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each([undefined, '*/*', 'application/json', 'text/html;q=0.1, application/json'])(
    'is JSON for others: %s',
    async (accept) => {
      const response = await setUp().fetch('/', { headers: { 'x-api-key': '', ...(accept && { accept }) } });
      expect(await response.json()).toMatchObject({
        name: 'Bedrock Gateway',
        base_url: 'http://gateway/v1',
        routes: expect.arrayContaining(['POST /v1/echo', 'GET /health']),
      });
      expect(response.headers.get('vary')).toBe('accept');
    },
  );

  test('nothing of the address gets into the page as markup', async () => {
    const { app } = setUp();
    const request = new Request('http://gateway/', { headers: browser });
    Object.defineProperty(request, 'url', { value: 'http://a"><script>alert(1)</script>/' });
    const response = await app.fetch(request, {});
    expect(await response.text()).not.toContain('<script');
  });
});

test('health is answered without a key, and not logged', async () => {
  const { fetch, logs } = setUp();
  expect((await fetch('/health', { headers: { 'x-api-key': '' } })).status).toBe(200);
  expect(logs).toEqual([]);
});

describe('errors before any route', () => {
  const anthropic = { 'anthropic-version': '2023-06-01' };
  test.each<[what: string, path: string, init: RequestInit, status: number, type: string]>([
    ['no key', '/v1/messages', { method: 'POST', headers: { 'x-api-key': '' } }, 401, 'authentication_error'],
    ['no such route', '/v1/messages/nothing', { method: 'POST' }, 404, 'not_found_error'],
    ['no such route of Anthropic’s', '/anthropic/v1/x', {}, 404, 'not_found_error'],
    ['no such model list', '/v1/models/x', { headers: anthropic }, 404, 'not_found_error'],
    [
      'too large a body',
      '/v1/messages',
      { method: 'POST', body: 'x'.repeat(2000), headers: { 'content-length': '2000' } },
      413,
      'request_too_large',
    ],
  ])('%s on %s in Anthropic’s form', async (_, path, init, status, type) => {
    const { fetch } = setUp({ MAX_BODY_BYTES: '1024' });
    const response = await fetch(path, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      type: 'error',
      error: { type, message: expect.any(String) },
      request_id: 'req_new',
    });
    expect(response.headers.get('request-id')).toBe('req_new');
    expect(response.headers.get('x-request-id')).toBe('req_new');
  });
});
