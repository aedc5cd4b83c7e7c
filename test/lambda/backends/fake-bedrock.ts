import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { BackendCall } from '../../../lambda/backends/backend.ts';
import { type ClientOptions, createClients } from '../../../lambda/bedrock/clients.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { encodeEvent } from '../../../local/simulator/event-stream.ts';

/** An HTTP server on loopback that counts its connections; faults are made by the handler. */
export async function fakeBedrock(handler: RequestListener) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(handler);
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const testCredentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

export function testClients(endpoint: string, options: Partial<ClientOptions> = {}) {
  return createClients({ endpoint, credentials: testCredentials, ...options });
}

export function call(overrides: Partial<BackendCall> = {}): BackendCall {
  return {
    target: {
      asked: 'claude',
      id: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      region: 'us-east-1',
      backend: 'converse',
      capabilities: capabilitiesOf('us.anthropic.claude-haiku-4-5-20251001-v1:0'),
      reportAs: 'claude',
      warnings: [],
    },
    request: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] },
    signal: new AbortController().signal,
    ...overrides,
  };
}

export const streamHeaders = {
  'content-type': 'application/vnd.amazon.eventstream',
  'x-amzn-requestid': 'request-1',
};

export const frames = {
  start: encodeEvent('messageStart', { role: 'assistant' }),
  delta: (text: string) => encodeEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
  blockStop: encodeEvent('contentBlockStop', { contentBlockIndex: 0 }),
  stop: encodeEvent('messageStop', { stopReason: 'end_turn' }),
  metadata: encodeEvent('metadata', { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } }),
};
export const wholeStream = [
  frames.start,
  frames.delta('Hello'),
  frames.blockStop,
  frames.stop,
  frames.metadata,
];

export const answer = {
  output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};

export async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) text += part;
  return text;
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': 'request-1',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** Resolves when the condition holds; the test's own time limit bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
