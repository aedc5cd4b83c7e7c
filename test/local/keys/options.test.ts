import { mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KeyRecord } from '../../../lambda/auth/key-record.ts';
import { fileStore } from '../../../local/keys/key-store.ts';
import { changedRecord } from '../../../local/keys/options.ts';
import { runKeys } from '../../../local/keys/run-keys.ts';

const record = { name: 'ann', sha256: 'a'.repeat(64) } as unknown as KeyRecord;

describe('techniques of a key are changed one by one', () => {
  const both = { techniques: ['bon'], maxCalls: 3 } as const;
  test.each<[string, unknown, Record<string, string>, unknown]>([
    ['its calls alone', both, { 'max-calls': '5' }, { techniques: ['bon'], maxCalls: 5 }],
    ['its techniques alone', both, { techniques: 'moa' }, { techniques: ['moa'], maxCalls: 3 }],
    ['both', both, { techniques: 'moa', 'max-calls': '5' }, { techniques: ['moa'], maxCalls: 5 }],
    ['no technique at all', both, { techniques: 'none' }, false],
    ['no bound for its calls', both, { 'max-calls': 'none' }, { techniques: ['bon'] }],
    ['no bound, where there was nothing else', { maxCalls: 3 }, { 'max-calls': 'none' }, undefined],
    ['something else', both, { models: 'amazon.*' }, both],
    ['something else of one without techniques', false, { models: 'amazon.*' }, false],
    ['techniques where there were none', false, { techniques: 'bon' }, { techniques: ['bon'] }],
    ['no bound where there are none', false, { 'max-calls': 'none' }, false],
  ])('%s', (_, before, values, after) => {
    const given = { ...record, ...(before !== undefined && { optimisation: before }) } as KeyRecord;
    expect(changedRecord(given, values, Date.now()).optimisation).toEqual(after);
  });

  test.each([
    [false, { 'max-calls': '5' }],
    [both, { techniques: 'none', 'max-calls': '5' }],
    [both, { techniques: 'none', 'max-calls': 'none' }],
  ])('what says nothing is refused: %j %j', (before, values) => {
    const given = { ...record, optimisation: before } as unknown as KeyRecord;
    expect(() => changedRecord(given, values, Date.now())).toThrow(/--max-calls says nothing/);
  });
});

test.each(['team', 'models'])(
  'a key is not made with --%s none, which takes something away',
  async (option) => {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-none-'));
    let err = '';
    const io = { stdout: { write: () => true }, stderr: { write: (text: string) => (err += text) }, env: {} };
    const args = ['create', '--name', 'a', `--${option}`, 'none', '--file', join(folder, 'k.json')];
    expect(await runKeys(args, io)).not.toBe(0);
    expect(err).toContain(`--${option} none takes something away`);
    await rm(folder, { recursive: true });
  },
);

test('a key file behind a link is changed where it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-link-'));
  const [real, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
  await writeFile(real, '{}');
  await symlink(real, link);
  await fileStore(link).change(() => '{"keys":[]}');
  expect([await readFile(real, 'utf8'), await readlink(link)]).toEqual(['{"keys":[]}', real]);
  await rm(folder, { recursive: true });
});
