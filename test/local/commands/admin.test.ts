import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lambda/auth/digest.ts';
import { readToken } from '../../../lambda/auth/session.ts';
import { runGateway } from '../../../local/command-line.ts';
import { keysFile } from '../../support/keys-file.ts';

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    env: {},
  };
  const status = await runGateway(['admin', ...args], io);
  return { status, out: out.join(''), err: err.join('') };
}

const file = await keysFile([
  { key: 'sk-gone', name: 'gone', admin: true, revoked: true },
  { key: 'sk-ann', name: 'ann' },
  { key: 'sk-root', name: 'root', admin: true },
]);

describe('gateway admin link', () => {
  test('prints an address that signs in as the first open key with the right, for five minutes', async () => {
    const { status, out } = await run('link', '--file', file, '--url', 'https://x.example/v1/');
    expect(status).toBe(0);
    const [, origin, token = ''] = /^(.*)\/admin\/link\?token=(.*)\n$/.exec(out) ?? [];
    expect(origin).toBe('https://x.example');
    const root = { digest: digestOf('sk-root'), principal: { name: 'root' } };
    expect(readToken([root], 'link', token, Date.now())).toBe(root);
    expect(readToken([root], 'link', token, Date.now() + 300_001)).toBeUndefined();
  });

  test('for another key by its name', async () => {
    const { out } = await run('link', '--file', file, '--name', 'ann');
    expect(out).toMatch(/^http:\/\/localhost:8080\/admin\/link\?token=/);
  });

  test.each([
    [['link', '--file', file, '--name', 'gone'], /no key named gone/],
    [['link', '--file', '/nowhere/keys.json'], /No key has the right admin/],
    [['link'], /Say where the keys are/],
    [['link', '--file', file, '--url', 'ftp://x'], /--url must be/],
    [['open'], /one thing: link/],
  ])('%j is refused with the reason', async (args, reason) => {
    const { status, err } = await run(...args);
    expect(status).toBe(2);
    expect(err).toMatch(reason);
  });
});
