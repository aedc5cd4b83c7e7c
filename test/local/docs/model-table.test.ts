import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { families } from '../../../lambda/models/families/families.ts';
import { modelTable } from '../../../local/docs/model-table.ts';

test('docs/models.md is what the family table says: node local/docs/model-table.ts > docs/models.md', () => {
  expect(readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8')).toBe(modelTable());
});

test('every family is a row of both tables, those with an API of their own of a third, and has its sources', () => {
  const lines = modelTable().split('\n');
  for (const { title, capabilities } of families) {
    const tables = capabilities.messages ? 3 : 2;
    expect(lines.filter((line) => line.startsWith(`| ${title} |`))).toHaveLength(tables);
    expect(lines.filter((line) => line.startsWith(`- **${title}**: `))).toHaveLength(1);
  }
});

test('no cell breaks a table', () => {
  const rows = modelTable()
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const widths = new Set(rows.map((row) => row.split(' | ').length));
  expect(widths.size).toBeLessThanOrEqual(3);
});
