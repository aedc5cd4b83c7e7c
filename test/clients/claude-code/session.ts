import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFence } from '../support/fence.ts';
import { type Ended, makeHome, startProgram } from '../support/program.ts';
import type { Thinking } from '../support/upstream.ts';

const command = fileURLToPath(new URL('../node_modules/.bin/claude', import.meta.url));

/** Telemetry, updates and whatever else is not the conversation. */
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  // It refuses to skip permissions as root elsewhere.
  IS_SANDBOX: '1',
};

export interface ClaudeOptions {
  /** The gateway's, without /v1. */
  url: string;
  apiKey: string;
  model: string;
  args?: string[];
  env?: Record<string, string>;
  timeoutMs?: number;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

type Block = Thinking | { type: string; text?: string; name?: string; is_error?: boolean; content?: unknown };

/** A line of `--output-format stream-json`. */
export interface Line {
  type: string;
  subtype?: string;
  is_error?: boolean;
  result?: string;
  usage?: Usage;
  message?: { role: string; model: string; content: string | Block[]; usage?: Usage };
  structured_output?: unknown;
}

/** What Claude Code said to one message of its user. */
export interface Turn {
  result: Line;
  lines: Line[];
}

export interface ClaudeSession {
  /** Resolves when Claude Code has come to an end with it. Rejects when the program ends before. */
  say(text: string): Promise<Turn>;
  /** Closes its input, and waits until it has ended. */
  end(): Promise<Ended>;
  /** Where it works, as an absolute path. */
  folder: string;
  /** Puts a file there. */
  write(name: string, content: Uint8Array): Promise<void>;
  /** What `--debug` has it write. */
  debugLog(): Promise<string>;
  /** Hosts that it wanted to reach beyond the loopback interface. */
  attempts: readonly string[];
  close(): Promise<void>;
}

const environment = ({ url, apiKey, env }: ClaudeOptions) => ({
  ...quiet,
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: apiKey,
  ...env,
});

/** Claude Code without a terminal: one process that is spoken to again and again. */
export async function openClaude(options: ClaudeOptions): Promise<ClaudeSession> {
  const [home, fence] = [await makeHome(), await startFence()];
  let lines: Line[] = [];
  let onResult: ((result: Line) => void) | undefined;
  const streams = ['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  const program = startProgram({
    command,
    args: [
      '-p',
      '--model',
      options.model,
      '--dangerously-skip-permissions',
      ...streams,
      ...(options.args ?? []),
    ],
    home,
    env: { ...fence.env, ...environment(options) },
    timeoutMs: options.timeoutMs ?? 90_000,
    onLine(text) {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line.type === 'result') onResult?.(line);
    },
  });
  return {
    async say(text) {
      lines = [];
      const result = new Promise<Line>((resolve) => {
        onResult = resolve;
      });
      program.write(`${JSON.stringify({ type: 'user', message: { role: 'user', content: text } })}\n`);
      return { result: await Promise.race([result, endedEarly(program.ended)]), lines };
    },
    end() {
      program.closeInput();
      return program.ended;
    },
    folder: home.work,
    write: (name, content) => writeFile(join(home.work, name), content),
    async debugLog() {
      const folder = join(home.home, '.claude/debug');
      const names = await readdir(folder);
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return texts.join('\n');
    },
    attempts: fence.attempts,
    async close() {
      program.kill();
      await program.ended;
      await Promise.all([fence.close(), home.close()]);
    },
  };
}

async function endedEarly(ended: Promise<Ended>): Promise<never> {
  const { code, stdout, stderr } = await ended;
  throw new Error(`Claude Code ended with ${code}: ${stderr.slice(-2000)} ${stdout.slice(-2000)}`);
}

/** `claude -p PROMPT`: one prompt, one answer, and the end. */
export async function askClaude(prompt: string, options: ClaudeOptions): Promise<Ended> {
  const [home, fence] = [await makeHome(), await startFence()];
  const program = startProgram({
    command,
    args: ['-p', prompt, '--model', options.model, '--dangerously-skip-permissions', ...(options.args ?? [])],
    home,
    env: { ...fence.env, ...environment(options) },
    timeoutMs: options.timeoutMs ?? 90_000,
  });
  program.closeInput();
  try {
    const ended = await program.ended;
    if (fence.attempts.length > 0)
      throw new Error(`Claude Code wanted to reach ${fence.attempts.join(', ')}`);
    return ended;
  } finally {
    await Promise.all([fence.close(), home.close()]);
  }
}

const blocksOf = ({ lines }: Turn, type: string): Block[] =>
  lines.flatMap(({ message }) =>
    Array.isArray(message?.content) ? message.content.filter((block) => block.type === type) : [],
  );

/** The thinking that Claude Code was given, in its order. */
export const thinkingOf = (turns: readonly Turn[]): Thinking[] =>
  turns.flatMap((turn) => blocksOf(turn, 'thinking') as Thinking[]);

/** The names of the tools that were called. */
export const callsOf = (turn: Turn): unknown[] =>
  blocksOf(turn, 'tool_use').map((block) => ('name' in block ? block.name : undefined));
