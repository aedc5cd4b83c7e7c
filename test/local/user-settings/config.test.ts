import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { configFolder, dataFolder } from '../../../local/platform-folders.ts';
import { userSettingNames, userSettings } from '../../../local/user-settings/table.ts';
import { type Terminalless, withoutTerminal } from '../chat/asking.ts';

let person: Terminalless;
const open: Terminalless[] = [];
beforeEach(() => {
  person = withoutTerminal('http://127.0.0.1:9');
  open.push(person);
});
afterAll(() => {
  for (const each of open) each.remove();
});

const path = () => join(person.folder, 'bedrock-gateway', 'config.json');
const config = (...args: string[]) => person.run(['config', ...args]);
const write = (text: string) => {
  mkdirSync(join(person.folder, 'bedrock-gateway'), { recursive: true });
  writeFileSync(path(), text);
};

/** A value for each setting, and one that is wrong. */
const values: Record<(typeof userSettingNames)[number], [good: string, stored: unknown, bad: string]> = {
  'chat.defaultModel': [
    'custom:us-east-1:us.amazon.nova-lite-v1:0',
    'custom:us-east-1:us.amazon.nova-lite-v1:0',
    ' ',
  ],
  'chat.fallbacks': ['a.b, c.d', ['a.b', 'c.d'], 'a,,b'],
  'chat.region': ['eu-central-1', 'eu-central-1', 'Frankfurt'],
  'chat.system': ['Be brief.', 'Be brief.', ''],
  'chat.effort': ['high', 'high', 'huge'],
  'chat.maxTokens': ['500', 500, '0'],
  'chat.temperature': ['0.5', 0.5, '2'],
  'chat.reasoning': ['false', false, 'no'],
  'chat.url': [
    'https://x.lambda-url.us-east-1.on.aws/v1',
    'https://x.lambda-url.us-east-1.on.aws/v1',
    'x.on.aws',
  ],
  'conversations.keep': ['true', true, 'yes'],
  'conversations.folder': ['/tmp/mine', '/tmp/mine', ' '],
  'conversations.encryption': [
    'kms:arn:aws:kms:us-east-1:123456789012:key/1234abcd',
    'kms:arn:aws:kms:us-east-1:123456789012:key/1234abcd',
    'arn:aws:kms:us-east-1:123456789012:key/1234abcd',
  ],
};

describe.each(userSettingNames)('%s', (name) => {
  const [good, stored, bad] = values[name];
  const { variable } = userSettings[name];
  // Every test has an AWS_REGION.
  const env = { ...(variable === 'AWS_REGION' && { AWS_REGION: '' }) };

  test('is set, got, listed and unset', async () => {
    expect((await config('set', name, good)).code).toBe(0);
    const [group = '', own = ''] = name.split('.');
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({ [group]: { [own]: stored } });
    expect(await person.run(['config', 'get', name], { env })).toMatchObject({
      code: 0,
      out: `${good.replace(', ', ',')}\n`,
    });
    expect((await person.run(['config', 'list'], { env })).out).toMatch(
      new RegExp(`^${name} +\\S.* ${path()}$`, 'm'),
    );
    expect((await config('unset', name)).code).toBe(0);
    expect((await person.run(['config', 'get', name], { env })).code).toBe(1);
  });

  test('is refused where it is wrong, in a command, a variable and the file', async () => {
    const set = await config('set', name, bad);
    expect(set).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${name} is ${JSON.stringify(bad)}: it must be`),
    });
    if (bad !== '') {
      const inEnv = await person.run(['config', 'list'], { env: { [variable]: bad } });
      expect(inEnv).toMatchObject({ code: 1, err: expect.stringContaining(`${variable} is `) });
    }
    const [group = '', own = ''] = name.split('.');
    write(
      JSON.stringify({
        [group]: { [own]: { wrong: true } },
        chat: { colour: 'red', ...(group === 'chat' && { [own]: { wrong: true } }) },
      }),
    );
    const inFile = await person.run(['config', 'list'], { env });
    expect(inFile.code).toBe(1);
    expect(inFile.err).toContain(`${path()}: ${name} is {"wrong":true}: it must be`);
    expect(inFile.err).toContain(`${path()}: there is no setting chat.colour.`);
    // What is wrong can be put right by the command all the same.
    expect((await config('set', name, good)).code).toBe(0);
  });
});

test('the environment wins over the file, and options over both', async () => {
  await config('set', 'chat.maxTokens', '100');
  const env = { CHAT_MAX_TOKENS: '200' };
  expect((await person.run(['config', 'get', 'chat.maxTokens'], { env })).out).toBe('200\n');
  expect((await person.run(['config', 'set', 'chat.maxTokens', '300'], { env })).err).toContain(
    'CHAT_MAX_TOKENS is in the environment, and wins.',
  );
});

test('the older name of the folder of conversations is taken', async () => {
  const env = { REDUX_CONVERSATIONS_DIR: '/tmp/older' };
  expect((await person.run(['config', 'get', 'conversations.folder'], { env })).out).toBe('/tmp/older\n');
});

test('what else is in the file stays, and only its owner can read it', async () => {
  write('{"other": {"x": 1}, "chat": {"system": "Be brief."}}');
  await config('set', 'chat.maxTokens', '5');
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({
    other: { x: 1 },
    chat: { system: 'Be brief.', maxTokens: 5 },
  });
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test('settings that are changed at the same time are all there', async () => {
  await config('set', 'chat.system', 'x');
  const done = await Promise.all([
    config('set', 'chat.effort', 'low'),
    config('set', 'chat.maxTokens', '5'),
    config('unset', 'chat.system'),
    config('set', 'conversations.keep', 'false'),
  ]);
  expect(done.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({
    chat: { effort: 'low', maxTokens: 5 },
    conversations: { keep: false },
  });
});

test('a link to a file elsewhere stays a link', async () => {
  write('{}');
  const elsewhere = join(person.folder, 'dotfiles.json');
  renameSync(path(), elsewhere);
  symlinkSync(elsewhere, path());
  await config('set', 'chat.maxTokens', '5');
  expect(lstatSync(path()).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(elsewhere, 'utf8'))).toEqual({ chat: { maxTokens: 5 } });
});

test.each(['no json', '[]', '{"chat": 5}'])('a file that is %s is not overwritten', async (text) => {
  write(text);
  expect((await config('set', 'chat.maxTokens', '5')).code).toBe(1);
  expect(readFileSync(path(), 'utf8')).toBe(text);
});

test.each([
  [['set', 'chat.colour', 'red'], 1, 'There is no setting chat.colour. There are chat.defaultModel,'],
  [['set', 'chat.system'], 2, 'config set takes a name and a value.'],
  [['get'], 2, 'config get takes a name.'],
  [['paint'], 2, 'There is no config paint.'],
  [[], 2, 'Say what to do.'],
])('config %j', async (args, code, words) => {
  expect(await config(...args)).toMatchObject({ code, err: expect.stringContaining(words) });
});

test.each([
  ['linux', {}, '/h/.config/bedrock-gateway', '/h/.local/share/bedrock-gateway'],
  ['linux', { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' }, '/c/bedrock-gateway', '/d/bedrock-gateway'],
  [
    'darwin',
    {},
    '/h/Library/Application Support/bedrock-gateway',
    '/h/Library/Application Support/bedrock-gateway',
  ],
  ['win32', { APPDATA: '/r', LOCALAPPDATA: '/l' }, '/r/bedrock-gateway', '/l/bedrock-gateway'],
  ['win32', {}, '/h/AppData/Roaming/bedrock-gateway', '/h/AppData/Local/bedrock-gateway'],
] as const)('folders on %s with %j', (platform, env, settings, data) => {
  expect(configFolder({ HOME: '/h', ...env }, platform)).toBe(settings);
  expect(dataFolder({ HOME: '/h', ...env }, platform)).toBe(data);
});

test('a folder is the same one wherever a command is started', async () => {
  await config('set', 'conversations.folder', '~/chats');
  expect(JSON.parse(readFileSync(path(), 'utf8')).conversations.folder).toBe(join(homedir(), 'chats'));
  await config('set', 'conversations.folder', 'chats');
  expect(JSON.parse(readFileSync(path(), 'utf8')).conversations.folder).toBe(join(process.cwd(), 'chats'));
});

test('a file that an editor of Windows has written is read', async () => {
  write('\uFEFF{"chat": {"effort": "low"}}');
  expect((await config('get', 'chat.effort')).out).toBe('low\n');
});
