import { readFile } from 'node:fs/promises';
import type { Command, Io } from './io.ts';
import { trimCredentials } from './trim-credentials.ts';
import { useSimulator } from './use-simulator.ts';

interface Entry {
  usage: string;
  about: string;
  load: () => Promise<Command>;
}

/** The commands. Each is loaded when it is asked for. */
const commands: Record<string, Entry> = {
  start: {
    usage: 'start [--aws] [--demo-usage]',
    about: 'serve the gateway on this machine: on the built-in simulator, or with --aws on Amazon Bedrock',
    load: async () => (await import('./commands/start.ts')).run,
  },
  chat: {
    usage: 'chat [--model <name>] [message]',
    about: 'ask a model, once or in a conversation, without a server',
    load: async () => (await import('./commands/chat.ts')).run,
  },
  conversations: {
    usage: 'conversations list|show|resume|export|delete|prune …',
    about: 'what was said in chats, kept on this machine',
    load: async () => (await import('./commands/conversations.ts')).run,
  },
  config: {
    usage: 'config set|get|list|unset …',
    about: 'settings of chats',
    load: async () => (await import('./commands/config.ts')).run,
  },
  models: {
    usage: 'models [--json]',
    about: 'list the models this account can call',
    load: async () => (await import('./commands/models.ts')).run,
  },
  resolve: {
    usage: 'resolve <name>',
    about: 'what a model name becomes, and why',
    load: async () => (await import('./commands/resolve.ts')).run,
  },
  profiles: {
    usage: 'profiles create|list|delete …',
    about: 'manage application inference profiles',
    load: async () => (await import('./commands/profiles.ts')).run,
  },
  doctor: {
    usage: 'doctor',
    about: 'check credentials, region, permissions and model access',
    load: async () => (await import('./commands/doctor.ts')).run,
  },
  connect: {
    usage: 'connect [<client>]',
    about: 'what a client needs to use the gateway: printed, written into its files, taken out, tried',
    load: async () => (await import('./connect/run-connect.ts')).runConnect,
  },
  batch: {
    usage: 'batch submit|status|results …',
    about: 'send files of requests to a gateway, follow them, and fetch their answers',
    load: async () => (await import('./commands/batch.ts')).run,
  },
  keys: {
    usage: 'keys create|update|rotate|list|revoke …',
    about: 'manage the API keys in a secret or a file, and what each may use',
    load: async () => (await import('./keys/run-keys.ts')).runKeys,
  },
  teams: {
    usage: 'teams create|update|list|delete …',
    about: 'manage what keys may use together',
    load: async () => (await import('./keys/run-teams.ts')).runTeams,
  },
  admin: {
    usage: 'admin link …',
    about: 'print an address that signs in to the usage page for five minutes',
    load: async () => (await import('./commands/admin.ts')).run,
  },
};

export async function runGateway(args: string[], io: Io): Promise<number> {
  trimCredentials(io.env);
  const [name = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name)) {
    io.stdout.write(help());
    return 0;
  }
  if (['version', '--version', '-v'].includes(name)) {
    io.stdout.write(`${await version()}\n`);
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    io.stderr.write(`gateway: there is no command '${name}'.\n\n${help()}`);
    return 2;
  }
  const run = await entry.load();
  const onSimulator = rest.includes(simulatorFlag);
  return onSimulator ? runOnSimulator(run, rest, io) : run(rest, io);
}

/** For every command but `start`, which is on the simulator unless told otherwise. */
const simulatorFlag = '--simulator';

async function runOnSimulator(run: Command, args: string[], io: Io): Promise<number> {
  const { startSimulator } = await import('./simulator/index.ts');
  const simulator = await startSimulator();
  useSimulator(simulator.url, io.env);
  try {
    return await run(
      args.filter((arg) => arg !== simulatorFlag),
      io,
    );
  } finally {
    await simulator.close();
  }
}

/** Of this project, and of the Node that runs it. */
async function version(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return `${name} ${version} (Node ${process.versions.node})`;
}

function help(): string {
  const lines = Object.values(commands).map(({ usage, about }) => `  gateway ${usage}\n      ${about}\n`);
  return `Usage:\n${lines.join('')}\nWith --simulator a command talks to the built-in simulator instead of AWS.\nThe AWS SDK's own variables (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_…) are honoured.\ngateway --version says which version this is.\n`;
}
