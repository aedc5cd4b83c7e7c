import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runGateway } from '../../local/command-line.ts';

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

test('the row of the AI SDK asks for usage and schemas, which its provider leaves out by itself', () => {
  expect(readme).toMatch(
    /createOpenAICompatible\(\{[^}]*includeUsage: true, supportsStructuredOutputs: true \}\)/,
  );
});

test.each(found(/\]\((docs\/[\w-]+\.md)\)/g))('%s is there', (path) => {
  expect(readFileSync(new URL(path, root), 'utf8').length).toBeGreaterThan(100);
});
