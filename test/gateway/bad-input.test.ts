import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const messages = [{ role: 'user', content: 'a very secret prompt' }];
const chat = '/chat/completions';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { MAX_BODY_BYTES: '20000' } });
});
afterAll(() => stack.close());

interface Refusal {
  what: string;
  send: () => Promise<Response>;
  status: number;
  code: string | null;
  message: RegExp;
}

const url = (path: string) => `${stack.baseUrl}${path}`;
const post = (body: unknown) => stack.post(chat, body);

const refusals: Refusal[] = [
  {
    what: 'not JSON',
    send: () => post('{"model": "x", '),
    status: 400,
    code: null,
    message: /not valid JSON/,
  },
  { what: 'an empty body', send: () => post(''), status: 400, code: null, message: /empty/ },
  { what: 'an array', send: () => post([]), status: 400, code: null, message: /JSON object/ },
  {
    what: 'a missing model',
    send: () => post({ messages }),
    status: 400,
    code: 'missing_required_parameter',
    message: /'model'/,
  },
  {
    what: 'missing messages',
    send: () => post({ model }),
    status: 400,
    code: 'missing_required_parameter',
    message: /'messages'/,
  },
  {
    what: 'empty messages',
    send: () => post({ model, messages: [] }),
    status: 400,
    code: null,
    message: /at least one message/,
  },
  {
    what: 'a wrong type',
    send: () => post({ model, messages, temperature: 'hot' }),
    status: 400,
    code: null,
    message: /temperature/,
  },
  {
    what: 'a body over the limit',
    send: () => post({ model, messages: [{ role: 'user', content: 'x'.repeat(30_000) }] }),
    status: 413,
    code: 'request_too_large',
    message: /20000 bytes/,
  },
  {
    what: 'an unknown route',
    send: () => stack.post('/chat/completion', {}),
    status: 404,
    code: 'unknown_url',
    message: /\/v1\/chat\/completion\b/,
  },
  {
    what: 'a route outside /v1',
    send: () => fetch(url('/../../nowhere')),
    status: 404,
    code: 'unknown_url',
    message: /\/nowhere/,
  },
  {
    what: 'a wrong method',
    send: () => stack.get(chat),
    status: 405,
    code: 'method_not_allowed',
    message: /Use POST/,
  },
  {
    what: 'no key',
    send: () => fetch(url(chat), { method: 'POST', body: JSON.stringify({ model, messages }) }),
    status: 401,
    code: 'invalid_api_key',
    message: /Authorization: Bearer/,
  },
  {
    what: 'a wrong key',
    send: () => stack.post(chat, { model, messages }, { authorization: 'Bearer sk-guess' }),
    status: 401,
    code: 'invalid_api_key',
    message: /Authorization: Bearer/,
  },
  {
    what: 'an unknown model',
    send: () => post({ model: 'gpt-99', messages }),
    status: 404,
    code: 'model_not_found',
    message: /gpt-99/,
  },
];

describe('bad input gets a clear envelope', () => {
  for (const { what, send, status, code, message } of refusals) {
    test(what, async () => {
      const before = stack.simulator.calls.filter(({ operation }) => /Converse/.test(operation ?? '')).length;
      const response = await send();
      const text = await response.text();
      const { error } = JSON.parse(text);
      expect(response.status).toBe(status);
      expect(error).toMatchObject({ code });
      expect(error.message).toMatch(message);
      expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
      expect(response.headers.get('x-request-id')).toBeTruthy();
      expect(text).not.toContain('secret prompt');
      expect(text).not.toContain('sk-guess');
      const after = stack.simulator.calls.filter(({ operation }) => /Converse/.test(operation ?? '')).length;
      expect(after).toBe(before);
    });
  }

  test('a body whose length is not told is limited all the same', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = httpRequest(
        url(chat),
        { method: 'POST', headers: { authorization: `Bearer ${stack.apiKey}` } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      call.on('error', reject);
      for (let i = 0; i < 40; i++) call.write(' '.repeat(1000));
      call.end('{}');
    });
    expect(status).toBe(413);
  });

  test('the same routes answer under /api/v1, and /health without a key', async () => {
    const old = await fetch(url('/../api/v1/models'), { headers: { 'x-api-key': stack.apiKey } });
    expect(old.status).toBe(200);
    const health = await fetch(url('/../health'));
    expect(health.status).toBe(200);
  });

  test('the log has one summary line a request, without prompts or keys', async () => {
    stack.logs.length = 0;
    await (await post({ model, messages })).text();
    expect(stack.logs).toHaveLength(1);
    expect(stack.logs[0]).toMatchObject({
      message: 'request',
      api: 'chat',
      modelAsked: model,
      modelUsed: model,
      status: 200,
      key: 'default',
    });
    expect(stack.logs[0]?.inputTokens).toBeGreaterThan(0);
    expect(JSON.stringify(stack.logs)).not.toMatch(/secret|sk-test/);
  });
});
