import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';

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
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, ({ port: bound }: AddressInfo) => {
      resolve({ url: `http://localhost:${bound}`, close: () => closeServer(server as unknown as Server) });
    });
    server.on('error', reject);
  });
}

/** Takes no new connections and ends the open ones: a laptop does not wait for a stream to finish. */
function closeServer(server: Server & { closeAllConnections?: () => void }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}
