import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, settled } from '../support/limited.ts';
import type { Stack } from '../support/stack.ts';
import { chromiumPath, startChromium } from './chromium.ts';
import { addHostile, hostile, startDemo } from './gateway.ts';

/** A picture of one point. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const title = chromiumPath
  ? 'the page in Chromium'
  : 'the page in Chromium (there is none here: set CHROMIUM)';

describe.skipIf(!chromiumPath)(title, () => {
  let stack: Stack;
  let url: string;
  let browser: Browser;
  beforeAll(async () => {
    ({ stack, url } = await startDemo());
    addHostile(stack);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await stack.close();
  });

  /** Runs with a page of its own; fails where a script is refused or throws. */
  async function withPage(
    run: (page: Page, context: BrowserContext) => Promise<void>,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('dialog', (dialog) => problems.push(`a dialog: ${dialog.message()}`));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) problems.push(message.text());
    });
    await run(page, context);
    expect(problems).toEqual([]);
    await context.close();
  }

  async function signIn(page: Page, key = 'sk-root'): Promise<void> {
    await page.goto(`${url}/admin`);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** What axe finds, by rule, of what it calls serious or critical. */
  async function findings(page: Page): Promise<string[]> {
    // Playwright's own worlds are not under the page's policy.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(axePath, 'utf8'));
    const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }

  test('signing in is refused with a wrong key and granted with a right one, and ends', () =>
    withPage(async (page) => {
      await signIn(page, 'sk-wrong');
      await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/opens nothing/);
      await page.getByLabel('API key').fill('sk-root');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Usage' }).waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('API key').waitFor();
    }));

  test('the numbers are those of what was called', () =>
    withPage(async (page) => {
      await signIn(page);
      const cells = async () => {
        await page.goto(`${url}/admin`);
        return page
          .getByRole('row', { name: /^nightly-batch/ })
          .getByRole('cell')
          .allTextContents();
      };
      const numbers = async () => {
        const keys = (await (await page.request.get(`${url}/admin/keys.json`)).json()) as Record<
          string,
          unknown
        >[];
        const own = keys.find(({ key }) => key === 'nightly-batch');
        return { requests: Number(own?.requests), cost: Number(own?.cost_usd) };
      };
      const before = await numbers();
      const used = await Promise.all([1, 2, 3].map(() => ask(stack, 'nightly-batch')));
      await settled(stack);
      const after = await numbers();
      expect(after.requests).toBe(before.requests + 3);
      expect(after.cost).toBeGreaterThan(before.cost);
      expect(used.map(({ status }) => status)).toEqual([200, 200, 200]);
      const shown = await cells();
      expect(shown).toContain(after.requests.toLocaleString('en-US'));
      const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
      expect(shown).toContain(`$${after.cost.toLocaleString('en-US', digits)}`);
    }));

  test('O25: a model named like a script is shown as text', () =>
    withPage(async (page) => {
      await signIn(page);
      expect(await page.getByRole('rowheader', { name: hostile }).textContent()).toBe(hostile);
      expect(await page.locator('main script').count()).toBe(0);
    }));

  test('an ordinary key sees itself', () =>
    withPage(async (page) => {
      await signIn(page, 'sk-ben');
      expect(await page.getByRole('rowheader', { name: 'ann' }).count()).toBe(0);
      expect((await page.goto(`${url}/admin?key=ann`))?.status()).toBe(404);
    }));

  test('the playground streams an answer, says what it cost, and shows what went over the wire', () =>
    withPage(async (page) => {
      await signIn(page);
      await page.getByRole('link', { name: 'Playground' }).click();
      await page.getByLabel('Model').selectOption('us.anthropic.claude-haiku-4-5-20251001-v1:0');
      await page.getByLabel('Message').fill('Hello, <b>page</b>');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect.poll(() => page.locator('#state').textContent()).toBe('Complete (stop).');
      expect((await page.locator('#answer').textContent())?.length).toBeGreaterThan(5);
      expect(await page.locator('#cost').textContent()).toMatch(/^\$[\d.e-]+$/);
      await page.getByText('Request as it was sent').click();
      expect(await page.locator('#raw-request').textContent()).toContain('"Hello, <b>page</b>"');
      expect(await page.locator('#raw-answer').textContent()).toMatch(/data: \[DONE\]/);
      const reported = await page.locator('#usage').textContent();
      expect(reported).toMatch(/^\d+ read, \d+ written$/);
    }));

  test('the playground shows reasoning and tool calls, and takes an image', () =>
    withPage(async (page) => {
      await signIn(page);
      await page.goto(`${url}/admin/playground`);
      await page.getByLabel('Model').selectOption('us.anthropic.claude-haiku-4-5-20251001-v1:0');
      await page.getByLabel('Reasoning').first().selectOption('low');
      await page.getByLabel('Most tokens').fill('4096');
      await page.getByLabel('Image').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: dot });
      const parameters = { type: 'object', properties: { city: { type: 'string' } } };
      const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];
      await page.getByLabel('Tools, as JSON').fill(JSON.stringify(tools));
      await page.getByLabel('Message').fill('What is the weather in Paris?');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect.poll(() => page.locator('#state').textContent()).toBe('Complete (tool_calls).');
      expect(await page.locator('#calls').textContent()).toMatch(/^get_weather\(\{.*\}\)$/);
      expect((await page.locator('#reasoning').textContent())?.length).toBeGreaterThan(5);
      expect(await page.locator('#raw-request').textContent()).toContain('data:image/png;base64,');
    }));

  test('the playground shows a refusal as one', () =>
    withPage(async (page) => {
      await signIn(page);
      await page.goto(`${url}/admin/playground`);
      await page.getByLabel('Tools, as JSON').fill('not JSON');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect.poll(() => page.locator('#state').textContent()).toMatch(/JSON/);
    }));

  test('everything can be reached by keyboard', () =>
    withPage(async (page) => {
      await page.goto(`${url}/admin`);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('Tab');
      await page.keyboard.type('sk-root');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Usage' }).waitFor();
      const reached: string[] = [];
      for (let at = 0; at < 60; at += 1) {
        await page.keyboard.press('Tab');
        const text = await page.evaluate('document.activeElement.textContent.slice(0, 40)');
        reached.push(String(text).trim());
      }
      for (const name of ['Usage', 'Playground', 'Sign out', 'ann', 'models as CSV'])
        expect(reached.some((text) => text === name)).toBe(true);
      await page.goto(`${url}/admin/playground`);
      await page.getByLabel('Message').focus();
      await page.keyboard.type(' again');
      while ((await page.evaluate('document.activeElement.id')) !== 'send') await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#state').textContent()).toMatch(/^Complete/);
    }));

  test.each(['/admin', '/admin/playground'])('390 px wide nothing of %s sticks out', (path) =>
    withPage(
      async (page) => {
        await signIn(page);
        await page.goto(`${url}${path}`);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      },
      { viewport: { width: 390, height: 844 } },
    ),
  );

  test('the dark is dark', () =>
    withPage(
      async (page) => {
        await signIn(page);
        const back = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
        const light = (back.match(/\d+/g) ?? []).map(Number);
        expect(Math.max(...light)).toBeLessThan(60);
      },
      { colorScheme: 'dark' },
    ));

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('axe finds nothing serious, %s, %i px wide', (colorScheme, width) =>
    withPage(
      async (page) => {
        await page.goto(`${url}/admin`);
        expect(await findings(page)).toEqual([]);
        await signIn(page);
        expect(await findings(page)).toEqual([]);
        await page.goto(`${url}/admin/playground`);
        expect(await findings(page)).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 900 } },
    ),
  );

  test('without script the page is whole, and the playground says what it needs', () =>
    withPage(
      async (page) => {
        await signIn(page);
        await page.getByRole('img', { name: /^Cost by day/ }).waitFor();
        await page.getByRole('link', { name: 'By key instead' }).click();
        await page.getByRole('heading', { name: 'Cost by day, by key' }).waitFor();
        await page.goto(`${url}/admin/playground`);
        await page.locator('noscript p').waitFor();
      },
      { javaScriptEnabled: false },
    ));
});
