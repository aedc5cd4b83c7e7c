import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runGateway } from '../../../local/command-line.ts';
import type { Input } from '../../../local/io.ts';
import { simulatorEnv } from '../../lambda/models/simulated.ts';

/** What a command printed, and how it ended. */
export interface Printed {
  code: number;
  out: string;
  err: string;
}

export interface Terminalless {
  /** A folder for settings and data. */
  folder: string;
  env: Record<string, string>;
  run(args: string[], options?: { piped?: string | Buffer; env?: Record<string, string> }): Promise<Printed>;
  remove(): void;
}

/** A person without a terminal: what a script or a pipe is. Bedrock is the simulator at `url`. */
export function withoutTerminal(url: string): Terminalless {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const home = { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, HOME: folder };
  const env = { ...simulatorEnv(url), ...home };
  return {
    folder,
    env,
    async run(args, { piped, env: more } = {}) {
      const printed = { out: '', err: '' };
      const code = await runGateway(args, {
        ...(piped !== undefined && {
          stdin: Readable.from([typeof piped === 'string' ? Buffer.from(piped) : piped]) as unknown as Input,
        }),
        stdout: { write: (text) => (printed.out += text) },
        stderr: { write: (text) => (printed.err += text) },
        env: { ...env, ...more },
      });
      return { code, ...printed };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
