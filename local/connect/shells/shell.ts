import { join } from 'node:path';
import { UneditableFile } from '../files/format.ts';
import type { LineSyntax } from '../files/lines.ts';

export const shellNames = ['bash', 'zsh', 'fish', 'powershell', 'cmd'] as const;
export type ShellName = (typeof shellNames)[number];

/** How a shell sets variables. */
export interface Shell {
  name: ShellName;
  /** A line that sets a variable to a text. */
  set(name: string, value: string): string;
  /** A line that sets a variable to what a command prints. */
  setFrom(name: string, command: string): string;
  /** A text as one word, whatever is in it. */
  quote(text: string): string;
  /** The value of a variable as a word. */
  variable(name: string): string;
  /** What it reads when it starts; cmd reads nothing. */
  profile?: string;
  /** How lines of that file set variables. */
  syntax?: LineSyntax;
}

export interface ShellPlaces {
  home: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

/** A word of a POSIX shell, in quotes unless it is plain (POSIX.1-2024, 2.2.2). */
const posixQuote = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
const fishQuote = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const powershellQuote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * One word, with nothing but a comment behind it: a line that says more, as `export A=b; export C=d`, is none that a value
 * could be changed in. What is added below it counts.
 */
const soleWord = /((?:'[^'\n]*'|"(?:\\.|[^"\\\n])*"|[^\s;&|<>()'"`\\])*)(?=[ \t]*(?:[ \t]#.*)?$)/.source;

/** The syntax of a file in which lines begin as this shell's do. */
function lineSyntax(begin: (name: string) => string, quote: (text: string) => string): LineSyntax {
  const escaped = (text: string) => text.replace(/[$^:]/g, '\\$&');
  return {
    match: (name) => new RegExp(`^([ \\t]*${escaped(begin(name))})${soleWord}`),
    before: begin,
    write(value) {
      if (/[\n\r'\\]/.test(value))
        throw new UneditableFile('a value with quotes or line breaks is not written there');
      return quote(value);
    },
    value: (written) => written.trim().replace(/^'(.*)'$/, '$1'),
  };
}

const posix = (name: 'bash' | 'zsh', profile: string): Shell => ({
  name,
  set: (variable, value) => `export ${variable}=${posixQuote(value)}`,
  setFrom: (variable, command) => `export ${variable}="$(${command})"`,
  quote: posixQuote,
  variable: (variable) => `"$${variable}"`,
  profile,
  syntax: lineSyntax((variable) => `export ${variable}=`, posixQuote),
});

const makers: Readonly<Record<ShellName, (places: ShellPlaces) => Shell>> = {
  bash: ({ home, platform }) =>
    posix('bash', join(home, platform === 'darwin' ? '.bash_profile' : '.bashrc')),
  zsh: ({ home, env }) => posix('zsh', join(env.ZDOTDIR ?? home, '.zshrc')),
  fish: ({ home, env }) => ({
    name: 'fish',
    set: (variable, value) => `set -gx ${variable} ${fishQuote(value)}`,
    setFrom: (variable, command) => `set -gx ${variable} (${command})`,
    quote: fishQuote,
    variable: (variable) => `"$${variable}"`,
    profile: join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'fish', 'conf.d', 'bedrock-gateway.fish'),
    syntax: lineSyntax((variable) => `set -gx ${variable} `, fishQuote),
  }),
  powershell: ({ home, platform }) => ({
    name: 'powershell',
    set: (variable, value) => `$env:${variable} = ${powershellQuote(value)}`,
    setFrom: (variable, command) => `$env:${variable} = (${command})`,
    quote: powershellQuote,
    variable: (variable) => `$env:${variable}`,
    profile:
      platform === 'win32'
        ? join(home, 'Documents', 'PowerShell', 'Microsoft.PowerShell_profile.ps1')
        : join(home, '.config', 'powershell', 'Microsoft.PowerShell_profile.ps1'),
    syntax: lineSyntax((variable) => `$env:${variable} = `, powershellQuote),
  }),
  cmd: () => ({
    name: 'cmd',
    set: (variable, value) => `set "${variable}=${value}"`,
    setFrom: (variable, command) => `for /f "delims=" %i in ('${command}') do @set "${variable}=%i"`,
    quote: (text) => (/^[\w./:@+=,-]+$/.test(text) ? text : `"${text}"`),
    variable: (variable) => `"%${variable}%"`,
  }),
};

export const shellOf = (name: ShellName, places: ShellPlaces): Shell => makers[name](places);
