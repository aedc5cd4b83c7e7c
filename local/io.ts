/** What a command of the command line works with, so that a test can stand in for the terminal. */
export interface Io {
  /** Absent: nothing can be asked, and nothing is piped in. */
  stdin?: Input;
  stdout: Output;
  stderr: Output;
  env: Record<string, string | undefined>;
}

export type Input = NodeJS.ReadableStream & {
  isTTY?: boolean;
  /** Of terminals: keys one by one, and not shown. */
  setRawMode?(raw: boolean): unknown;
};

export interface Output {
  write(text: string): unknown;
  /** Whether a person reads it as it is written. */
  isTTY?: boolean;
  /** Of terminals, in characters. */
  columns?: number;
  rows?: number;
  /** Of terminals and pipes: `resize`; `error`, when whoever read it has gone. */
  on?(event: string, listener: (error: Error) => void): unknown;
  off?(event: string, listener: (error: Error) => void): unknown;
}

/** Runs a command. Returns the process's exit code. */
export type Command = (args: string[], io: Io) => Promise<number>;
