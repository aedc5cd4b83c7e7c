import type { AddressInfo, Server } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { isEventStream, type ResponseStream, sendResponse } from '../lambda/runtime/response-stream.ts';
import { openChunked } from './chunked-response.ts';

export interface LocalServer {
  /** Without a slash at its end. */
  url: string;
  port: number;
  /** Whether other machines can reach it. */
  open: boolean;
  close(): Promise<void>;
}

/** Serves a fetch function, on the loopback interface unless a host is given. Rejects when it cannot listen there. */
export function startServer(
  fetch: (request: Request) => Promise<Response>,
  port: number,
  hostname = '127.0.0.1',
): Promise<LocalServer> {
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: (request, env) => respond(fetch(request), env as HttpBindings), port, hostname },
      ({ port: bound }: AddressInfo) => {
        const close = () => closeServer(server as unknown as Server);
        const open = !loopback.test(hostname);
        resolve({ url: `http://${nameOf(hostname)}:${bound}`, port: bound, open, close });
      },
    );
    server.on('error', reject);
  });
}

const loopback = /^(127\.|::1$)/;
const everywhere = /^(0\.0\.0\.0|::)$/;

/** The address as a URL on this machine names it. */
function nameOf(hostname: string): string {
  if (hostname === '127.0.0.1' || hostname === '::1' || everywhere.test(hostname)) return 'localhost';
  return hostname.includes(':') ? `[${hostname}]` : hostname;
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
  await sendResponse(response, outgoing as ResponseStream, { open: openChunked, stop: gone.signal });
  return RESPONSE_ALREADY_SENT;
}

/** Takes no new connections and ends the open ones: a laptop does not wait for a stream to finish. */
function closeServer(server: Server & { closeAllConnections?: () => void }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}
