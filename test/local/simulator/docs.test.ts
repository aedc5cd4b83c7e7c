import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { controlPlane } from '../../../local/simulator/control/operations.ts';
import { openAiOperations } from '../../../local/simulator/openai/operations.ts';
import { betaTable } from '../../../local/simulator/rules/describe-betas.ts';
import { scenarioTables } from '../../../local/simulator/scenarios/describe.ts';
import { specialKeys } from '../../../local/simulator/signature.ts';

const docs = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');

test('docs/simulator.md lists every scenario, and only those, with what it does', () => {
  const [, tables] = docs.split(/<!-- scenarios:.*-->\n/);
  expect(tables?.trim()).toBe(scenarioTables());
});

test('and every flag of `anthropic_beta`, with the models that take it', () => {
  const [, table] = docs.split(/<!-- \/?betas.*-->\n/);
  expect(table?.trim()).toBe(betaTable());
});

const operations = [...controlPlane, ...openAiOperations].map(({ name }) => name);

test.each([...operations, ...Object.keys(specialKeys), 'CountTokens'])(
  'docs/simulator.md names %s',
  (name) => {
    expect(docs).toContain(name);
  },
);
