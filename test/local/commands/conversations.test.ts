import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kmsKeys } from '../../../local/conversations/kms.ts';
import { passphraseKeys } from '../../../local/conversations/passphrase.ts';
import { Store } from '../../../local/conversations/store.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { type Terminalless, withoutTerminal } from '../chat/asking.ts';
import { aConversation } from '../conversations/support.ts';

let stack: Stack;
let person: Terminalless;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  person = withoutTerminal(stack.simulator.url);
  folder = join(person.folder, 'bedrock-gateway', 'conversations');
});
afterAll(async () => {
  person.remove();
  await stack.close();
});

const conversations = (...args: string[]) => person.run(['conversations', ...args]);
const noKeys = { passphrase: passphraseKeys({ passphrase: async () => undefined }), kms: kmsKeys(undefined) };
const nova = 'us.amazon.nova-lite-v1:0';

async function ask(text: string, ...more: string[]): Promise<string> {
  const { out } = await person.run(['chat', '--json', '--model', nova, ...more, text]);
  return (JSON.parse(out) as { conversation: string }).conversation;
}

test('nothing is kept yet', async () => {
  expect(await conversations('list')).toEqual({ code: 0, out: '', err: `There is none in ${folder}.\n` });
  expect(await conversations('list', '--json')).toMatchObject({ code: 0, out: '[]\n' });
});

test('list, show, export, resume and delete', async () => {
  const id = await ask('First \x1b[31mquestion', '--system', 'Be brief.');
  const other = await ask('Second question');
  const { code, out } = await conversations('list');
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^ID +LAST +TURNS +COST +MODEL +TITLE$/);
  expect(lines[1]).toMatch(new RegExp(`^${other} +2026|^${other} +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +2 `));
  // What a title holds is not acted on by the terminal.
  expect(lines[2]).toMatch(new RegExp(`^${id} .* ${nova} +First \\[31mquestion$`));

  const listed = JSON.parse((await conversations('list', '--json')).out);
  expect(listed).toMatchObject([
    { id: other },
    { id, title: 'First \x1b[31mquestion', model: nova, turns: 2 },
  ]);

  const shown = await conversations('show', id.slice(0, 11));
  expect(shown.out).toMatch(
    new RegExp(
      `^# First .*\\n\\nConversation ${id}, begun .*\\n\\n## System\\n\\nBe brief\\.\\n\\n## You\\n\\nFirst .*\\n\\n## ${nova} in us-east-1\\n\\nYou said: `,
    ),
  );
  expect((await conversations('export', id)).out).toBe(shown.out);
  const exported = JSON.parse((await conversations('export', id, '--format', 'json')).out);
  expect(exported).toMatchObject({ format: 'bedrock-gateway/conversation', version: 1, id, revision: 1 });

  const resumed = await conversations('resume', id, '--json', 'And now?');
  expect(JSON.parse(resumed.out)).toMatchObject({
    conversation: id,
    text: expect.stringContaining('And now?'),
  });
  const body = stack.simulator.calls.at(-1)?.body as { messages: object[]; system: object[] };
  expect(body.messages).toHaveLength(3);
  expect(body.system[0]).toEqual({ text: 'Be brief.' });
  const latest = await person.run(['chat', '--json', '--continue', 'Still?']);
  expect(JSON.parse(latest.out)).toMatchObject({ conversation: id });

  expect((await conversations('delete', other, id)).err.match(/^Deleted /gm)).toHaveLength(2);
  expect(readdirSync(folder)).toEqual([]);
});

test('several that list and prune one folder at once are in nobody’s way', async () => {
  const where = join(person.folder, 'pruned');
  const store = new Store({
    folder: where,
    encryption: undefined,
    keys: noKeys,
    openListed: false,
    now: () => 0,
  });
  for (let i = 0; i < 20; i += 1) await store.save({ ...aConversation(), id: `abcabcabca${i + 10}` });
  const env = { CONVERSATIONS_DIR: where };
  const all = await Promise.all(
    [['prune', '--older-than', '1d'], ['prune', '--older-than', '1d'], ['list'], ['list']].map((args) =>
      person.run(['conversations', ...args], { env }),
    ),
  );
  for (const { code, err } of all) {
    expect(code).toBe(0);
    expect(err).not.toContain('Skipped');
  }
  expect(readdirSync(where)).toEqual([]);
});

test('prune deletes what is old, and nothing that it cannot read', async () => {
  const old = aConversation('old');
  const name = `${old.id}_20261101T000000Z.json`;
  writeFileSync(join(folder, name), JSON.stringify({ ...old, updatedAt: '2020-01-01T00:00:00.000Z' }));
  writeFileSync(join(folder, 'aaaaaaaaaaaa_20200101T000000Z.json'), 'damaged');
  utimesSync(join(folder, 'aaaaaaaaaaaa_20200101T000000Z.json'), new Date(0), new Date(0));
  const young = await ask('young');
  const dry = await conversations('prune', '--older-than', '30d', '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    out: `${old.id}\n`,
    err: expect.stringContaining('Would delete 1 of 2.'),
  });
  expect(existsSync(join(folder, name))).toBe(true);
  const done = await conversations('prune', '--older-than', '30d');
  expect(done.err).toMatch(/^Deleted 1 of 2\.\nSkipped aaaaaaaaaaaa_.*damaged\.\n$/);
  expect(
    readdirSync(folder)
      .map((each) => each.slice(0, 12))
      .sort(),
  ).toEqual(['aaaaaaaaaaaa', young].sort());
});

describe('bad use', () => {
  test.each([
    [[], 2, 'Say what to do.'],
    [['paint'], 2, 'There is no conversations paint.'],
    [['constructor'], 2, 'There is no conversations constructor.'],
    [['show'], 2, 'show takes an id.'],
    [['resume'], 2, 'Which one?'],
    [['delete'], 2, 'delete takes the ids'],
    [['prune'], 2, '--older-than says how old: 12h, 30d or 8w.'],
    [['prune', '--older-than', 'ages'], 2, '--older-than says how old'],
    [['export', 'abc', '--format', 'pdf'], 2, 'it must be markdown or json'],
    [['show', 'abc'], 1, 'There is no conversation abc.'],
    [['resume', 'abc', 'Hello'], 2, 'There is no conversation abc.'],
  ])('%j', async (args, code, words) => {
    expect(await conversations(...args)).toMatchObject({
      code,
      out: '',
      err: expect.stringContaining(words),
    });
  });
});

test('a folder that cannot be written to: the answer comes all the same, and it is said', async () => {
  const env = { CONVERSATIONS_DIR: '/dev/null/nowhere' };
  const { code, out, err } = await person.run(['chat', '--model', nova, 'Hello'], { env });
  expect(code).toBe(0);
  expect(out).toContain('“Hello”');
  expect(err).toContain('The conversation could not be kept');
});

// Each of its programs makes a key with the whole work of scrypt.
test('a wrong passphrase is noticed before anything is asked', { timeout: 90_000 }, async () => {
  const mine = { CONVERSATIONS_ENCRYPTION: 'passphrase', CONVERSATIONS_DIR: join(person.folder, 'sealed') };
  const env = { ...mine, CONVERSATIONS_PASSPHRASE: 'right' };
  expect((await person.run(['chat', '--model', nova, 'Hello'], { env })).code).toBe(0);
  const before = stack.simulator.calls.length;
  const wrong = { ...mine, CONVERSATIONS_PASSPHRASE: 'wrong' };
  const refused = await person.run(['chat', '--model', nova, 'Hello'], { env: wrong });
  expect(refused).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('does not open the conversations'),
  });
  const nobody = await person.run(['chat', '--model', nova, 'Hello'], { env: mine });
  expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining('set CONVERSATIONS_PASSPHRASE') });
  expect(stack.simulator.calls).toHaveLength(before);
  expect((await person.run(['conversations', 'list'], { env })).out).toMatch(/Hello\n$/);
  expect((await person.run(['conversations', 'list'], { env: mine })).out).toMatch(
    /\(encrypted: passphrase\)\n$/,
  );
  expect((await person.run(['conversations', 'list'], { env: wrong })).err).toContain(
    'the passphrase is wrong',
  );
});
