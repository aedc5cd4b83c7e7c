/** What a program may use, besides the time that it is given. */
export const programLimits = {
  /** Bytes of the sandbox's heap. */
  memory: 32 * 1024 * 1024,
  /** Bytes of its stack: some thousand calls in each other. */
  stack: 256 * 1024,
  /** Characters of the output that are kept; the program is ended when it prints more. */
  output: 10_000,
  /** Characters of an error. */
  error: 2000,
  /** Characters of the program. */
  source: 100_000,
};

/** What became of a program. */
export interface ProgramResult {
  /** What it printed, and behind that its error. */
  output: string;
  failed: boolean;
}
