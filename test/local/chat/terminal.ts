import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Terminal } from '@xterm/headless';
import { expect } from 'vitest';
import { compileCache } from '../../support/compile-cache.ts';

/** Has a binary for the usual platforms, and none for others. */
const pty = await import('@lydell/node-pty').catch(() => undefined);
/** Whether there are pseudo-terminals here. */
export const hasTerminals = pty !== undefined;

const bin = fileURLToPath(new URL('../../../bin/gateway.ts', import.meta.url));

/** A person's terminal: keys go in, and what stands on its screen can be read. */
export interface TestTerminal {
  /** As typed; `\r` is Enter, `\x03` Ctrl-C. */
  type(keys: string): void;
  /** Lines of the screen and what has left it above, without those that are empty at the end. */
  screen(): string;
  /** Waits until the screen shows it. */
  shows(text: string | RegExp): Promise<void>;
  /** The escape sequences that came, for what a screen does not tell. */
  raw(): string;
  /** Resolves with the exit status. */
  ended(): Promise<number>;
  kill(): void;
}

export interface TerminalOptions {
  env: Record<string, string>;
  columns?: number;
  rows?: number;
}

/** Runs `gateway …` on a pseudo-terminal. */
export function onTerminal(args: string[], { env, columns = 140, rows = 40 }: TerminalOptions): TestTerminal {
  const screen = new Terminal({ cols: columns, rows, scrollback: 2000, allowProposedApi: true });
  if (!pty) throw new Error('@lydell/node-pty has no binary for this platform.');
  const child = pty.spawn(process.execPath, [bin, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { PATH: process.env.PATH ?? '', ...compileCache, TZ: 'UTC', ...env },
  });
  let raw = '';
  child.onData((data) => {
    raw += data;
    screen.write(data);
  });
  // What was written last may be read after the end of the process.
  const drained = async () => {
    for (let seen = -1; seen !== raw.length; await sleep(50)) seen = raw.length;
    await new Promise<void>((resolve) => screen.write('', resolve));
  };
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => void drained().then(() => resolve(exitCode)));
  });
  const lines = () => {
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  };
  return {
    type: (keys) => child.write(keys),
    screen: lines,
    shows: async (text) => {
      const has = expect.poll(lines, { timeout: 15_000, interval: 20 });
      await (typeof text === 'string' ? has.toContain(text) : has.toMatch(text));
    },
    raw: () => raw,
    ended: () => ended,
    kill: () => child.kill('SIGKILL'),
  };
}
