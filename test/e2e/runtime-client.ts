/**
 * A Lambda runtime client in the manner of aws-lambda-ric 4.0.2, without its native code: the same protocol,
 * the same stream object, the same promises that nobody watches, and so the same ways to die.
 * `test/ric` runs the tests on the original. Run with the environment that Lambda gives.
 */
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Stream extends http.ClientRequest {
  setContentType(type: string): void;
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void;
}
type Handler = ((event: unknown, stream: Stream, context: object) => Promise<unknown>) & { streaming?: true };

const [hostname, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const api = '/2018-06-01/runtime';
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: Handler) => Object.assign(handler, { streaming: true }),
    HttpResponseStream: {
      from(stream: Stream, head: object) {
        stream.setContentType('application/vnd.awslambda.http-integration-response');
        stream._onBeforeFirstWrite = (write) => {
          write(JSON.stringify(head));
          write(new Uint8Array(8));
        };
        return stream;
      },
    },
  },
});

const methods = [
  ...['cork', 'destroy', 'end', 'uncork', 'write', 'addListener', 'on', 'once', 'prependListener'],
  ...['prependOnceListener', 'off', 'removeListener', 'removeAllListeners', 'setMaxListeners'],
  ...[
    'getMaxListeners',
    'listeners',
    'rawListeners',
    'listenerCount',
    'eventNames',
    'emit',
    'setContentType',
  ],
];
const properties = [
  ...['destroyed', '_onBeforeFirstWrite', 'writableFinished', 'writableObjectMode', 'writableEnded'],
  ...['writableNeedDrain', 'writableHighWaterMark', 'writableCorked', 'writableLength', 'writable'],
];

/** What a handler gets is not the request but an object that has these members of it, and no others. */
function facade(request: Stream): Stream {
  const inner = request as unknown as Record<string, unknown>;
  const outer: Record<string, unknown> = {};
  for (const name of methods) outer[name] = (inner[name] as () => unknown).bind(request);
  for (const name of properties) {
    Object.defineProperty(outer, name, {
      get: () => inner[name],
      set: (value) => {
        inner[name] = value;
      },
    });
  }
  return outer as unknown as Stream;
}

function openResponse(id: string): { stream: Stream; done: Promise<void> } {
  const headersDone = Promise.withResolvers<void>();
  const responseDone = Promise.withResolvers<void>();
  const stream = http.request(
    {
      method: 'POST',
      hostname,
      port,
      path: `${api}/invocation/${id}/response`,
      agent,
      headers: {
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
        Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
        'Content-Type': 'application/octet-stream',
        'Transfer-Encoding': 'chunked',
      },
    },
    (response) => {
      headersDone.resolve();
      response.on('data', () => {});
      response.on('aborted', () => responseDone.reject(new Error('aborted')));
      response.on('end', responseDone.resolve);
    },
  ) as Stream;
  stream.on('error', (error) => {
    headersDone.reject(error);
    responseDone.reject(error);
    stream.destroy(error);
  });
  stream.setContentType = (type) => stream.setHeader('Content-Type', type);
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  let first = true;
  stream.write = (chunk: unknown, ...rest: unknown[]) => {
    if (first) stream._onBeforeFirstWrite?.(write);
    first = false;
    return write(chunk, ...rest);
  };
  return { stream, done: responseDone.promise };
}

function fail(stream: Stream, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const body = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
  stream.addTrailers({
    'Lambda-Runtime-Function-Error-Type': name,
    'Lambda-Runtime-Function-Error-Body': Buffer.from(body).toString('base64'),
  });
  stream.end();
}

function call(path: string, body?: string): Promise<{ headers: http.IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const request = http.request({ hostname, port, path: api + path, method, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ headers: response.headers, text }));
    });
    request.on('error', reject).end(body);
  });
}

async function loadHandler(): Promise<Handler> {
  const [file, name] = (process.env._HANDLER ?? '').split('.');
  const module = await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT ?? '', `${file}.mjs`)).href);
  return module[name ?? ''];
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, text } = await call('/invocation/next');
    const id = String(headers['lambda-runtime-aws-request-id']);
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    const { stream, done } = openResponse(id);
    try {
      await handler(JSON.parse(text), facade(stream), {
        awsRequestId: id,
        functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
        getRemainingTimeInMillis: () => deadline - Date.now(),
      });
      await done;
      if (!stream.writableFinished) throw new Error('Response stream is not finished.');
    } catch (error) {
      console.error('Invoke Error', error);
      fail(stream, error);
    }
  }
}

const handler = await loadHandler().catch(async (error: Error) => {
  await call('/init/error', JSON.stringify({ errorType: error.name, errorMessage: error.message }));
  throw error;
});
if (!handler.streaming) throw new Error('The handler does not stream.');
await serve(handler);
