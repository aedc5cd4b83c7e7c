import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where packages of Linux and macOS put it. `CHROMIUM` comes first. */
const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of a browser that is here; undefined: there is none. */
export const chromiumPath: string | undefined = places.find((path) => {
  if (!path) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** `--no-sandbox`: as root, which CI often is, Chromium does not start with its own. It opens pages of this machine only. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? '',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
