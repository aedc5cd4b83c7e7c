import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { maxNesting } from '../../lambda/apis/shared/nesting.ts';
import { maxStaleMs, pauseMs } from '../../lambda/auth/key-ring.ts';
import { rotationGraceMs } from '../../lambda/auth/key-source.ts';
import { bounds } from '../../lambda/bounds.ts';
import { readConfig } from '../../lambda/config.ts';

const root = join(import.meta.dirname, '../..');
const path = join(root, 'docs/security.md');
const page = readFileSync(path, 'utf8');
const json = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));

/** The files that a text links to, from the project's root. */
const linked = (text: string) =>
  [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) =>
    relative(root, join(dirname(path), target)),
  );
/** What holds, by which file, tried by which test. */
const claims = page
  .split('\n')
  .filter((line) => /^\| (?!What holds \||-)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));
const numbers = new Intl.NumberFormat('en-US');

describe('docs/security.md', () => {
  test('has the two hundred lines that an auditor reads first, and not more', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(200);
    expect(claims.length).toBeGreaterThan(30);
  });

  test.each(claims)('%s', (_what, by = '', tried = '', ...more) => {
    expect(more).toEqual([]);
    const sources = linked(by);
    const tests = linked(tried);
    expect([...sources, ...tests].filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(sources.every((file) => /^(lambda|lib)\/.*\.ts$|^package(-lock)?\.json$/.test(file))).toBe(true);
    expect(tests.every((file) => /^test\/.*\.test\.ts$/.test(file))).toBe(true);
    expect(Math.min(sources.length, tests.length)).toBeGreaterThan(0);
  });

  test.each([...new Set(linked(page))])('%s is there', (file) => {
    expect(existsSync(join(root, file))).toBe(true);
  });

  test.each([...page.matchAll(/\]\(([\w.-]*)#([\w’-]+)\)/g)].map(([, file, anchor]) => [file, anchor]))(
    'the section %s#%s is there',
    (file, anchor) => {
      const text = file ? readFileSync(join(root, 'docs', file), 'utf8') : page;
      expect([...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title))).toContain(anchor);
    },
  );

  test('its numbers are the code’s', () => {
    const config = readConfig({});
    const said = [
      `\`MAX_BODY_BYTES\` (${numbers.format(config.maxBodyBytes)})`,
      `at most ${numbers.format(bounds.upstreamBytes)} bytes`,
      `at most ${bounds.upstreamCalls} calls`,
      `more than ${bounds.idCharacters} characters`,
      `at most ${maxNesting} levels deep`,
      `At most ${bounds.fetchedUrls} images of ${bounds.downloadBytes >> 20} MiB, ${numbers.format(bounds.downloadedBytes)} bytes together`,
      `\`API_KEY_TTL_SECONDS\` (${config.apiKeyTtlMs / 1000})`,
      `one look for new keys in ${pauseMs / 1000} s`,
      `opens for another ${rotationGraceMs === 86_400_000 ? 'day' : `${rotationGraceMs} ms`}`,
      `stay good for another ${maxStaleMs === 3_600_000 ? 'hour' : `${maxStaleMs} ms`}`,
    ];
    for (const words of said) expect(page).toContain(words);
  });

  test('the defaults that it relies on are the code’s', () => {
    expect(readConfig({})).toMatchObject({ callerCredentials: 'off', logContent: false, fetchImages: true });
  });
});

/** As GitHub makes it of a title. */
const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

interface Locked {
  integrity?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  link?: boolean;
  inBundle?: boolean;
}

describe('what is installed', () => {
  const { packages }: { packages: Record<string, Locked> } = json('package-lock.json');
  const installed = Object.entries(packages).filter(([name]) => name !== '');

  test('is pinned with its hash', () => {
    const loose = installed.filter(([, { integrity, link, inBundle }]) => !integrity && !link && !inBundle);
    expect(loose.map(([name]) => name)).toEqual([]);
    expect(installed.length).toBeGreaterThan(100);
  });

  test('runs a script of its own in the cases that are allowed, which are tools of development', () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = scripted.map(([name]) => name.replace('node_modules/', '')).sort();
    expect(names).toEqual(Object.keys(json('package.json').allowScripts).sort());
    expect(scripted.every(([, { dev }]) => dev)).toBe(true);
    for (const name of names) expect(page).toMatch(new RegExp(`Two packages run a script[^|]*\\b${name}\\b`));
  });
});
