import { randomBytes } from 'node:crypto';
import { ConfigError, readConfig } from '../../lambda/config.ts';
import { createGateway } from '../../lambda/gateway.ts';
import { checkModelSettings } from '../../lambda/models/resolve/check-settings.ts';
import type { Io } from '../io.ts';
import { type LocalServer, startServer } from '../server.ts';
import { type Simulator, startSimulator } from '../simulator/index.ts';
import { useSimulator } from '../use-simulator.ts';
import { exit, readArgs, reporting, UsageError } from './command.ts';

const defaultPort = 8080;
const demoModel = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

const usage = `Usage: gateway start [--aws]

Serves the gateway on this machine until it is told to stop.
  --aws  on Amazon Bedrock, with the credentials of this machine; without it on the built-in simulator

PORT is the port (${defaultPort}); the function's settings are read from the environment too.`;

/** `gateway start`: serves until it is told to stop. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      aws: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    if (positionals.length > 0) throw new UsageError(`start takes no argument: ${positionals[0]}`);
    return serveOn(values.aws ? undefined : await startSimulator(), io);
  });
}

async function serveOn(simulator: Simulator | undefined, io: Io): Promise<number> {
  try {
    return await serve(simulator, io);
  } catch (error) {
    if (isPortTaken(error)) throw new ConfigError(portTaken(io));
    throw error;
  } finally {
    await simulator?.close();
  }
}

async function serve(simulator: Simulator | undefined, io: Io): Promise<number> {
  if (simulator) useSimulator(simulator.url, io.env);
  const given = io.env.API_KEY || io.env.API_KEY_SECRET_ARN || io.env.API_KEY_FILE;
  const apiKey = io.env.API_KEY || (given ? undefined : `sk-local-${randomBytes(18).toString('base64url')}`);
  const config = readConfig({ ...io.env, ...(apiKey && { API_KEY: apiKey }) });
  checkModelSettings(config);
  const gateway = createGateway({ config });
  const server = await startServer(gateway.fetch, portOf(io.env));
  // Before the banner: whoever has read it may already tell this process to end.
  const told = untilTold();
  io.stdout.write(banner(server, simulator === undefined, apiKey));
  await told;
  await server.close();
  await gateway.close();
  return 0;
}

function portOf(env: Io['env']): number {
  const port = env.PORT ?? String(defaultPort);
  if (/^\d{1,5}$/.test(port) && Number(port) < 65_536) return Number(port);
  throw new ConfigError(`PORT is ${JSON.stringify(port)}: it must be a number from 0 to 65535`);
}

function banner({ url }: LocalServer, aws: boolean, apiKey: string | undefined): string {
  const key = apiKey ?? '$API_KEY';
  return `
Bedrock Gateway on ${aws ? 'Amazon Bedrock' : 'the built-in simulator (no AWS account needed; --aws for the real one)'}

  base URL  ${url}/v1
  API key   ${apiKey ?? 'one of those in the configured secret or file'}

Try it:

  curl -N ${url}/v1/chat/completions -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"model":"${demoModel}","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

`;
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function portTaken({ env }: Io): string {
  return `Port ${env.PORT ?? defaultPort} is taken. Set PORT to another one, for example PORT=8081 npm start.`;
}
