import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runGateway } from '../../local/command-line.ts';
import { aiSdk } from '../../local/connect/clients/packages.ts';
import { clients } from '../../local/connect/clients/table.ts';
import { render } from '../../local/connect/print.ts';
import { shellOf } from '../../local/connect/shells/shell.ts';

const machine = { home: '/home/me', platform: 'linux' as const, env: {} };
const places = { ...machine, folder: '/work', shell: shellOf('bash', machine) };
const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

const found = (pattern: RegExp) => [...new Set([...readme.matchAll(pattern)].map(([, name = '']) => name))];

test.each(found(/npm run ([\w:]+)/g))('the script %s is there', (name) => {
  expect(scripts).toHaveProperty([name]);
});

test.each(found(/npx gateway ([a-z]+)/g))('the command %s is there, and helps', async (name) => {
  let out = '';
  const stream = { write: (text: string) => (out += text) };
  expect(await runGateway([name, '--help'], { stdout: stream, stderr: stream, env: {} })).toBe(0);
  expect(out).toContain(`gateway ${name}`);
});

test('the AI SDK is told to ask for usage and schemas, which its provider leaves out by itself', () => {
  const page = readFileSync(new URL('docs/clients.md', root), 'utf8');
  expect(render(aiSdk, { api: 'chat', baseUrl: 'https://a/v1', model: 'm' }, { text: 'k' }, places)).toMatch(
    /createOpenAICompatible\(\{[^}]*includeUsage: true, supportsStructuredOutputs: true,?\s*\}\)/,
  );
  expect(page).toContain('### ai-sdk');
});

test('the README names every client that gateway connect knows', () => {
  const part = readme.slice(readme.indexOf('## Point a client'), readme.indexOf('## What works'));
  for (const { title } of clients) {
    expect(part).toContain(
      title
        .replace(/ \(.*\)$/, '')
        .replace('`@anthropic-ai/sdk`, ', '')
        .replaceAll('`', ''),
    );
  }
});

test.each(found(/\]\((docs\/[\w-]+\.md)\)/g))('%s is there', (path) => {
  expect(readFileSync(new URL(path, root), 'utf8').length).toBeGreaterThan(100);
});
