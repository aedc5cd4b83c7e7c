import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Lambda, startLambda } from '../e2e/lambda.ts';
import type { Artifact } from './artifact.ts';
import { toEvent } from './event.ts';
import { type EnvironmentEvents, Pool } from './pool.ts';
import { Relay } from './relay.ts';

export interface FrontOptions {
  /** What `buildArtifact` made. */
  artifact: Artifact;
  /** The function's own variables, asked for whenever an environment is started. */
  environment(): Record<string, string>;
  /** The function's timeout. */
  timeoutMs?: number;
  /** Called with each line that a process of the function writes. */
  onLine(line: string, from: 'stdout' | 'stderr'): void;
  port?: number;
  /** Environments at most. */
  most?: number;
  /** Epoch milliseconds as the function sees them. */
  now?(): number;
}

export interface Front {
  /** Without a slash at its end. */
  url: string;
  /** Environments that have been started and live. */
  environments(): number;
  close(): Promise<void>;
}

/** What is not the function's own: Lambda sets these. */
const reserved = /^(AWS_LAMBDA_|LAMBDA_|_HANDLER$)/;
/** Without credentials of its own the function has none, and not those of a made-up role. */
const noRole = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

/**
 * Serves HTTP on the loopback interface with the deployed function behind it, as a Function URL with response
 * streaming does: requests become events, and answers come back through the runtime's protocol, chunk by chunk.
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { timeoutMs = 900_000, port = 0, most = 8 } = options;
  const pool = new Pool<OpenLambda>(most, (events) => startEnvironment(options, events));
  const server = createServer((request, response) => {
    void answer(request, response, pool, timeoutMs).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    environments: () => pool.size,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await pool.close();
      await closed;
    },
  };
}

interface OpenLambda extends Lambda {
  /** Resolves when it next asks for work, or is gone. */
  over(): Promise<void>;
}

async function startEnvironment(options: FrontOptions, events: EnvironmentEvents): Promise<OpenLambda> {
  const { artifact, environment, onLine, now } = options;
  const own = Object.entries({ ...noRole, ...environment() }).filter(([name]) => !reserved.test(name));
  let waiting: (() => void)[] = [];
  const over = () => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const lambda = await startLambda(artifact.folder, Object.fromEntries(own), 'handler', {
    client: artifact.client,
    onIdle() {
      events.onIdle();
      over();
    },
    onLine,
    ...(now && { now }),
  });
  void lambda.exited.then(() => {
    events.onGone();
    over();
    return lambda.stop();
  });
  return { ...lambda, over: () => new Promise((resolve) => waiting.push(resolve)) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pool: Pool<OpenLambda>,
  timeoutMs: number,
): Promise<void> {
  const event = await toEvent(request);
  if (event === undefined) {
    response.writeHead(413, { 'content-type': 'application/json' }).end('{"message":"Request Too Long"}');
    return;
  }
  const lambda = await pool.take();
  let timer: NodeJS.Timeout | undefined;
  const relay = new Relay(response, {
    onBegin() {
      timer = setTimeout(() => void lambda.stop(), timeoutMs);
    },
    onEnd() {
      clearTimeout(timer);
      pool.answered(lambda);
      return lambda.over();
    },
  });
  lambda.api.invokeFor(relay, event, timeoutMs);
}
