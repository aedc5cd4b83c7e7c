import OpenAI from 'openai';
import { createGateway, type Gateway } from '../../lambda/compose.ts';
import { readConfig } from '../../lambda/config.ts';
import { createLogger } from '../../lambda/telemetry/logger.ts';
import { type LocalServer, startServer } from '../../local/server.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../local/simulator/index.ts';

/** The whole gateway on real sockets: client, local server, gateway, SDK, simulator. */
export interface Stack {
  simulator: Simulator;
  gateway: Gateway;
  server: LocalServer;
  /** Ends in /v1. */
  baseUrl: string;
  apiKey: string;
  /** Every line the gateway logged, parsed. */
  logs: Record<string, unknown>[];
  openai: OpenAI;
  /** A POST with the right key; `path` below /v1. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export interface StackOptions {
  env?: Record<string, string>;
  simulator?: SimulatorOptions;
}

export async function startStack({ env = {}, simulator: options }: StackOptions = {}): Promise<Stack> {
  const simulator = await startSimulator(options);
  pointSdkAt(simulator.url);
  const logs: Record<string, unknown>[] = [];
  const apiKey = 'sk-test-key';
  const config = readConfig({ AWS_REGION: 'us-east-1', API_KEY: apiKey, ...env });
  const logger = createLogger(config.logLevel, (line) => logs.push(JSON.parse(line)));
  const gateway = createGateway({ config, logger });
  const server = await startServer(gateway.fetch, 0);
  const baseUrl = `${server.url.replace('localhost', '127.0.0.1')}/v1`;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  return {
    simulator,
    gateway,
    server,
    baseUrl,
    apiKey,
    logs,
    openai: new OpenAI({ baseURL: baseUrl, apiKey, maxRetries: 0 }),
    post: (path, body, more) =>
      fetch(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, more) => fetch(`${baseUrl}${path}`, { headers: { ...headers, ...more } }),
    async close() {
      await server.close();
      await gateway.close();
      await simulator.close();
    },
  };
}

/** The SDK reads these itself; a test file runs in a process of its own. */
export function pointSdkAt(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_ENDPOINT_URL_BEDROCK: url,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
}
