import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test as vitest } from 'vitest';
import { hasTerminals, onTerminal, type TestTerminal } from './terminal.ts';

/** Named as skipped where no pseudo-terminal can be had. */
const test = vitest.skipIf(!hasTerminals);

let folder: string;
const terminals: TestTerminal[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-'));
});
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.kill();
});
afterAll(() => rmSync(folder, { recursive: true }));

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function start(...args: string[]): TestTerminal {
  const env = { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, HOME: folder };
  const terminal = onTerminal(['chat', '--simulator', ...args], { env });
  terminals.push(terminal);
  return terminal;
}

/** Without what differs from run to run, and with the prices. */
const masked = (screen: string): string =>
  screen
    .replace(/\b[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(folder, '<folder>')
    .replace(/(· |Cost: )(cost unknown \(.*\)|\$\d+(?:\.\d+)?|unknown)/g, '$1<cost>');
const golden = (name: string) => `../../golden/terminal/${name}.txt`;

test('a conversation as a person types it', async () => {
  const terminal = start('--model', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0');
  const { type, shows } = terminal;
  const answered = (times: number) => shows(new RegExp(`^([\\s\\S]* out · .*){${times}}\\s*\n>\\s*$`));
  await shows('Ctrl-D leaves');
  type('[[say:# Rivers]]\r');
  await answered(1);
  type('And the longest?\r');
  await answered(2);
  type('/mod');
  await shows('/mod');
  type('\t');
  await shows('> /model');
  type('us.amazon.nova-lit');
  await shows('nova-lit');
  type('\t');
  await shows('us.amazon.nova-lite-v1:0');
  type('\r');
  await shows(/From now on/);
  writeFileSync(join(folder, 'dot.png'), Buffer.from(png, 'base64'));
  type(`/attach ${join(folder, 'dot.png')}\r`);
  await shows('1 file goes');
  type('What is this?\r');
  await answered(3);
  type('[[stall-mid-stream:3]] never ends\r');
  await shows(/never ends\nYou said:$/);
  type('\x03');
  await shows(/Stopped; what came is kept/);
  type('/usage\r');
  await shows(/Cost:/);
  type('/quit\r');
  expect(await terminal.ended()).toBe(0);
  await expect(masked(terminal.screen())).toMatchFileSnapshot(golden('conversation'));

  const again = start('--continue');
  await again.shows(/You said:\n> *$/);
  again.type('/retry\r');
  await again.shows(/retry\nYou said:$/);
  again.type('\x03');
  await again.shows(/Stopped[\s\S]*> *$/);
  again.type('/undo\r');
  await again.shows('Taken back.');
  again.type('Still there?\r');
  await again.shows(/Still there\?”[\s\S]* out · [\s\S]*\n> *$/);
  again.type('\x04');
  expect(await again.ended()).toBe(0);
  await expect(masked(again.screen())).toMatchFileSnapshot(golden('resumed'));
});

test('what is typed in several lines is one question; Ctrl-C twice leaves', async () => {
  const terminal = start();
  const { type, shows } = terminal;
  await shows('Ctrl-D leaves');
  type('one\\\r');
  await shows(/…$/);
  type('two\r');
  await shows(/ out · [\s\S]*\n> *$/);
  type('\x1b[200~three\rfour\x1b[201~');
  await shows('four');
  type('\r');
  await shows(/four”[\s\S]* out · [\s\S]*\n> *$/);
  type('half a question');
  await shows('half a question');
  type('\x03');
  await shows(/question\n>$/);
  type('\x03');
  expect(await terminal.ended()).toBe(0);
  await expect(masked(terminal.screen())).toMatchFileSnapshot(golden('lines'));
});

test('reasoning is dimmed, Markdown coloured, and NO_COLOR is neither', async () => {
  const env = { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, HOME: folder, CONVERSATIONS_KEEP: 'false' };
  const asked = [
    '--effort',
    'low',
    '**bold** `code`',
    '--model',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ];
  const coloured = onTerminal(['chat', '--simulator', ...asked], { env });
  terminals.push(coloured);
  expect(await coloured.ended()).toBe(0);
  expect(coloured.raw()).toContain('\x1b[2mThe user wants: ');
  expect(coloured.raw()).toContain('“\x1b[1mbold\x1b[22m \x1b[36mcode\x1b[39m”');
  const plain = onTerminal(['chat', '--simulator', '--no-reasoning', ...asked], {
    env: { ...env, NO_COLOR: '1' },
  });
  terminals.push(plain);
  expect(await plain.ended()).toBe(0);
  expect(plain.screen()).toMatch(/^You said: “\*\*bold\*\* `code`”\. [\s\S]*\nus\.anthropic/);
});

test('a passphrase is asked for twice when it is new, once later, and never shown', {
  timeout: 60_000,
}, async () => {
  const home = mkdtempSync(join(folder, 'sealed-'));
  const env = {
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    HOME: home,
    CONVERSATIONS_ENCRYPTION: 'passphrase',
  };
  const begin = () => {
    const terminal = onTerminal(['chat', '--simulator'], { env });
    terminals.push(terminal);
    return terminal;
  };
  const first = begin();
  await first.shows('A new passphrase for your conversations (it cannot be recovered):');
  first.type('battery\r');
  await first.shows('The same again:');
  first.type('batterie\r');
  await first.shows('That was another one. A new passphrase for your conversations');
  // Arrows, Home, Delete and Alt are no letters, nor is what stands around a paste.
  first.type('bat\x1b[D\x1b[C\x1bOH\x1b[3~\x1bftery\r');
  await first.shows(/The same again:[\s\S]*The same again:/);
  first.type('\x1b[200~batteri\x1b[201~\x7fy\r');
  await first.shows('Ctrl-D leaves');
  first.type('Hello\r');
  await first.shows(/ out · [\s\S]*\n> *$/);
  first.type('/list\r');
  await first.shows('(encrypted: passphrase)');
  first.type('\x04');
  expect(await first.ended()).toBe(0);
  expect(first.raw()).not.toContain('batter');

  const wrong = begin();
  await wrong.shows('Passphrase of your conversations:');
  wrong.type('staple\r');
  await wrong.shows('The passphrase does not open the conversations that are there');
  expect(await wrong.ended()).toBe(2);

  // What another program has encrypted is asked for within the conversation.
  const id = /[0-9a-f]{12}/.exec(first.screen())?.[0] ?? '';
  const later = onTerminal(['chat', '--simulator'], { env: { ...env, CONVERSATIONS_ENCRYPTION: 'none' } });
  terminals.push(later);
  await later.shows('Ctrl-D leaves');
  later.type(`/resume ${id}\r`);
  await later.shows('Passphrase of your conversations:');
  later.type('staple\r');
  await later.shows('the passphrase is wrong, or the file was changed');
  await later.shows(/changed\s+> *$/);
  later.type(`/resume ${id}\r`);
  await later.shows(/was changed[\s\S]*conversations:$/);
  later.type('battery\r');
  await later.shows('You said: “Hello”');
  expect(later.raw()).not.toMatch(/staple|battery/);
});

test('Ctrl-C ends one answer with what came, and says how it ended', async () => {
  const terminal = start('[[stall-mid-stream:3]] never ends');
  await terminal.shows('You said:');
  terminal.type('\x03');
  expect(await terminal.ended()).toBe(130);
  await terminal.shows(/^You said:\nStopped; what came is kept\.\n/);
});

test.each<[string, string[], Record<string, string>]>([
  ['in a conversation', [], {}],
  ['of one answer', ['Hello'], {}],
  ['without colours', ['Hello'], { NO_COLOR: '1' }],
])(
  'what is told when an answer has come, such as that it is not kept, stands below it: %s',
  async (_, args, env) => {
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    const home = { XDG_CONFIG_HOME: folder, HOME: folder, CONVERSATIONS_DIR: file };
    const terminal = onTerminal(['chat', '--simulator', ...args], { env: { ...home, ...env } });
    terminals.push(terminal);
    if (args.length === 0) {
      await terminal.shows('Ctrl-D leaves');
      terminal.type('Hello\r');
    }
    await terminal.shows(/ out · /);
    expect(terminal.screen()).toMatch(
      /^You said: “Hello”\. This is the simulated answer of \S+\.\s*\nThe conversation could not be kept: .*$/m,
    );
  },
);
