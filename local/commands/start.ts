import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { digestOf } from '../../lambda/auth/digest.ts';
import { linkMs, signToken } from '../../lambda/auth/session.ts';
import { ConfigError, readConfig } from '../../lambda/config.ts';
import { createGateway } from '../../lambda/gateway.ts';
import { checkModelSettings } from '../../lambda/models/resolve/check-settings.ts';
import { readOverrides } from '../../lambda/prices/read-overrides.ts';
import type { Io } from '../io.ts';
import { localKey } from '../local-key.ts';
import { startServer } from '../server.ts';
import { type Simulator, startSimulator } from '../simulator/index.ts';
import { localTable, useSimulator } from '../use-simulator.ts';
import { banner } from './banner.ts';
import { exit, readArgs, reporting, UsageError } from './command.ts';
import { findCredentials } from './credentials.ts';
import type { Finding } from './doctor-finding.ts';

const defaultPort = 8080;
const defaultHost = '127.0.0.1';
/** Models of the printed `curl` line. On AWS one of Amazon's own, which need neither a form nor a subscription. */
const demoModels = { simulator: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', aws: 'amazon.nova-lite-v1:0' };
/** Where package.json is. */
const root = fileURLToPath(new URL('../../', import.meta.url));

const usage = `Usage: gateway start [--aws] [--demo-usage]

Serves the gateway on this machine until it is told to stop.
  --aws  on Amazon Bedrock, with the credentials of this machine; without it on the built-in simulator
  --demo-usage  with thirty days of made-up use, for a look at the usage page; on the simulator alone

PORT is the port (${defaultPort}), HOST the address to listen on (${defaultHost}; 0.0.0.0 for clients in containers and on
other machines), API_KEY the key. The function's settings are read from the environment too.`;

/** `gateway start`: serves until it is told to stop. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      aws: { type: 'boolean' },
      'demo-usage': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    if (positionals.length > 0) throw new UsageError(`start takes no argument: ${positionals[0]}`);
    const demo = values['demo-usage'] === true;
    if (demo && values.aws) throw new UsageError('--demo-usage is for the simulator: leave out --aws.');
    const table = io.env.LIMITS_TABLE ?? localTable;
    const simulator = values.aws ? undefined : await startSimulator({ tables: [table] });
    return serveOn(simulator, io, demo);
  });
}

async function serveOn(simulator: Simulator | undefined, io: Io, demo: boolean): Promise<number> {
  try {
    return await serve(simulator, io, demo);
  } catch (error) {
    throw listenFailure(error, io) ?? error;
  } finally {
    await simulator?.close();
  }
}

async function serve(simulator: Simulator | undefined, io: Io, demo: boolean): Promise<number> {
  if (simulator) useSimulator(simulator.url, io.env);
  const { env } = io;
  const [host, port] = [hostOf(env), portOf(env)];
  const { apiKey, kept } = await keyOf(demo ? {} : env);
  const isDemo = demo && simulator !== undefined && apiKey !== undefined;
  const keys = isDemo ? await demoSettings(simulator, io, apiKey) : apiKey && { API_KEY: apiKey };
  // Off with an empty STORE.
  const config = readConfig({ STORE: 'memory', ...env, ...keys });
  checkModelSettings(config);
  readOverrides(config.prices);
  const gateway = createGateway({ config });
  const server = await startServer(gateway.fetch, port, host);
  // Before the banner: whoever has read it may already tell this process to end.
  const told = untilTold();
  const aws = simulator === undefined;
  const model = config.defaultModel ?? demoModels[aws ? 'aws' : 'simulator'];
  io.stdout.write(banner({ server, aws, apiKey, kept, model }));
  if (isDemo) io.stdout.write(demoText(server.url, apiKey));
  if (aws) void findCredentials().then((found) => reportCredentials(found, io));
  await told;
  await server.close();
  await gateway.close();
  return 0;
}

/** The page needs a key with the right `admin`, and days that have something in them. */
async function demoSettings(simulator: Simulator, { env }: Io, key: string) {
  const { demoKeysFile, fillUsage } = await import('../demo/usage.ts');
  const table = env.LIMITS_TABLE ?? localTable;
  fillUsage(simulator.dynamoDb, table, env.AWS_REGION ?? 'us-east-1', Date.now());
  return {
    API_KEY: undefined,
    API_KEY_SECRET_ARN: undefined,
    API_KEY_FILE: await demoKeysFile(key),
    LIMITS_TABLE: table,
    USAGE_BY_DAY: 'true',
  };
}

function demoText(url: string, key: string): string {
  const signer = { digest: digestOf(key), principal: { name: 'you' } };
  const link = `${url}/admin/link?token=${signToken(signer, 'link', Date.now() + linkMs)}`;
  return `The usage page, with thirty days of made-up use: ${url}/admin\nSign in with the key above, or for five minutes by\n\n  ${link}\n\n`;
}

async function keyOf(env: Io['env']): Promise<{ apiKey: string | undefined; kept: boolean }> {
  if (env.API_KEY || env.API_KEY_SECRET_ARN || env.API_KEY_FILE) return { apiKey: env.API_KEY, kept: true };
  const { key, kept } = await localKey(root);
  return { apiKey: key, kept };
}

const hosts = `It must be an address to listen on: ${defaultHost} for this machine alone, 0.0.0.0 or :: for every network.`;

/** Some shells and tools set HOST to a name of their own, so only what is meant as an address is taken for one. */
function hostOf({ HOST }: Io['env']): string {
  const host = HOST?.trim() || defaultHost;
  if (host === 'localhost') return defaultHost;
  if (isIP(host) !== 0) return host;
  throw new ConfigError(`HOST is ${JSON.stringify(host)}. ${hosts}`);
}

function portOf(env: Io['env']): number {
  const port = env.PORT?.trim() || String(defaultPort);
  if (/^\d{1,5}$/.test(port) && Number(port) < 65_536) return Number(port);
  throw new ConfigError(`PORT is ${JSON.stringify(port)}: it must be a number from 0 to 65535`);
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** A start that cannot work says so at once, and goes on: credentials may still come, from `aws sso login` say. */
function reportCredentials({ state, text, todo }: Finding, { stderr }: Io): void {
  if (state === 'bad') stderr.write(`Bedrock cannot be called yet: ${text}\n  → ${todo}\n\n`);
  else if (text.includes('AWS_BEARER_TOKEN_BEDROCK'))
    stderr.write(`${text}${todo ? `\n  → ${todo}` : ''}\n\n`);
}

/** What a person can do about an address that cannot be listened on. */
function listenFailure(error: unknown, { env }: Io): ConfigError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const port = env.PORT || defaultPort;
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} is taken. Set PORT to another one, for example PORT=8081 npm start.`,
      );
    case 'EACCES':
      return new ConfigError(`Port ${port} needs more rights. Set PORT to one above 1023.`);
    case 'EADDRNOTAVAIL':
      return new ConfigError(`HOST is ${env.HOST}: this machine has no such address. ${hosts}`);
    default:
      return undefined;
  }
}
