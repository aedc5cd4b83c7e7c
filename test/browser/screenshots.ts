import { fileURLToPath } from 'node:url';
import { chromiumPath, startChromium } from './chromium.ts';
import { startDemo } from './gateway.ts';

/** `npm run screenshots`: pictures of the page for the documentation, of made-up use. */
const folder = fileURLToPath(new URL('../../docs/', import.meta.url));

async function run(): Promise<void> {
  const { stack, url } = await startDemo();
  const browser = await startChromium();
  const open = async (colorScheme: 'light' | 'dark', height: number) => {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height } });
    await page.goto(`${url}/admin`);
    await page.getByLabel('API key').fill('sk-root');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    return page;
  };
  const usage = await open('light', 1180);
  await usage.screenshot({ path: `${folder}usage-light.png` });
  const playground = await open('dark', 840);
  await playground.goto(`${url}/admin/playground`);
  await playground.getByLabel('Model').selectOption('us.anthropic.claude-haiku-4-5-20251001-v1:0');
  await playground.getByRole('button', { name: 'Send' }).click();
  await playground.getByText(/^Complete/).waitFor();
  await playground.evaluate('scrollTo(0, 0)');
  await playground.screenshot({ path: `${folder}playground-dark.png` });
  await browser.close();
  await stack.close();
}

if (chromiumPath) await run();
else process.stderr.write('There is no Chromium here: install one, or name it in CHROMIUM.\n');
