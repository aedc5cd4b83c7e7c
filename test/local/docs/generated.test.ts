import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openAiParameters, otherParameters } from '../../../lambda/apis/chat-completions/parameters.ts';
import { chatSchema } from '../../../lambda/apis/chat-completions/schema.ts';
import { generatedFiles, regenerated } from '../../../local/docs/generated.ts';

const pageOf = (file: string) => readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');

test.each(generatedFiles)('docs/%s is up to date: npm run docs', (file) => {
  expect(regenerated(file, pageOf(file))).toBe(pageOf(file));
});

test('a page without its marks is refused', () => {
  expect(() => regenerated('compatibility.md', '# Nothing')).toThrow(/no part between/);
});

test('every parameter that is read is in the list, once', () => {
  const listed = [...Object.keys(openAiParameters), ...Object.keys(otherParameters)];
  expect(new Set(listed).size).toBe(listed.length);
  for (const name of Object.keys(chatSchema.entries)) expect(listed).toContain(name);
});

test('the sections link to each other and to pages that exist', () => {
  const page = pageOf('compatibility.md');
  for (const [, target = ''] of page.matchAll(/\]\((\w+\.md)\)/g)) expect(pageOf(target)).toBeTruthy();
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
  for (const [, target] of page.matchAll(/\]\(#([\w-]+)\)/g)) expect(anchors).toContain(target);
});
