import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chatExit } from '../../local/chat/exit-status.ts';
import { commands } from '../../local/chat/repl/commands.ts';
import { runGateway } from '../../local/command-line.ts';
import { userSettingNames, userSettings } from '../../local/user-settings/table.ts';

const page = readFileSync(new URL('../../docs/terminal.md', import.meta.url), 'utf8');

async function helpOf(command: string): Promise<string> {
  let out = '';
  const stream = { write: (text: string) => (out += text) };
  expect(await runGateway([command, '--help'], { stdout: stream, stderr: stream, env: {} })).toBe(0);
  return out;
}

test('the settings are those of the table', () => {
  const [, part = ''] = /<!-- settings:.*?-->\n(.*?)<!-- end -->/s.exec(page) ?? [];
  const rows = userSettingNames.map((name) => {
    const { variable, about } = userSettings[name];
    const also = 'alsoVariable' in userSettings[name] ? userSettings[name].alsoVariable : undefined;
    return `| \`${name}\` | \`${variable}\`${also ? `, \`${also}\`` : ''} | ${about} |`;
  });
  expect(part.trim().split('\n').slice(2)).toEqual(rows);
});

test('every command of a conversation has a row', () => {
  const named = [...page.matchAll(/`\/([a-z]+)[^`]*`(?=.*\|)/g)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual(Object.keys(commands).sort());
});

test('every exit status has a row', () => {
  const [, part = ''] = /\| Exit status.*?\n\|---.*?\n(.*?)\n\n/s.exec(page) ?? [];
  const statuses = [...part.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) =>
    cell.split(',').map(Number),
  );
  expect(statuses).toEqual(Object.values(chatExit));
});

describe('options', () => {
  const documented = () => [...page.matchAll(/(?<=[`\s])--[a-z-]+/g)].map(([option]) => option);

  test('of chat: each that it takes has a row', async () => {
    const taken = [...(await helpOf('chat')).matchAll(/--[a-z-]+/g)].map(([option]) => option);
    const [, part = ''] = /\| Option \|.*?\n\|---.*?\n(.*?)\n\n/s.exec(page) ?? [];
    const rows = [...part.matchAll(/^\| (.*?) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/--[a-z-]+/g) ?? [],
    );
    expect([...new Set(rows)].sort()).toEqual([...new Set(taken)].filter((each) => each !== '--help').sort());
  });

  test('each that the page names is taken by a command', async () => {
    const helps = await Promise.all(['chat', 'conversations', 'config'].map(helpOf));
    const known = `${helps.join('\n')} --simulator`;
    for (const option of documented()) expect(known).toContain(option);
  });
});
