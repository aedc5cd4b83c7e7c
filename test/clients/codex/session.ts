import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signatureOf } from '../../../local/simulator/answer/ids.ts';
import { startFence } from '../support/fence.ts';
import { type Ended, makeHome, startProgram } from '../support/program.ts';
import type { Thinking } from '../support/upstream.ts';

const command = fileURLToPath(new URL('../node_modules/.bin/codex', import.meta.url));

export interface CodexOptions {
  /** The gateway's, with /v1. */
  url: string;
  apiKey: string;
  model: string;
  /** The provider that Codex calls OpenAI, with another address, instead of one that the user defines. */
  builtIn?: boolean;
  /** Of the user's own provider: `stream_idle_timeout_ms` and the like. */
  provider?: Record<string, number>;
  /** More of config.toml: members of the top level, then tables. */
  top?: string[];
  tables?: string[];
  timeoutMs?: number;
}

export interface Usage {
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
}

/** Something that happened in a turn, as `codex exec --json` tells it. */
export interface Item {
  type: string;
  text?: string;
  command?: string;
  aggregated_output?: string;
  exit_code?: number | null;
  status?: string;
  server?: string;
  tool?: string;
  message?: string;
}

export interface Turn extends Ended {
  items: Item[];
  /** Of the whole conversation so far, as Codex adds it up; absent when the turn failed. */
  usage?: Usage;
  /** Why it failed. */
  error?: string;
}

export interface CodexSession {
  /** `codex exec`, and `codex exec resume` from the second prompt on. Resolves when the process has ended. */
  say(prompt: string, args?: string[]): Promise<Turn>;
  /** Where it works, as an absolute path. */
  folder: string;
  /** Hosts that it wanted to reach beyond the loopback interface. */
  attempts: readonly string[];
  close(): Promise<void>;
}

/** The conversation, and nothing but the conversation. */
const quiet = `
[analytics]
enabled = false
[feedback]
enabled = false
[features]
plugins = false
apps = false
`;

function configOf({ url, model, builtIn, provider = {}, top = [], tables = [] }: CodexOptions): string {
  const common = [`model = "${model}"`, 'check_for_update_on_startup = false', ...top];
  if (builtIn) return [...common, `openai_base_url = "${url}"`, quiet, ...tables].join('\n');
  return [
    ...common,
    'model_provider = "gateway"',
    '[model_providers.gateway]',
    'name = "gateway"',
    `base_url = "${url}"`,
    'env_key = "GATEWAY_KEY"',
    'wire_api = "responses"',
    ...Object.entries(provider).map(([name, value]) => `${name} = ${value}`),
    quiet,
    ...tables,
  ].join('\n');
}

/** Codex in a home of its own; its conversation stays there from prompt to prompt. */
export async function openCodex(options: CodexOptions): Promise<CodexSession> {
  const [home, fence] = [await makeHome(), await startFence()];
  const codexHome = join(home.home, '.codex');
  await mkdir(codexHome);
  await writeFile(join(codexHome, 'config.toml'), configOf(options));
  let [said, kill] = [0, () => {}];

  async function say(prompt: string, args: string[] = []): Promise<Turn> {
    const turn: Omit<Turn, keyof Ended> = { items: [] };
    const program = startProgram({
      command,
      args: [
        'exec',
        ...(said++ === 0 ? [] : ['resume', '--last']),
        '--json',
        '--skip-git-repo-check',
        '--dangerously-bypass-approvals-and-sandbox',
        ...args,
        prompt,
      ],
      home,
      env: {
        ...fence.env,
        CODEX_HOME: codexHome,
        GATEWAY_KEY: options.apiKey,
        ...(options.builtIn && { CODEX_API_KEY: options.apiKey }),
      },
      timeoutMs: options.timeoutMs ?? 60_000,
      onLine: (line) => read(JSON.parse(line) as Line, turn),
    });
    kill = program.kill;
    program.closeInput();
    return { ...(await program.ended), ...turn };
  }

  return {
    say,
    folder: home.work,
    attempts: fence.attempts,
    async close() {
      kill();
      await Promise.all([fence.close(), home.close()]);
    },
  };
}

/** A line of `--json`. */
interface Line {
  type: string;
  item?: Item;
  usage?: Usage;
  error?: { message: string };
  message?: string;
}

function read(line: Line, turn: Omit<Turn, keyof Ended>): void {
  if (line.type === 'item.completed' && line.item) turn.items.push(line.item);
  if (line.type === 'turn.completed' && line.usage) turn.usage = line.usage;
  if (line.type === 'turn.failed') turn.error = line.error?.message ?? 'unknown';
}

/** How it ended: with 0 and no error when all is well. */
export const endOf = ({ code, error }: Turn) => ({ code, error });

/** What Codex shows as its answer. */
export const saidIn = ({ items }: Turn): string =>
  items.flatMap(({ type, text = '' }) => (type === 'agent_message' ? [text] : [])).join('\n');

/** The reasoning that Codex was given, in its order, as the simulator signed it. */
export const signedIn = (turns: readonly Turn[]): Thinking[] =>
  turns
    .flatMap(({ items }) => items)
    .flatMap(({ type, text = '' }) =>
      type === 'reasoning' ? [{ type: 'thinking', thinking: text, signature: signatureOf(text) }] : [],
    );
