import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../../lambda/auth/digest.ts';
import { signToken } from '../../../lambda/auth/session.ts';
import { browser, formToken, signedIn } from '../../support/admin.ts';
import { haiku } from '../../support/chat.ts';
import { dayItems, modelCalls, settled, startLimited } from '../../support/limited.ts';
import type { Stack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startLimited({
    keys: {
      root: { admin: true },
      ann: { models: ['amazon.nova-*'], limits: { requestsPerMinute: 1 } },
    },
    env: { USAGE_BY_DAY: 'true' },
  });
});
afterAll(() => stack.close());

const root = () => stack.baseUrl.replace(/\/v1$/, '');

async function chat(name: string, body: object) {
  const page = await signedIn(stack, name);
  const response = await fetch(`${root()}/admin/playground/chat`, {
    method: 'POST',
    headers: {
      cookie: page.cookie() ?? '',
      'x-form-token': await formToken(page),
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
}

const message = { messages: [{ role: 'user', content: 'Hello' }] };

test('the page has the models that the key may call, and no others', async () => {
  const of = async (name: string) => {
    const html = await (await (await signedIn(stack, name)).get('/admin/playground')).text();
    return [...html.matchAll(/<option value="([^"]+\.[^"]+)"/g)].map(([, id = '']) => id);
  };
  expect(await of('root')).toContain(haiku);
  const own = await of('ann');
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((id) => !id.includes('nova-'))).toEqual([]);
});

test('a chat streams, says what it cost, and counts for the key', async () => {
  const { status, text, type } = await chat('root', {
    model: haiku,
    ...message,
    stream: true,
    usage: { include: true },
  });
  expect(status).toBe(200);
  expect(type).toContain('text/event-stream');
  expect(text).toMatch(/"usage":\{.*"cost":[\d.]+/);
  expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
  await settled(stack);
  expect(dayItems(stack).find(({ sk }) => String(sk).startsWith('root#'))).toMatchObject({ requests: '1' });
});

test('the rights and the limits of the key hold', async () => {
  const before = modelCalls(stack).length;
  expect((await chat('ann', { model: haiku, ...message })).status).toBe(403);
  expect(modelCalls(stack).length).toBe(before);
  expect((await chat('ann', { model: 'amazon.nova-lite-v1:0', ...message })).status).toBe(200);
  expect((await chat('ann', { model: 'amazon.nova-lite-v1:0', ...message })).status).toBe(429);
});

test('no header makes a client somebody else', async () => {
  const headers = { authorization: 'Bearer sk-nobody', principal: 'root', 'x-principal': 'root' };
  expect((await stack.post('/chat/completions', { model: haiku, ...message }, headers)).status).toBe(401);
});

test('a link signs in for five minutes, by a button', async () => {
  const key = { digest: digestOf('sk-root'), principal: { name: 'root' } };
  const link = signToken(key, 'link', Date.now() + 60_000);
  const page = browser(stack);
  const opened = await page.get(`/admin/link?token=${link}`);
  expect(opened.status).toBe(200);
  expect(page.cookie()).toBeUndefined();
  expect((await page.post('/admin/link', { token: link })).status).toBe(303);
  expect((await page.get('/admin/keys.json')).status).toBe(200);
  for (const token of [
    signToken(key, 'link', Date.now() - 1),
    signToken(key, 'session', Date.now() + 60_000),
    signToken({ ...key, digest: digestOf('sk-ann') }, 'link', Date.now() + 60_000),
    'x',
  ])
    expect((await browser(stack).post('/admin/link', { token })).status).toBe(401);
});
