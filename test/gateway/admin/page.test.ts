import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDay, type Browser, browser, formToken, signedIn } from '../../support/admin.ts';
import { haiku } from '../../support/chat.ts';
import { ask, settled, startLimited } from '../../support/limited.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const today = new Date().toISOString().slice(0, 10);
const hostile = '<script>alert(1)</script>';

let stack: Stack;
let admin: Browser;
beforeAll(async () => {
  stack = await startLimited({
    keys: {
      root: { admin: true },
      ann: { limits: { dollarsPerDay: 5, dollarsPerMonth: 20, requestsPerMinute: 60 }, team: 'red' },
      ben: {},
    },
    teams: { red: {} },
    env: { USAGE_BY_DAY: 'true' },
    prices: { '*': { input: 0, output: 600, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 } },
  });
  for (const key of ['ann', 'ann', 'ben']) expect((await ask(stack, key)).status).toBe(200);
  await settled(stack);
  addDay(stack, today, 'ben', hostile, { requests: 3, bedrockCalls: 3, unpriced: 2, costPico: 0 });
  admin = await signedIn(stack, 'root');
});
afterAll(() => stack.close());

const figures = async (page: Browser, path: string) =>
  (await page.get(path)).json() as Promise<Record<string, unknown>[]>;

describe('what is shown', () => {
  test('is what was called: by key and by model, as a page, as JSON and as CSV', async () => {
    const keys = await figures(admin, '/admin/keys.json');
    const ann = keys.find(({ key }) => key === 'ann');
    expect(ann).toMatchObject({ requests: 2, bedrock_calls: 2, team: 'red', admin: false });
    const output = Number(ann?.output_tokens);
    expect(output).toBeGreaterThan(0);
    expect(Number(ann?.cost_usd)).toBeCloseTo((output * 600) / 1e6, 12);
    const models = await figures(admin, '/admin/models.json');
    const base = models.find(({ model }) => String(model).includes('claude-haiku-4-5'));
    expect(base).toMatchObject({ requests: 3, unpriced: 0 });
    const csv = await (await admin.get('/admin/keys.csv')).text();
    expect(csv.split('\r\n').find((line) => line.startsWith('ann,'))).toContain(String(ann?.cost_usd));
    const html = await (await admin.get('/admin')).text();
    expect(html).toMatch(/<h1>Usage<\/h1>/);
    expect(html).toContain('2 calls without a price');
    expect(html).toMatch(/<dd>≥ \$/);
  });

  test('budgets and rates of a key are those of the table', async () => {
    const html = await (await admin.get('/admin')).text();
    expect(html).toMatch(/of \$5\.00 a day/);
    expect(html).toMatch(/aria-label="Budget used: ann, this month"/);
    expect(html).toMatch(/of 60 requests/);
  });

  test('O25: a model named like a script is text, on the page and in its chart', async () => {
    const html = await (await admin.get('/admin?by=model')).text();
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain(hostile);
    expect(html.match(/<script/g)).toBeNull();
  });

  test('O24: an ordinary key sees itself and no other', async () => {
    const ben = await signedIn(stack, 'ben');
    const html = await (await ben.get('/admin')).text();
    expect(html).toContain('Of the key <strong>ben</strong>');
    expect(html).not.toMatch(/\bann\b|\broot\b/);
    for (const path of ['/admin/keys.json', '/admin/keys.json?key=ben', '/admin/days.json'])
      expect([...new Set((await figures(ben, path)).map(({ key }) => key))]).toEqual(['ben']);
    for (const key of ['ann', 'root', 'nobody', '%00', '<script>']) {
      for (const path of ['/admin?key=', '/admin/keys.csv?key=', '/admin/models.json?key='])
        expect((await ben.get(`${path}${encodeURIComponent(key)}`)).status).toBe(404);
    }
    expect((await admin.get('/admin?key=ann')).status).toBe(200);
    expect((await admin.get('/admin?key=nobody')).status).toBe(404);
  });

  test('text that a spreadsheet would take for a formula stays text', async () => {
    addDay(stack, today, 'ben', '=HYPERLINK("http://evil")', { requests: 1 });
    const csv = await (await admin.get('/admin/models.csv')).text();
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`);
  });
});

describe('signing in', () => {
  test('by a key that opens something; the cookie is the browser’s alone', async () => {
    const page = browser(stack);
    expect(await (await page.get('/admin')).text()).toMatch(/<h1>Sign in<\/h1>/);
    expect((await page.get('/admin/keys.json')).status).toBe(401);
    const response = await page.post('/admin/sign-in', { key: 'sk-root' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/admin');
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-gateway-session=[\w.-]+; Path=\/; Max-Age=28800; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(page.cookie()).not.toContain('sk-root');
  });

  test('a cookie that was changed, or is another key’s, opens nothing', async () => {
    const value = admin.cookie() ?? '';
    const [payload = '', mac = ''] = value.split('=')[1]?.split('.') ?? [];
    const forged = Buffer.from(JSON.stringify(['ann', Date.now() + 1e9])).toString('base64url');
    for (const token of [`${forged}.${mac}`, `${payload}.${'A'.repeat(43)}`, payload, '', 'a.b.c'])
      expect(
        (await browser(stack).get('/admin/keys.json', { cookie: `__Host-gateway-session=${token}` })).status,
      ).toBe(401);
  });

  test('O26: a POST without the token of its form is refused, and so is one from elsewhere', async () => {
    const page = await signedIn(stack, 'root');
    expect((await page.post('/admin/sign-out', {})).status).toBe(403);
    expect((await page.post('/admin/sign-out', { form_token: 'x' })).status).toBe(403);
    const ofAnother = await formToken(admin);
    const own = await formToken(page);
    if (page.cookie() !== admin.cookie()) expect(own).not.toBe(ofAnother);
    const chat = await page.post('/admin/playground/chat', { model: haiku });
    expect(chat.status).toBe(403);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await page.post('/admin/sign-out', { form_token: own }, foreign)).status).toBe(403);
    expect((await page.post('/admin/sign-in', { key: 'sk-root' }, foreign)).status).toBe(403);
    expect((await page.post('/admin/sign-out', { form_token: own })).status).toBe(303);
    expect(page.cookie()).toBeUndefined();
  });

  test('every page forbids what it does not need, and no other origin may read it', async () => {
    for (const path of [
      '/admin',
      '/admin/nowhere',
      '/admin/style.css',
      '/admin/playground.js',
      '/admin/keys.csv',
    ]) {
      const { headers } = await admin.get(path, { origin: 'https://evil.example' });
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

test('O28: thirty days of 20 keys and 20 models are 30 queries, and the days that are over are read once', async () => {
  const many = await startLimited({
    keys: { root: { admin: true } },
    env: { USAGE_BY_DAY: 'true' },
  });
  const days = Array.from({ length: 30 }, (_, before) =>
    new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10),
  );
  const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
  for (const day of days)
    for (const key of names)
      for (const model of names) addDay(many, day, key, `vendor.${model}`, { requests: 1, outputTokens: 7 });
  const page = await signedIn(many, 'root');
  const queries = () => many.simulator.dynamoDb.calls.filter(({ operation }) => operation === 'Query').length;
  const lines = await figures(page, '/admin/keys.json');
  expect(lines.reduce((sum, { requests }) => sum + Number(requests), 0)).toBe(30 * 400);
  expect(queries()).toBeLessThanOrEqual(30 + Number(new Date().getUTCDate() === 31));
  const before = queries();
  expect((await page.get('/admin')).status).toBe(200);
  expect(queries() - before).toBeLessThanOrEqual(2);
  await many.close();
});

test('O23: of twenty wrong keys ten are looked at; then nobody signs in by key, and a link still does', async () => {
  const other = await startLimited({ keys: { root: { admin: true } } });
  const page = browser(other);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => page.post('/admin/sign-in', { key: `sk-wrong-${at}` })),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(10).fill(401), ...Array(10).fill(429)]);
  const refused = await page.post('/admin/sign-in', { key: 'sk-root' });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await other.close();
});

test('a path is read as every other is: slashes that are too many do not count', async () => {
  for (const path of ['//admin', '/admin//', '///admin//style.css', '/%61dmin/style.css'])
    expect([path, (await admin.get(path)).status]).toEqual([path, 200]);
  for (const path of ['/admin/x', '/admin/..%2fadmin', '/adminstyle.css', '/admin//admin'])
    expect([path, (await admin.get(path)).status]).toEqual([path, 404]);
});

test('whoever presents nothing is nobody, though a record has the hash of nothing', async () => {
  const other = await startLimited({ keys: { root: { admin: true }, empty: { key: '' } } });
  for (const key of ['', ' '])
    expect((await browser(other).post('/admin/sign-in', { key })).status).toBe(401);
  await other.close();
});

test('without a key that has the right admin there is no page: the path is as unknown as any', async () => {
  const none = await startStack({});
  const root = none.baseUrl.replace(/\/v1$/, '');
  const answers = await Promise.all(
    ['/admin', '/admin/style.css', '/admin/link?token=x', '/nowhere'].map((path) => fetch(`${root}${path}`)),
  );
  for (const answer of answers) {
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'unknown_url' } });
  }
  await none.close();
});
