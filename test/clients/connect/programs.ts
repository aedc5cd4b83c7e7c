import { fileURLToPath } from 'node:url';

/** How a client that `gateway connect` knows is asked one thing without a terminal. */
export interface ClientProgram {
  /** Its name there. */
  name: string;
  /** With the prompt as its last argument. */
  command: string[];
  /** Telemetry, updates and whatever else is not the conversation. */
  env?: Record<string, string>;
}

const bin = (name: string) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const own = (name: string) => fileURLToPath(new URL(`./node_modules/.bin/${name}`, import.meta.url));
const venv = (folder: string, name: string) =>
  fileURLToPath(new URL(`../python/${folder}/bin/${name}`, import.meta.url));

export const programs: readonly ClientProgram[] = [
  {
    name: 'claude-code',
    command: [bin('claude'), '-p'],
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1' },
  },
  { name: 'codex', command: [bin('codex'), 'exec', '--skip-git-repo-check'] },
  {
    name: 'opencode',
    command: [own('opencode'), 'run'],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    },
  },
  {
    name: 'kilo',
    command: [own('kilo'), 'run'],
    env: { KILO_DISABLE_AUTOUPDATE: '1', KILO_DISABLE_MODELS_FETCH: '1' },
  },
  {
    name: 'cline',
    command: [own('cline'), '--json'],
    env: { CLINE_NO_AUTO_UPDATE: '1', DO_NOT_TRACK: '1', OTEL_TELEMETRY_ENABLED: '0' },
  },
  { name: 'continue', command: [own('cn'), '--auto', '-p'], env: { CONTINUE_TELEMETRY_ENABLED: '0' } },
  { name: 'qwen-code', command: [own('qwen'), '--yolo', '-p'], env: { QWEN_TELEMETRY_ENABLED: 'false' } },
  {
    name: 'copilot-cli',
    command: [bin('copilot'), '--allow-all', '-p'],
    env: { COPILOT_AUTO_UPDATE: 'false' },
  },
  { name: 'pi', command: [own('pi'), '--offline', '-p'], env: { PI_OFFLINE: '1' } },
  { name: 'llm', command: [venv('.venv', 'llm'), '-m', 'bedrock-gateway'] },
  {
    name: 'aider',
    command: [
      venv('aider/.venv', 'aider'),
      '--no-git',
      '--no-check-update',
      '--no-show-model-warnings',
      '--no-show-release-notes',
      '--analytics-disable',
      '--yes-always',
      '--message',
    ],
  },
];
