import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesFormat } from '../../../local/connect/files/lines.ts';
import { detectShell } from '../../../local/connect/shells/detect.ts';
import { shellNames, shellOf } from '../../../local/connect/shells/shell.ts';

const places = { home: '/home/me', platform: 'linux' as const, env: {} };

describe('the shell in use', () => {
  test.each<[NodeJS.Platform, Record<string, string>, string[], string]>([
    ['linux', { SHELL: '/bin/bash' }, ['node', 'sh', 'npm exec gateway', 'fish', 'bash'], 'fish'],
    ['linux', { SHELL: '/usr/bin/zsh' }, ['node', 'sh', '-bash'], 'bash'],
    ['darwin', { SHELL: '/bin/zsh' }, ['node', '/opt/homebrew/bin/pwsh'], 'powershell'],
    ['linux', { SHELL: '/usr/bin/fish' }, ['node', 'code'], 'fish'],
    ['linux', {}, [], 'bash'],
    ['darwin', {}, [], 'zsh'],
    ['linux', { SHELL: '/bin/sh' }, ['sh', 'dash'], 'bash'],
    ['win32', { PSModulePath: 'C:\\Users\\me\\Documents\\PowerShell\\Modules;C:\\x' }, [], 'powershell'],
    ['win32', { PSModulePath: 'C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules' }, [], 'cmd'],
  ])('on %s with %j, started by %j: %s', (platform, env, ancestors, shell) => {
    expect(detectShell({ platform, env, ancestors: () => ancestors })).toBe(shell);
  });
});

describe('lines of a shell', () => {
  test('whatever a value is, a POSIX shell reads it as it was', () => {
    const { set } = shellOf('bash', places);
    const texts = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(texts, (values) => {
        const script = values.map((value) => `${set('X', value)}; printf '%s\\0' "$X"`).join('\n');
        const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(read).toBe(values.map((value) => `${value}\0`).join(''));
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ['bash', "export A='b c'", 'export A="$(cat k)"', '"$A"'],
    ['zsh', "export A='b c'", 'export A="$(cat k)"', '"$A"'],
    ['fish', "set -gx A 'b c'", 'set -gx A (cat k)', '"$A"'],
    ['powershell', "$env:A = 'b c'", '$env:A = (cat k)', '$env:A'],
    ['cmd', 'set "A=b c"', `for /f "delims=" %i in ('cat k') do @set "A=%i"`, '"%A%"'],
  ] as const)('%s', (name, text, command, variable) => {
    const shell = shellOf(name, places);
    expect([shell.set('A', 'b c'), shell.setFrom('A', 'cat k'), shell.variable('A')]).toEqual([
      text,
      command,
      variable,
    ]);
  });

  test.each(shellNames.filter((name) => name !== 'cmd'))('the file of %s: in, again, out', (name) => {
    const { syntax, profile, set } = shellOf(name, places);
    const format = linesFormat(syntax!);
    const before = '# mine\nls\n';
    const after = format.set(before, ['GATEWAY_X'], 'http://a:1/v1');
    expect(after).toBe(`${before}${set('GATEWAY_X', 'http://a:1/v1')}\n`);
    expect(format.read(after)).toEqual({ GATEWAY_X: 'http://a:1/v1' });
    expect(format.set(after, ['GATEWAY_X'], 'y')).toBe(`${before}${set('GATEWAY_X', 'y')}\n`);
    expect(format.remove(after, ['GATEWAY_X'])).toBe(before);
    expect(profile).toMatch(/^\/home\/me\//);
  });
});
