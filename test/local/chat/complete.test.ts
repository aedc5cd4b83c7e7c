import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commands, findCommand } from '../../../local/chat/repl/commands.ts';
import { createCompleter } from '../../../local/chat/repl/complete.ts';
import { pathOf } from '../../../local/chat/repl/path.ts';
import { Session } from '../../../local/chat/session.ts';
import { aConversation, newFolder, storeIn } from '../conversations/support.ts';
import { scriptedConnection } from './scripted-connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'complete-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'pictures'));
for (const name of ['plan.txt', 'plot.png', '.hidden']) writeFileSync(join(folder, name), 'x');

const store = storeIn(newFolder());
const options = {
  store,
  model: 'amazon.nova-lite-v1:0',
  settings: {},
  showReasoning: true,
  goesOn: true,
  person: { tell: () => {}, ask: async () => undefined },
};
const session = new Session({ ...options, connection: scriptedConnection() });
const complete = createCompleter(session, commands);

describe('Tab', () => {
  test.each([
    ['/', Object.entries(commands).map(([name, { takes }]) => `/${name}${takes ? ' ' : ''}`)],
    ['/un', ['/undo']],
    ['/mod', ['/model ']],
    ['/model us.', ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0']],
    ['/model pro', ['us.amazon.nova-pro-v1:0']],
    ['/model nova', ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0', 'amazon.nova-lite-v1:0', ' ']],
    ['/model claude', []],
    ['/think m', ['minimal', 'medium', 'max']],
    ['/export j', ['json']],
    ['/quit x', []],
    ['a question', []],
    ['/etc/hosts', []],
    [`/attach ${folder}/pl`, [`${folder}/plan.txt`, `${folder}/plot.png`]],
    [`/attach ${folder}/pi`, [`${folder}/pictures/`]],
    [`/attach ${folder}/.h`, [`${folder}/.hidden`]],
    ['/attach /nowhere/x', []],
  ])('%s', async (line, hits) => {
    const [found, part] = await complete(line);
    expect(found.sort()).toEqual([...hits].sort());
    expect(line.endsWith(part)).toBe(true);
  });

  test('ids of conversations', async () => {
    const { conversation } = await store.save(aConversation());
    expect(await complete('/resume ')).toEqual([[conversation.id], '']);
  });

  test('a list of models that fails is asked for again', async () => {
    let fails = true;
    const connection = {
      ...scriptedConnection(),
      models: async () => (fails ? Promise.reject(new Error()) : ['m']),
    };
    const again = createCompleter(new Session({ ...options, connection }), commands);
    await expect(again('/model ')).rejects.toThrow();
    fails = false;
    expect(await again('/model ')).toEqual([['m'], '']);
  });
});

test.each([
  ['/help', true],
  ['  /model x ', true],
  ['/nothing', true],
  ['/etc/hosts is what?', false],
  ['/ what', false],
  ['What is /help?', false],
])('whether %j is a command', (text, expected) => {
  expect(findCommand(text) !== undefined).toBe(expected);
});

test.each([
  ['a b.txt', 'a b.txt'],
  ['a\\ b.txt', 'a b.txt'],
  ["'a b.txt'", 'a b.txt'],
  ['"a b.txt"', 'a b.txt'],
])('the path %s', (typed, path) => {
  expect(pathOf(typed)).toBe(path);
});
