/** What a command of the command line works with, so that a test can stand in for the terminal. */
export interface Io {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  env: Record<string, string | undefined>;
}

/** Runs a command. Returns the process's exit code. */
export type Command = (args: string[], io: Io) => Promise<number>;
