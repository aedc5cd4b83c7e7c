import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../../lambda/auth/authenticate.ts';
import { runKeys } from '../../../local/keys/run-keys.ts';
import { runTeams } from '../../../local/keys/run-teams.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-limits-'));
});
beforeEach(() => {
  file = join(folder, `${crypto.randomUUID()}.json`);
});
afterAll(() => rm(folder, { recursive: true }));

type Run = typeof runKeys;
async function call(run: Run, args: string[]) {
  let [out, err] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env: { API_KEY_FILE: file },
  };
  return { status: await run(args, io), out, err };
}
const keys = (...args: string[]) => call(runKeys, args);
const teams = (...args: string[]) => call(runTeams, args);
const content = async () => JSON.parse(await readFile(file, 'utf8'));
const who = (key: string, clock = Date.now) =>
  createAuthenticator(
    { apiKey: undefined, apiKeyFile: file, apiKeySecretArn: undefined, apiKeyTtlMs: 1000 },
    { clock },
  )(new Headers({ 'x-api-key': key }));

describe('limits of a key', () => {
  test('are made, changed one by one, and taken away', async () => {
    const made = await keys(
      'create',
      '--name',
      'a',
      '--dollars-per-day',
      '25',
      '--requests-per-minute',
      '60',
    );
    expect(made.status).toBe(0);
    const key = made.out.trim();
    expect((await content()).keys[0].limits).toEqual({ dollarsPerDay: 25, requestsPerMinute: 60 });
    await keys('update', '--name', 'a', '--dollars-per-day', '0.5', '--mode', 'soft', '--unpriced', 'allow');
    await keys('update', '--name', 'a', '--requests-per-minute', 'none', '--concurrent', '4');
    const limits = { dollarsPerDay: 0.5, mode: 'soft', unpriced: 'allow', concurrent: 4 };
    expect((await content()).keys[0].limits).toEqual(limits);
    expect((await who(key)).limits).toEqual([{ kind: 'key', name: 'a', limits }]);
    expect((await keys('list')).out).toContain('$0.5/day, 4 at a time, soft, unpriced too');
    for (const option of ['--dollars-per-day', '--mode', '--unpriced', '--concurrent'])
      await keys('update', '--name', 'a', option, 'none');
    expect((await content()).keys[0]).not.toHaveProperty('limits');
    expect(await who(key)).not.toHaveProperty('limits');
  });

  test('an update leaves alone what it does not name, and takes away what it names none', async () => {
    await keys(
      'create',
      '--name',
      'a',
      '--models',
      'amazon.*',
      '--expires',
      '2099-01-01',
      '--metadata',
      'a=b',
    );
    await keys('update', '--name', 'a', '--models', 'none', '--tokens-per-minute', '5000');
    const [record] = (await content()).keys;
    expect(record).toEqual({
      name: 'a',
      sha256: record.sha256,
      expires: '2099-01-01',
      metadata: { a: 'b' },
      limits: { tokensPerMinute: 5000 },
    });
  });

  test.each([
    [['--dollars-per-day', 'much'], '--dollars-per-day must be a number or none, not much.'],
    [['--dollars-per-day', '0'], '--dollars-per-day must be more than 0 dollars a day'],
    [['--dollars-per-month', '0.0000001'], '--dollars-per-month must be more than 0 dollars'],
    [['--dollars-per-month', '1.0000001'], '--dollars-per-month must have at most six digits'],
    [['--requests-per-minute', '1.5'], '--requests-per-minute must be a whole number of requests from 1'],
    [['--tokens-per-minute', '0'], '--tokens-per-minute must be a whole number of tokens from 1'],
    [['--concurrent', '101'], '--concurrent must be a whole number of requests at a time from 1 to 100'],
    [['--mode', 'strict'], '--mode must be hard or soft'],
    [['--unpriced', 'yes'], '--unpriced must be allow, or absent'],
    [['--team', 'gone'], 'There is no team named gone. There are: none.'],
  ])('%j is named', async (options, message) => {
    const { status, err } = await keys('create', '--name', 'a', ...options);
    expect({ status, err }).toEqual({ status: 2, err: expect.stringContaining(message) });
  });

  test('an update of nothing, and of a key that is not there', async () => {
    await keys('create', '--name', 'a');
    expect(await keys('update', '--name', 'a')).toMatchObject({
      status: 2,
      err: expect.stringContaining('Say what is to change'),
    });
    expect(await keys('update', '--name', 'b', '--mode', 'soft')).toMatchObject({
      status: 2,
      err: expect.stringContaining('There is no key named b'),
    });
  });

  test('a record that a person wrote wrong opens nothing, and its member is named', async () => {
    const { parseKeys } = await import('../../../lambda/auth/parse-keys.ts');
    const sha256 = createHash('sha256').update('k').digest('hex');
    const record = { name: 'a', sha256, limits: { dollarsPerDay: '5', requestPerMinute: 3 } };
    const { keys, problems } = await parseKeys(
      JSON.stringify({ keys: [record, { name: 'b', sha256, team: 'x' }] }),
    );
    expect(keys).toEqual([]);
    expect(problems.join('\n')).toContain('keys[0].limits.dollarsPerDay must be a number of US dollars');
    expect(problems.join('\n')).toContain('keys[0].limits must be an object with some of requestsPerMinute');
    expect(problems).toContain('keys[1].team names a team that is not there, or that cannot be used');
  });
});

describe('teams', () => {
  test('are made, shown with their keys, changed and deleted', async () => {
    expect((await teams('list')).out).toBe('There are no teams.\n');
    expect((await teams('create', '--name', 'red', '--dollars-per-month', '500')).status).toBe(0);
    const key = (await keys('create', '--name', 'a', '--team', 'red', '--concurrent', '3')).out.trim();
    expect((await who(key)).limits).toEqual([
      { kind: 'key', name: 'a', limits: { concurrent: 3 } },
      { kind: 'team', name: 'red', limits: { dollarsPerMonth: 500 } },
    ]);
    await teams('update', '--name', 'red', '--dollars-per-month', 'none', '--requests-per-minute', '9');
    expect((await teams('list')).out).toMatch(/red +9 requests\/min +a\n/);
    expect(await teams('delete', '--name', 'red')).toMatchObject({
      status: 2,
      err: expect.stringContaining('Keys belong to red: a.'),
    });
    await keys('update', '--name', 'a', '--team', 'none');
    expect((await teams('delete', '--name', 'red')).status).toBe(0);
    expect((await who(key)).limits).toEqual([{ kind: 'key', name: 'a', limits: { concurrent: 3 } }]);
  });

  test.each([
    [['create'], 'Give the team a --name.'],
    [['paint', '--name', 'red'], 'Unknown command: paint.'],
    [['delete', '--name', 'red', '--mode', 'soft'], 'delete does not take --mode.'],
    [['update', '--name', 'red', '--mode', 'soft'], 'There is no team named red. There are: none.'],
    [['create', '--name', 'red', '--dollars-per-day', '-1'], '--dollars-per-day'],
    [['create', '--name', '*', '--mode', 'soft'], '--name must be 1 to 64 letters'],
  ])('%j is refused', async (args, message) => {
    const { status, err } = await teams(...args);
    expect({ status, err }).toEqual({ status: 2, err: expect.stringContaining(message) });
  });
});

describe('rotation', () => {
  test('both keys open until the end of the old one, which is named', async () => {
    const old = (await keys('create', '--name', 'a', '--dollars-per-day', '1')).out.trim();
    const rotated = await keys('rotate', '--name', 'a', '--grace', '2h');
    const fresh = rotated.out.trim();
    expect(rotated.err).toMatch(/^Rotated a; the key before opens until .*Z in /);
    const later = () => Date.now() + 2 * 3_600_000 + 1000;
    expect((await who(old)).limits).toEqual((await who(fresh)).limits);
    await expect(who(old, later)).rejects.toMatchObject({ status: 401 });
    expect((await who(fresh, later)).name).toBe('a');
    expect((await keys('list')).out).toContain('active; the key before until ');
  });

  test('without grace the old one is shut at once, and a revoked key shuts both', async () => {
    const old = (await keys('create', '--name', 'a')).out.trim();
    const second = (await keys('rotate', '--name', 'a', '--grace', '0')).out.trim();
    await expect(who(old)).rejects.toMatchObject({ status: 401 });
    const third = (await keys('rotate', '--name', 'a')).out.trim();
    expect((await who(second)).name).toBe('a');
    await keys('revoke', '--name', 'a');
    for (const key of [second, third]) await expect(who(key)).rejects.toMatchObject({ status: 401 });
  });

  test.each(['1w', '31d', '24', ''])('a grace of %j is none', async (grace) => {
    await keys('create', '--name', 'a');
    const { status, err } = await keys('rotate', '--name', 'a', '--grace', grace);
    expect({ status, err }).toEqual({
      status: 2,
      err: expect.stringContaining('--grace must be 0, or minutes'),
    });
  });
});
