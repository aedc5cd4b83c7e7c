import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home and a work folder that no other program has; both are gone after `close`. */
export interface Home {
  home: string;
  work: string;
  close(): Promise<void>;
}

export async function makeHome(): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), 'gateway-client-'));
  const [home, work] = [join(root, 'home'), join(root, 'work')];
  await Promise.all([mkdir(home), mkdir(work)]);
  return { home, work, close: () => rm(root, { recursive: true, force: true, maxRetries: 3 }) };
}

export interface ProgramOptions {
  command: string;
  args: string[];
  home: Home;
  /** Beside PATH and HOME these are all the variables that the program sees. */
  env: Record<string, string>;
  /** After this many milliseconds the program and its children are killed. */
  timeoutMs: number;
  /** Called with each line of its standard output. */
  onLine?(line: string): void;
}

export interface Ended {
  /** Null when it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Program {
  write(text: string): void;
  closeInput(): void;
  ended: Promise<Ended>;
  /** Kills it with all its children, by the id of its process group. */
  kill(): void;
}

/** Starts a program in a process group of its own. */
export function startProgram({ command, args, home, env, timeoutMs, onLine }: ProgramOptions): Program {
  const child = spawn(command, args, {
    cwd: home.work,
    env: { PATH: process.env.PATH ?? '', HOME: home.home, TMPDIR: home.home, ...env },
    detached: true,
    stdio: 'pipe',
  });
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group has ended already.
    }
  };
  const timer = setTimeout(kill, timeoutMs);
  process.once('exit', kill);
  const output = { stdout: '', stderr: '' };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  // A program that ended early no longer reads; its exit code tells.
  child.stdin.on('error', () => {});
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  }).finally(() => {
    clearTimeout(timer);
    process.off('exit', kill);
    kill();
  });
  return {
    write: (text) => child.stdin.write(text),
    closeInput: () => child.stdin.end(),
    ended,
    kill,
  };
}
