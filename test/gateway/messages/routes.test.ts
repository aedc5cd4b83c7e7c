import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sonnet55 } from '../../support/messages.ts';
import { type Stack, startStack, testKey } from '../../support/stack.ts';

/** What clients of Anthropic's API ask for beside messages. */

let stack: Stack;
let root: string;
beforeAll(async () => {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
  root = stack.baseUrl.replace(/\/v1$/, '');
});
afterAll(() => stack.close());

const anthropic = { 'anthropic-version': '2023-06-01' };

interface Listed {
  data: { type?: string; object?: string; id: string; display_name?: string; created_at?: string }[];
  has_more?: boolean;
  first_id?: string;
  last_id?: string;
  object?: string;
}

test('M73 the list of models, in the form of who asks', async () => {
  const asked = await stack.get('/models?limit=1000', anthropic);
  const { data, ...rest } = (await asked.json()) as Listed;
  expect(data.length).toBeGreaterThan(20);
  expect(rest).toEqual({ has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id });
  for (const model of data)
    expect(model).toMatchObject({
      type: 'model',
      id: expect.any(String),
      display_name: expect.any(String),
      created_at: expect.any(String),
    });
  // Claude Code keeps those alone.
  expect(data.filter(({ id }) => id.includes('claude')).length).toBeGreaterThan(10);
  const plain = (await (await stack.get('/models?limit=1000')).json()) as Listed;
  expect(plain.object).toBe('list');
  expect(plain.data[0]?.object).toBe('model');
});

test('M73 pages of it', async () => {
  const page = async (query: string) =>
    (await (await stack.get(`/models?${query}`, anthropic)).json()) as Listed;
  const first = await page('limit=2');
  expect([first.data.length, first.has_more]).toEqual([2, true]);
  const second = await page(`limit=2&after_id=${encodeURIComponent(first.last_id ?? '')}`);
  expect(second.data.map(({ id }) => id)).not.toContain(first.data[1]?.id);
  const back = await page(`limit=2&before_id=${encodeURIComponent(second.first_id ?? '')}`);
  expect(back.data).toEqual(first.data);
});

test('M74 one model', async () => {
  const response = await stack.get(`/models/${sonnet55}`, anthropic);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    type: 'model',
    id: sonnet55,
    display_name: expect.stringMatching(/Sonnet 5\.5/),
  });
  const none = await stack.get('/models/claude-nothing-9', anthropic);
  expect(none.status).toBe(404);
  expect(await none.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
});

test.each(['/api/hello', '/'])('M75 HEAD %s, without a key', async (path) => {
  stack.simulator.reset();
  const response = await fetch(`${root}${path}`, { method: 'HEAD' });
  expect(response.status).toBeLessThan(500);
  expect(response.status).not.toBe(401);
  expect(await response.text()).toBe('');
  expect(stack.simulator.calls).toEqual([]);
});

describe('M76 what there is not', () => {
  const both = (paths: string[]) => paths.flatMap((path) => [`/v1${path}`, `/anthropic/v1${path}`]);

  test.each(both(['/messages/batches', '/files']))('POST %s, where the stack is without it', async (path) => {
    const headers = { 'x-api-key': testKey, ...anthropic, 'content-type': 'application/json' };
    const response = await fetch(`${root}${path}`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'api_error', message: expect.stringContaining('not set up on this gateway') },
      request_id: response.headers.get('request-id'),
    });
  });

  test.each(both(['/skills', '/complete']))('POST %s', async (path) => {
    const headers = { 'x-api-key': testKey, ...anthropic, 'content-type': 'application/json' };
    const response = await fetch(`${root}${path}`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
    expect(response.headers.get('request-id')).toBeTruthy();
  });

  test.each(['GET', 'PUT', 'DELETE'])('%s /v1/messages is not how it is asked for', async (method) => {
    const response = await fetch(`${root}/v1/messages`, {
      method,
      headers: { 'x-api-key': testKey, ...anthropic },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('POST');
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});
