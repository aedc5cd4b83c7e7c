import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../lambda/policy/clock.ts';

/**
 * The time of day, on which waits take none: they are written down, and the clock is put forward by them. They are
 * written into a file, so that several processes can have one clock.
 */
export interface QuickClock extends Clock {
  file: string;
  /** Milliseconds of each wait since the start, or since they were forgotten. */
  readonly waits: readonly number[];
  forget(): void;
  forward(ms: number): void;
}

/** Kept, because a process that shares a clock has it in place of its own. */
const systemNow = Date.now;

/** A clock of its own, or the one of a file. */
export function quickClock(file = emptyFile()): QuickClock {
  /** A line for each wait, with its length; where the clock was only put forward, a plus stands before it. */
  const write = (line: string) => appendFileSync(file, `${line}\n`);
  let known = { size: 0, lines: [] as string[] };
  const lines = () => {
    const { size } = statSync(file);
    if (size !== known.size) known = { size, lines: readFileSync(file, 'utf8').split('\n').slice(0, -1) };
    return known.lines;
  };
  let forgotten = 0;
  return {
    file,
    get waits() {
      const since = lines().slice(forgotten);
      return since.filter((line) => !line.startsWith('+')).map(Number);
    },
    forget() {
      forgotten = lines().length;
    },
    forward: (ms) => write(`+${ms}`),
    now: () => systemNow() + lines().reduce((sum, line) => sum + Number(line), 0),
    random: () => 0,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      write(String(ms));
    },
  };
}

function emptyFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'quick-clock-')), 'waits');
  writeFileSync(file, '');
  return file;
}
