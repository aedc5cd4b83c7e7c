import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that reached the upstream, answered by hand. */
export interface UpstreamCall {
  request: IncomingMessage;
  response: ServerResponse;
  /** Resolves when the caller's connection is gone. */
  closed: Promise<unknown>;
}

/** A server that does nothing by itself: the test takes each call and decides when each byte goes out. */
export async function startUpstream() {
  const arrivals = new EventEmitter();
  const waiting: UpstreamCall[] = [];
  const server = createServer((request, response) => {
    request.resume();
    waiting.push({ request, response, closed: once(response, 'close') });
    arrivals.emit('call');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async call(): Promise<UpstreamCall> {
      while (waiting.length === 0) await once(arrivals, 'call');
      return waiting.shift()!;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
