import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runKeys } from '../../../local/keys/run-keys.ts';
import { runTeams } from '../../../local/keys/run-teams.ts';
import { startSecretsManager } from '../../support/secrets-manager.ts';

/** Commands that change the keys at the same time: none undoes what another has done. */

const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:gateway-AbCdEf';
let manager: Awaited<ReturnType<typeof startSecretsManager>>;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-at-once-'));
  manager = await startSecretsManager(arn);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await manager.close();
  await rm(folder, { recursive: true });
});

async function run(command: typeof runKeys, args: string[]): Promise<{ status: number; err: string }> {
  let err = '';
  const io = { stdout: { write: () => true }, stderr: { write: (text: string) => (err += text) }, env: {} };
  return { status: await command(args, io), err };
}

const file = () => join(folder, 'keys.json');
const stores = {
  'a secret': {
    where: ['--secret', arn],
    put: async (text: string) => {
      manager.state.current = text;
    },
    content: async () => manager.state.current ?? '',
  },
  'a file': {
    where: () => ['--file', file()],
    put: (text: string) => writeFile(file(), text),
    content: () => readFile(file(), 'utf8'),
  },
};

describe.each(Object.entries(stores))('in %s', (_, { where, put, content }) => {
  const place = () => (typeof where === 'function' ? where() : where);
  beforeEach(() =>
    put(JSON.stringify({ api_key: 'sk-own', keys: [{ name: 'old', sha256: 'a'.repeat(64) }] })),
  );

  test('all keys and teams are there, and what was revoked is not', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const done = await Promise.all([
      ...names.map((name) => run(runKeys, ['create', ...place(), '--name', name])),
      run(runKeys, ['revoke', ...place(), '--name', 'old']),
      run(runTeams, ['create', ...place(), '--name', 'red', '--dollars-per-month', '5']),
    ]);
    expect(done.filter(({ status }) => status !== 0)).toEqual([]);
    const document = JSON.parse(await content());
    const open = document.keys.filter(({ revoked }: { revoked?: boolean }) => !revoked);
    expect(open.map(({ name }: { name: string }) => name).sort()).toEqual(names);
    expect(document).toMatchObject({ api_key: 'sk-own', teams: [{ name: 'red' }] });
  });

  test('of two that make the same name one is told', async () => {
    const twice = await Promise.all([1, 2].map(() => run(runKeys, ['create', ...place(), '--name', 'same'])));
    expect(twice.map(({ status }) => status).sort()).toEqual([0, 2]);
    expect(
      JSON.parse(await content()).keys.filter(({ name }: { name: string }) => name === 'same'),
    ).toHaveLength(1);
  });
});

test('a secret that others change all the time is left alone, with an error', async () => {
  let changes = 0;
  const change = () => {
    changes += 1;
    manager.state.current = JSON.stringify({ keys: [], changes });
  };
  Object.assign(manager.state, { current: '{"keys":[]}', calls: [], meanwhile: change });
  const { status, err } = await run(runKeys, ['create', '--secret', arn, '--name', 'a']);
  manager.state.meanwhile = undefined;
  expect([status, err]).toEqual([
    1,
    expect.stringContaining('has been changed by others 10 times meanwhile'),
  ]);
  expect(manager.state.calls.filter((name) => name === 'PutSecretValue')).toHaveLength(10);
  expect(manager.state.current).toBe('{"keys":[],"changes":10}');
});

test('a change whose answer was lost is not made again', async () => {
  const made = (content: string) => {
    manager.state.current = content;
  };
  Object.assign(manager.state, { current: '{"keys":[]}', calls: [], meanwhile: made });
  const { status, err } = await run(runKeys, ['create', '--secret', arn, '--name', 'a']);
  manager.state.meanwhile = undefined;
  expect([status, err]).toEqual([0, expect.stringContaining('Created a')]);
  expect(JSON.parse(manager.state.current ?? '').keys).toHaveLength(1);
});

test('nothing is left beside a file, and a lock that somebody holds is named', async () => {
  await writeFile(file(), '{"keys":[]}');
  expect((await run(runKeys, ['create', '--file', file(), '--name', 'a'])).status).toBe(0);
  expect(await readdir(folder)).toEqual(['keys.json']);
  const before = await readFile(file(), 'utf8');
  await writeFile(`${file()}.lock`, '');
  const { status, err } = await run(runKeys, ['create', '--file', file(), '--name', 'b']);
  expect([status, await readFile(file(), 'utf8')]).toEqual([1, before]);
  expect(err).toContain(`another program is writing it (${file()}.lock)`);
  await rm(`${file()}.lock`);
});
