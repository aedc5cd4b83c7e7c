import type { ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import {
  isEventStream,
  type OpenStream,
  type ResponseStream,
  sendResponse,
} from '../lambda/runtime/response-stream.ts';

export interface LocalServer {
  url: string;
  close(): Promise<void>;
}

/** Serves a fetch function on the loopback interface. Rejects when the port is taken. */
export function startServer(
  fetch: (request: Request) => Promise<Response>,
  port: number,
): Promise<LocalServer> {
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: (request, env) => respond(fetch(request), env as HttpBindings), port, hostname: '127.0.0.1' },
      ({ port: bound }: AddressInfo) => {
        resolve({ url: `http://localhost:${bound}`, close: () => closeServer(server as unknown as Server) });
      },
    );
    server.on('error', reject);
  });
}

/**
 * An event stream goes out as it does from the function, by the same code. @hono/node-server itself would hold its
 * first event back for a millisecond, in case it is the last.
 */
async function respond(answer: Promise<Response>, { outgoing }: HttpBindings): Promise<Response> {
  const response = await answer;
  if (!isEventStream(response)) return response;
  const gone = new AbortController();
  const onClose = () => outgoing.writableFinished || gone.abort();
  if (outgoing.closed) onClose();
  else outgoing.once('close', onClose);
  await sendResponse(response, outgoing as ResponseStream, { open: writeHead, stop: gone.signal });
  return RESPONSE_ALREADY_SENT;
}

const writeHead: OpenStream = (stream, { statusCode, headers }) => {
  (stream as unknown as ServerResponse).writeHead(statusCode, headers);
  return stream;
};

/** Takes no new connections and ends the open ones: a laptop does not wait for a stream to finish. */
function closeServer(server: Server & { closeAllConnections?: () => void }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}
