import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What Anthropic's clients ask for beside messages: models, a sign of life, and what is not there. */

interface Model {
  type: string;
  id: string;
  display_name: string;
  created_at: string;
  max_input_tokens?: number;
  max_tokens?: number;
}
interface Page {
  data: Model[];
  has_more: boolean;
  first_id: string | null;
  last_id: string | null;
}

const version = { 'anthropic-version': '2023-06-01' };
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(() => {
  stack.simulator.calls.length = 0;
});

const page = async (query = '', headers: Record<string, string> = version): Promise<Page> =>
  (await stack.get(`/models${query}`, headers)).json() as Promise<Page>;

describe('the list of models', () => {
  test('as Claude Code asks for it: one page, Claude’s ids among them', async () => {
    const { data, has_more, first_id, last_id } = await page('?limit=1000');
    expect({ has_more, first_id, last_id }).toEqual({
      has_more: false,
      first_id: data[0]?.id,
      last_id: data.at(-1)?.id,
    });
    const claude = data.filter(({ id }) => /claude/.test(id));
    expect(claude.map(({ id }) => id)).toContain('us.anthropic.claude-sonnet-5-5');
    for (const model of data) {
      expect(model).toMatchObject({ type: 'model', display_name: expect.any(String) });
      expect(Number.isNaN(Date.parse(model.created_at)), model.id).toBe(false);
    }
    expect(data.filter(({ id }) => /embed/.test(id))).toEqual([]);
  });

  test('pages forwards and backwards', async () => {
    const all = (await page('?limit=1000')).data.map(({ id }) => id);
    const first = await page('?limit=2');
    expect(first).toMatchObject({ has_more: true, first_id: all[0], last_id: all[1] });
    const second = await page(`?limit=2&after_id=${all[1]}`);
    expect(second).toMatchObject({ has_more: true, first_id: all[2], last_id: all[3] });
    expect(await page(`?limit=2&before_id=${all[2]}`)).toEqual({ ...first, has_more: false });
    expect(await page(`?after_id=${all.at(-1)}`)).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
  });

  test.each(['?limit=0', '?limit=1001', '?limit=x', '?after_id=nothing', '?before_id=nothing'])(
    '%s: a 400 of Anthropic’s',
    async (query) => {
      const response = await stack.get(`/models${query}`, version);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        type: 'error',
        error: { type: 'invalid_request_error' },
        request_id: response.headers.get('request-id'),
      });
    },
  );

  test('its shape goes by the client: the header, or the base URL', async () => {
    expect(await page('?limit=1', {})).toMatchObject({ object: 'list' });
    const url = stack.baseUrl.replace('/v1', '/anthropic/v1/models?limit=1');
    const response = await fetch(url, { headers: { 'x-api-key': stack.apiKey } });
    expect(await response.json()).toMatchObject({ data: [{ type: 'model' }], has_more: true });
  });
});

describe('one model', () => {
  const model = async (id: string) => (await stack.get(`/models/${id}`, version)).json() as Promise<Model>;

  test.each([
    'us.anthropic.claude-sonnet-5-5',
    'claude-sonnet-5-5',
    'claude-haiku-4-5-20251001',
    'claude-3-5-sonnet-latest',
    'anthropic/claude-opus-4.8',
    'bedrock/converse/us-east-1/us.anthropic.claude-sonnet-5-5',
    'claude-sonnet-5-5[1m]',
  ])('%s, under the name that was asked for', async (id) => {
    const { max_input_tokens, max_tokens, ...rest } = await model(encodeURIComponent(id));
    expect(rest).toEqual({
      type: 'model',
      id,
      display_name: expect.stringMatching(/Claude/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect([max_input_tokens, max_tokens].every((tokens) => Number(tokens) > 0)).toBe(true);
  });

  test('none: 404 in the envelope', async () => {
    expect(await model('claude-nobody')).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error', message: expect.stringContaining('claude-nobody') },
    });
  });

  test('a key’s scope is that of what a name leads to, however it is written', async () => {
    const keys = [{ name: 'haiku', key: 'sk-canary-haiku', models: ['*claude-haiku-4-5*'] }];
    const scoped = await startStack({ env: { API_KEY_FILE: await keysFile(keys) } });
    const headers = { ...version, authorization: 'Bearer sk-canary-haiku' };
    const statusOf = async (name: string) =>
      (await scoped.get(`/models/${encodeURIComponent(name)}`, headers)).status;
    const own = ['claude-haiku-4-5-20251001', 'bedrock/claude-haiku-4-5', 'anthropic/claude-haiku-4.5'];
    const others = [
      'claude-sonnet-4-5',
      'bedrock/us.anthropic.claude-sonnet-5-5',
      'aws/amazon.nova-lite-v1:0',
    ];
    expect(await Promise.all(own.map(statusOf))).toEqual(own.map(() => 200));
    expect(await Promise.all(others.map(statusOf))).toEqual(others.map(() => 404));
    await scoped.close();
  });
});

describe('without a key', () => {
  test.each(['/api/hello', '/anthropic/api/hello', '/', '/anthropic'])(
    'HEAD %s says nothing and calls nothing',
    async (path) => {
      const response = await fetch(stack.baseUrl.replace('/v1', path), { method: 'HEAD' });
      expect(response.status).toBeLessThan(500);
      expect(response.status).not.toBe(401);
      expect(await response.text()).toBe('');
      expect(stack.simulator.calls).toEqual([]);
    },
  );
});

describe('what is not there', () => {
  const paths = ['/messages/batches/x/y', '/skills', '/complete'];
  const bases = ['/v1', '/anthropic/v1', '/api/v1'];

  test.each(bases.flatMap((base) => paths.map((path) => `${base}${path}`)))(
    'POST %s: 404 not_found_error',
    async (path) => {
      const url = stack.baseUrl.replace('/v1', path);
      const headers = { ...version, 'x-api-key': stack.apiKey };
      const response = await fetch(url, { method: 'POST', body: '{}', headers });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        type: 'error',
        error: { type: 'not_found_error', message: expect.stringContaining(`POST ${path}`) },
        request_id: response.headers.get('request-id'),
      });
      expect(stack.simulator.calls).toEqual([]);
    },
  );

  test('a method that a path has not: 405 in the envelope, with those that it has', async () => {
    const response = await stack.get('/messages/count_tokens', version);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining('Use POST') },
    });
  });

  test('without a key it is a 401', async () => {
    const url = stack.baseUrl.replace('/v1', '/anthropic/v1/messages/batches');
    const response = await fetch(url, { method: 'POST', body: '{}', headers: version });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { type: 'authentication_error' } });
  });
});
