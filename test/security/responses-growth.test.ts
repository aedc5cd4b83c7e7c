import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { inProcessOnly } from '../support/in-process-only.ts';
import type { Growth } from './growth.ts';

inProcessOnly('functions')('work for a request to Responses grows with its size alone', () => {
  const script = join(import.meta.dirname, 'responses-growth-process.ts');
  let grown: Growth[] = [];
  beforeAll(() => {
    // Minutes more than it takes: a loop within a loop would need hours for a megabyte.
    const run = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 240_000 });
    expect({ status: run.status, stderr: run.status === 0 ? '' : run.stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    grown = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }, 250_000);

  test('twice the size takes twice the steps', () => {
    expect(grown.length).toBeGreaterThan(30);
    const tooSteep = grown.filter(({ steps: [once, twice] }) => twice > 2.4 * once);
    expect(tooSteep).toEqual([]);
  });

  test('what is sent is a few times the request at most', () => {
    const tooLarge = grown.filter(({ large: { bytes, sent: out = 0 } }) => out > 8 * bytes);
    expect(tooLarge).toEqual([]);
  });
});
