import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answer.ts';
import { type RuntimeApi, type RuntimeApiOptions, startRuntimeApi } from './runtime-api.ts';

/** A Lambda execution environment: one process that runs a bundled function under a runtime client. */
export interface Lambda {
  api: RuntimeApi;
  /** Answers a Function URL request; the body is JSON where it is not text. */
  request(request: UrlRequest, timeoutMs?: number): Answer;
  /** Everything the process has written, unless it goes to `onLine`. */
  output(): string;
  /** undefined while the process is alive. */
  exitCode(): number | undefined;
  exited: Promise<number>;
  stop(): Promise<void>;
}

export interface UrlRequest {
  method?: string;
  path: string;
  query?: string;
  headers?: Record<string, string>;
  cookies?: string[];
  body?: unknown;
  /** Hand the body over as Lambda does with content types that it does not know for text. */
  base64?: boolean;
}

/** `LAMBDA_RUNTIME_CLIENT` is the file of another runtime client than ours: `test/ric` sets it. */
const client =
  process.env.LAMBDA_RUNTIME_CLIENT ?? fileURLToPath(new URL('./runtime-client.ts', import.meta.url));

export interface LambdaOptions extends RuntimeApiOptions {
  /** Another file than ours to run the function with. */
  client?: string;
  /** Called with each line that the process writes. */
  onLine?(line: string, from: 'stdout' | 'stderr'): void;
}

/** `folder` has the bundle, `index.mjs`; `handler` is the name of its export. */
export async function startLambda(
  folder: string,
  environment: Record<string, string>,
  handler = 'handler',
  options: LambdaOptions = {},
): Promise<Lambda> {
  const api = await startRuntimeApi(options);
  const child = spawn(process.execPath, [options.client ?? client], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'gateway',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/gateway',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: `index.${handler}`,
      ...environment,
    },
  });
  let output = '';
  for (const from of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[from] }).on('line', (line) => {
      if (options.onLine) options.onLine(line, from);
      else output += `${line}\n`;
    });
  }
  let code: number | undefined;
  const exited = once(child, 'exit').then(([status]) => {
    code = status ?? -1;
    api.abandon({ exitCode: code, output });
    return code as number;
  });
  return {
    api,
    request: (request, timeoutMs) => api.invoke(toEvent(request), timeoutMs),
    output: () => output,
    exitCode: () => code,
    exited,
    async stop() {
      await kill(child, exited);
      await api.close();
    },
  };
}

async function kill(child: ChildProcess, exited: Promise<number>): Promise<void> {
  child.kill('SIGKILL');
  await exited;
}

function toEvent({
  method,
  path,
  query = '',
  headers = {},
  cookies,
  body,
  base64 = false,
}: UrlRequest): object {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const domainName = 'abc.lambda-url.us-east-1.on.aws';
  const verb = method ?? (body === undefined ? 'GET' : 'POST');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: domainName, 'content-type': 'application/json', ...headers },
    cookies,
    requestContext: { domainName, http: { method: verb, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' } },
    body: base64 && text !== undefined ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: base64,
  };
}
