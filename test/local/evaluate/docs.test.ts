import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { evaluate } from '../../../local/evaluate/evaluate.ts';
import { readQuestionSet } from '../../../local/evaluate/question-set.ts';

const docs = readFileSync(new URL('../../../docs/optimisation.md', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'evaluate-docs-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** How long an answer takes differs from run to run. */
const timeless = (report: string) => report.replace(/^an answer takes.*$/m, 'an answer takes …').trim();

describe('docs/optimisation.md', () => {
  test('shows what the command prints', async () => {
    const [, command = ''] = /^npm run --silent evaluate -- (.*--simulator)$/m.exec(docs) ?? [];
    const [, shown = ''] = /<!-- evaluation.*?```text\n(.*?)```/s.exec(docs) ?? [];
    const env: Record<string, string | undefined> = { AWS_REGION: 'us-east-1' };
    const point = new Proxy(env, {
      // The SDK reads the environment of the process.
      set(target, name: string, value: string) {
        vi.stubEnv(name, value);
        target[name] = value;
        return true;
      },
    });
    let out = '';
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: () => {} },
      env: point,
    };
    const args = [...command.split(' '), '--answers', join(folder, 'answers.jsonl')];
    expect(await evaluate(args, io)).toBe(0);
    expect(timeless(out)).toBe(timeless(shown));
  }, 60_000);

  test('has every kind of check with its members', () => {
    const rows = [...docs.matchAll(/^\| `(\w+)` \| (`.*?`) \| (?:the |in )/gm)].filter(
      ([, kind]) => kind !== 'none',
    );
    const kinds = Object.fromEntries(
      rows.map(([, kind = '', members = '']) => [kind, members.replaceAll('`', '').split(', ')]),
    );
    const values: Record<string, unknown> = {
      value: 1,
      tolerance: 1,
      also: ['a'],
      all: ['a'],
      none: ['a'],
      pattern: 'a',
      source: 'a',
      tests: 'a',
    };
    const own: Record<string, unknown> = { exact: 'a', choice: 'A', json: [] };
    expect(Object.keys(kinds)).toEqual('number exact choice contains regex json verify program'.split(' '));
    for (const [kind, members] of Object.entries(kinds)) {
      const check = Object.fromEntries(
        members.map((name) => [name, name === 'value' ? (own[kind] ?? 1) : values[name]]),
      );
      const line = JSON.stringify({ id: 'q', prompt: 'p', check: { kind, ...check } });
      expect(readQuestionSet(line, 's').questions).toHaveLength(1);
      const unknown = JSON.stringify({ id: 'q', prompt: 'p', check: { kind, ...check, more: 1 } });
      expect(() => readQuestionSet(unknown, 's')).toThrow(/\.check\.more is not known/);
    }
  });
});
