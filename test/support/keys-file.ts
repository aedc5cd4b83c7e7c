import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key of a file: its record, with the key itself instead of its hash. */
export type TestKey = { name: string; key: string } & Record<string, unknown>;

/** Writes a key file, as `gateway keys` and `gateway teams` do; returns its path. */
export async function keysFile(keys: readonly TestKey[], teams: readonly object[] = []): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'gateway-keys-')), 'keys.json');
  await writeKeys(path, keys, teams);
  return path;
}

export async function writeKeys(
  path: string,
  keys: readonly TestKey[],
  teams: readonly object[] = [],
): Promise<void> {
  const records = keys.map(({ key, ...record }) => ({
    ...record,
    sha256: createHash('sha256').update(key).digest('hex'),
  }));
  await writeFile(path, JSON.stringify({ keys: records, teams }));
}
