import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ShellName } from './shell.ts';

/** The names of programs that are shells. `sh` is none: npm and npx start commands with it, whatever the person uses. */
const programs: Readonly<Record<string, ShellName>> = {
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  pwsh: 'powershell',
  powershell: 'powershell',
  'powershell.exe': 'powershell',
  'pwsh.exe': 'powershell',
};

export interface Surroundings {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** The programs that this one was started by, the nearest first. */
  ancestors(): Iterable<string>;
}

/** The shell in use: the nearest one that this process was started from; else the person's own, by the environment. */
export function detectShell({ platform, env, ancestors }: Surroundings): ShellName {
  if (platform === 'win32') {
    // PowerShell adds its folder in the person's documents to the machine's, cmd has the machine's alone.
    return /documents/i.test(env.PSModulePath ?? '') ? 'powershell' : 'cmd';
  }
  for (const program of ancestors()) {
    const shell = shellNamed(program);
    if (shell) return shell;
  }
  return shellNamed(env.SHELL ?? '') ?? (platform === 'darwin' ? 'zsh' : 'bash');
}

/** By the program's name or path; a login shell's name begins with a hyphen. */
function shellNamed(program: string): ShellName | undefined {
  const name = program.trim().split('/').at(-1)?.replace(/^-/, '').toLowerCase() ?? '';
  return Object.hasOwn(programs, name) ? programs[name] : undefined;
}

/** Those of this process, from /proc or by `ps`; as many as are told. */
export function* processAncestors(): Generator<string> {
  let id = process.ppid;
  for (let depth = 0; depth < 16 && id > 1; depth += 1) {
    const found = processInfo(id);
    if (!found) return;
    yield found.program;
    id = found.parent;
  }
}

function processInfo(id: number): { program: string; parent: number } | undefined {
  try {
    const [, program = '', parent = '0'] =
      /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    return { program, parent: Number(parent) };
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(id)], {
      encoding: 'utf8',
      timeout: 1000,
    });
    const [, parent, program] = /^\s*(\d+)\s+(.+)$/m.exec(stdout ?? '') ?? [];
    return parent && program ? { program, parent: Number(parent) } : undefined;
  }
}
