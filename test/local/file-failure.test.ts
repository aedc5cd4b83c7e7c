import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runGateway } from '../../local/command-line.ts';
import { fileFailure } from '../../local/file-failure.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-files-'));
  await mkdir(join(folder, 'folder'));
  await mkdir(join(folder, 'config', 'bedrock-gateway', 'config.json'), { recursive: true });
  await mkdir(join(folder, 'home', '.codex', 'config.toml'), { recursive: true });
  await writeFile(join(folder, 'file'), 'x');
});
afterAll(() => rm(folder, { recursive: true }));

/** Of each command that reads or writes a file that a person names, or one of theirs. */
const cases: [what: string, args: string[], env: Record<string, string>, said: string][] = [
  ['no file', ['batch', 'submit', '@/none', '--key', 'k'], {}, 'There is no file @/none.'],
  ['no folder', ['batch', 'submit', '@/none/none', '--key', 'k'], {}, 'There is no folder @/none.'],
  ['a folder', ['batch', 'submit', '@/folder', '--key', 'k'], {}, '@/folder is a folder: a file is needed.'],
  ['a folder of keys', ['keys', 'list', '--file', '@/folder'], {}, '@/folder is a folder: a file is needed.'],
  [
    'a folder of teams',
    ['teams', 'list', '--file', '@/folder'],
    {},
    '@/folder is a folder: a file is needed.',
  ],
  [
    'keys within a file',
    ['keys', 'create', '--name', 'a', '--file', '@/file/keys.json'],
    {},
    '@/file/keys.json cannot be there: a part of its path is a file, not a folder.',
  ],
  [
    'keys in no folder',
    ['keys', 'create', '--name', 'a', '--file', '@/none/keys.json'],
    {},
    'There is no folder @/none.',
  ],
  [
    'a home that is a file',
    ['config', 'set', 'chat.effort', 'low'],
    { HOME: '@/file' },
    '@/file/.config/bedrock-gateway cannot be there: a part of its path is a file, not a folder.',
  ],
  [
    'settings that are a folder',
    ['config', 'list'],
    { XDG_CONFIG_HOME: '@/config' },
    '@/config/bedrock-gateway/config.json is a folder: a file is needed.',
  ],
  [
    'a client’s file that is a folder',
    ['connect', 'codex', '--url', 'https://a.example', '--key', 'k', '--write'],
    { HOME: '@/home' },
    '@/home/.codex/config.toml is a folder: a file is needed.',
  ],
];

describe('what the file system refuses is told with the file, in words', () => {
  test.each(cases)('%s: %j', async (_, args, env, said) => {
    const here = (text: string) => text.replaceAll('@', folder);
    let err = '';
    const status = await runGateway(args.map(here), {
      stdout: { write: () => true },
      stderr: { write: (text) => (err += text) },
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(value)])),
    });
    expect(status).toBe(1);
    expect(err.trimEnd().split('\n').at(-1)).toBe(here(said));
  });

  test.each(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'])('%s', (code) => {
    const path = '/home/me/keys.json';
    const said = fileFailure(Object.assign(new Error(code), { code, path: `${path}.lock` }));
    expect(said).toMatch(new RegExp(`^${path} (may not|cannot) be .*\\.$`));
  });

  test.each([new Error('x'), Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'x', undefined])(
    '%s is nothing of the file system',
    (error) => {
      expect(fileFailure(error)).toBeUndefined();
    },
  );
});
