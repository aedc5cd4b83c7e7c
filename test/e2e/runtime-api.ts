import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Answer, accept } from './answer.ts';

/**
 * The Lambda runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), as far as a
 * streaming function uses it: hands out invocations and takes their answers.
 */
export interface RuntimeApi {
  /** host:port, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Queues an event for the function. `timeoutMs` is what is left of the function's time. */
  invoke(event: unknown, timeoutMs?: number): Answer;
  /** The same, with an answer that goes where the caller wants it. */
  invokeFor(receiver: AnswerReceiver, event: unknown, timeoutMs: number): void;
  /** Bodies posted to /runtime/init/error. */
  initErrors: { errorType: string; errorMessage: string }[];
  /** Fails every answer that is still awaited, and those to come: the function's process is gone. */
  abandon(reason: unknown): void;
  close(): Promise<void>;
}

/** Gets the answer of one invocation, or the news that there is none. */
export interface AnswerReceiver {
  /** The runtime has been given the event: from now on the function's time runs. */
  begin?(): void;
  /** The runtime posts the answer: `accept(response)` is due when it has been read to its end. */
  take(request: IncomingMessage, response: ServerResponse): void;
  /** The runtime says that the function failed, or has died itself. */
  refuse(error: unknown): void;
}

export interface RuntimeApiOptions {
  /** Called when the runtime asks for an invocation and there is none: it is done with all that it was given. */
  onIdle?(): void;
  /** Epoch milliseconds as the function's process sees them. */
  now?(): number;
}

interface Job {
  id: string;
  event: unknown;
  timeoutMs: number;
  answer: AnswerReceiver;
}

export async function startRuntimeApi({
  onIdle,
  now = Date.now,
}: RuntimeApiOptions = {}): Promise<RuntimeApi> {
  const queued: Job[] = [];
  const running = new Map<string, AnswerReceiver>();
  const idle: ServerResponse[] = [];
  const initErrors: RuntimeApi['initErrors'] = [];
  let abandoned: unknown;
  const handOut = () => {
    while (queued.length > 0 && idle.length > 0) {
      const job = queued.shift()!;
      running.set(job.id, job.answer);
      sendJob(idle.shift()!, job, now());
      job.answer.begin?.();
    }
  };
  // Lambda's keeps its connections: Node's would close one that an invocation of five seconds has left idle, in the moment
  // in which its answer is posted.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const path = request.url?.replace(/^\/2018-06-01\/runtime/, '');
    const [, id, kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path ?? '') ?? [];
    const answer = running.get(id ?? '');
    if (path === '/invocation/next') {
      idle.push(response);
      response.once('close', () => idle.includes(response) && idle.splice(idle.indexOf(response), 1));
      if (queued.length === 0) onIdle?.();
      handOut();
    } else if (answer && kind === 'response') {
      answer.take(request, response);
      request.once('close', () => running.delete(id ?? ''));
    } else if (answer) {
      void readJson(request)
        .then((error) => answer.refuse(error))
        .then(() => accept(response));
    } else if (path === '/init/error') {
      void readJson(request)
        .then((error) => initErrors.push(error))
        .then(() => accept(response));
    } else {
      // Another process that looks for a server of its own at a port which had been free reads this too.
      response.writeHead(id ? 403 : 404).end();
    }
  });
  const invokeFor = (answer: AnswerReceiver, event: unknown, timeoutMs: number) => {
    if (abandoned) answer.refuse(abandoned);
    queued.push({ id: randomUUID(), event, timeoutMs, answer });
    handOut();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    initErrors,
    invoke(event, timeoutMs = 60_000) {
      const answer = new Answer();
      invokeFor(answer, event, timeoutMs);
      return answer;
    },
    invokeFor,
    abandon(reason) {
      abandoned = reason;
      for (const answer of [...running.values(), ...queued.map((job) => job.answer)]) answer.refuse(reason);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** aws-lambda-ric 4.0.2 crashes on an answer without Content-Type. */
function sendJob(response: ServerResponse, { id, event, timeoutMs }: Job, now: number): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': id,
    'lambda-runtime-deadline-ms': String(now + timeoutMs),
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:gateway',
  });
  response.end(JSON.stringify(event));
}

async function readJson(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}
