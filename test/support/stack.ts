import OpenAI from 'openai';
import type { Gateway } from '../../lambda/gateway.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../local/simulator/index.ts';
import { createCanaries } from './canaries.ts';
import { type ServeOptions, serve } from './served.ts';

/**
 * The whole gateway on real sockets: client, server, gateway, SDK, simulator. The gateway is the source or, with
 * GATEWAY_ARTIFACT=bundle, the deployed function.
 */
export interface Stack {
  simulator: Simulator;
  /** Of the source only. */
  readonly gateway: Gateway;
  /** Processes that the gateway runs in. */
  processes(): number;
  /** Ends in /v1. */
  baseUrl: string;
  apiKey: string;
  /** Every line the gateway logged, parsed. */
  logs: Record<string, unknown>[];
  openai: OpenAI;
  /** A POST with the right key; `path` below /v1. */
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Fails when a key, a credential or anything that a client said stands in a log line. */
  close(): Promise<void>;
}

export interface StackOptions {
  env?: Record<string, string>;
  simulator?: SimulatorOptions;
  gateway?: Pick<ServeOptions, 'clock' | 'timeouts'>;
  /** Instead of the simulator as Bedrock's runtime. */
  runtimeUrl?: string;
}

/** Of every stack that is given no other. */
export const testKey = 'sk-test-key';

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const simulator = await startSimulator(options.simulator);
  pointSdkAt(simulator.url, options.runtimeUrl);
  const apiKey = testKey;
  const env: Record<string, string> = { AWS_REGION: 'us-east-1', API_KEY: apiKey, ...options.env };
  const lines: string[] = [];
  const logs: Record<string, unknown>[] = [];
  const log = (line: string) => {
    lines.push(line);
    logs.push(JSON.parse(line));
  };
  const canaries = createCanaries();
  for (const secret of [apiKey, ...sdkCredentials]) canaries.secret(secret);
  const served = await serve({ env, log, ...options.gateway });
  const baseUrl = `${served.url}/v1`;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const send: typeof fetch = (url, init = {}) => {
    canaries.request(parsed(init.body), new Headers(init.headers));
    return fetch(url, init);
  };
  return {
    simulator,
    get gateway() {
      return served.gateway();
    },
    processes: served.processes,
    baseUrl,
    apiKey,
    logs,
    openai: new OpenAI({ baseURL: baseUrl, apiKey, maxRetries: 0, fetch: send }),
    post: (path, body, more, signal) =>
      send(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(signal && { signal }),
      }),
    get: (path, more) => send(`${baseUrl}${path}`, { headers: { ...headers, ...more } }),
    async close() {
      await served.close();
      await simulator.close();
      if (env.LOG_CONTENT !== 'true') canaries.check(lines);
    },
  };
}

function parsed(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

const sdkCredentials = ['AKIATEST', 'test-secret'] as const;

/** The SDK reads these itself; a test file runs in a process of its own. */
export function pointSdkAt(url: string, runtimeUrl = url): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: runtimeUrl,
    AWS_ENDPOINT_URL_BEDROCK_MANTLE: runtimeUrl,
    AWS_ENDPOINT_URL_BEDROCK: url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_COMPREHEND: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_STS: `${url}/sts`,
    AWS_ACCESS_KEY_ID: sdkCredentials[0],
    AWS_SECRET_ACCESS_KEY: sdkCredentials[1],
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
}
