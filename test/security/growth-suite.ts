import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Growth, isTooSteep } from './growth.ts';

/** `what` grows with the size of a request, never with a product of two parts: judges what `script` prints, in a process of its own. */
export function describeGrowth(what: string, script: string): void {
  describe(`${what} grows with its size alone`, () => {
    let grown: Growth[] = [];
    beforeAll(() => {
      grown = printedBy(script);
    }, 250_000);

    test('twice the size takes twice the steps', () => {
      expect(grown.length).toBeGreaterThan(30);
      expect(grown.filter(({ steps }) => isTooSteep(steps))).toEqual([]);
    });

    test('what is sent is a few times the request at most', () => {
      const tooLarge = grown.filter(({ large: { bytes, sent: out = 0 } }) => out > 8 * bytes);
      expect(tooLarge).toEqual([]);
    });
  });
}

function printedBy(script: string): Growth[] {
  const path = join(import.meta.dirname, script);
  // Minutes more than it takes: a loop within a loop would need hours for a megabyte.
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], {
    encoding: 'utf8',
    timeout: 240_000,
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
