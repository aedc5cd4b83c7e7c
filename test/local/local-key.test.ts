import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localKey } from '../../local/local-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = () => join(folder, '.gateway-key');
const mode = async () => (await stat(path())).mode & 0o777;

test('the key stays the same from start to start, and is its owner’s alone', async () => {
  const first = await localKey(folder);
  expect(first).toEqual({ key: expect.stringMatching(/^sk-local-[\w-]{24}$/), kept: true });
  expect(await localKey(folder)).toEqual(first);
  expect(await mode()).toBe(0o600);
  await chmod(path(), 0o644);
  await localKey(folder);
  expect(await mode()).toBe(0o600);
});

test('of many that start at once all have the same', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => localKey(folder)));
  expect(new Set(keys.map(({ key }) => key)).size).toBe(1);
  expect(await readdir(folder)).toEqual(['.gateway-key']);
});

test.each(['', 'half', 'sk-local-\n\n', 'x'.repeat(1000)])(
  'what is no key is replaced: %j',
  async (content) => {
    await writeFile(path(), content);
    const { key } = await localKey(folder);
    expect((await readFile(path(), 'utf8')).trim()).toBe(key);
  },
);

test('where it cannot be kept it is a new one each time', async () => {
  const nowhere = join(folder, 'missing');
  const [first, second] = [await localKey(nowhere), await localKey(nowhere)];
  expect(first.kept || second.kept).toBe(false);
  expect(first.key).not.toBe(second.key);
});

test('git ignores it, and the file of keys of the README', async () => {
  const ignored = await readFile(new URL('../../.gitignore', import.meta.url), 'utf8');
  for (const name of ['.gateway-key', 'keys.json']) expect(ignored.split('\n')).toContain(name);
});
