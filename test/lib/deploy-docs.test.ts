import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionSettings } from '../../lib/settings/function-settings.ts';
import { settingsTable } from '../../lib/settings/markdown.ts';
import { stackSettings } from '../../lib/settings/stack-settings.ts';
import { readSettings } from '../../lib/settings.ts';
import { templateFor } from './synth.ts';

const docs = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');

const between = (start: RegExp, end: string) => {
  const from = start.exec(docs);
  if (!from) throw new Error(`docs/deploy.md has no ${start}`);
  const rest = docs.slice(from.index + from[0].length);
  return rest.slice(0, rest.indexOf(end)).trim();
};

describe('docs/deploy.md', () => {
  it('has every setting as it is', () => {
    expect(between(/<!-- stack settings:.*-->/, '<!-- end -->')).toBe(settingsTable(stackSettings));
    expect(between(/<!-- function settings:.*-->/, '<!-- end -->')).toBe(settingsTable(functionSettings));
  });

  it('has an example that works', () => {
    const { context } = JSON.parse(between(/```json/, '```'));
    expect(() => readSettings(context)).not.toThrow();
  });

  it('has command lines that work', () => {
    const options = docs.matchAll(/ -c (gateway\.\w+)=('[^']*'|[^\s`]+)/g);
    const context = Object.fromEntries(
      [...options].map(([, key, value = '']) => [key, value.replaceAll("'", '')]),
    );
    expect(Object.keys(context)).toHaveLength(3);
    expect(() => readSettings(context)).not.toThrow();
  });

  it('names the outputs', () => {
    for (const name of Object.keys(templateFor().findOutputs('*'))) expect(docs).toContain(`| \`${name}\` |`);
  });
});
