import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a client and the gateway, and breaks off the first answer that is streamed. */
export interface Relay {
  url: string;
  /** Requests so far. */
  readonly requests: number;
  close(): Promise<void>;
}

/** `url`: the gateway's, with /v1. `after`: the first answer ends behind the first piece of it that has these words. */
export async function startRelay(url: string, after: string): Promise<Relay> {
  const { port } = new URL(url);
  let [requests, cut] = [0, false];
  const server = createServer((incoming, outgoing) => {
    requests += 1;
    const { method, url: path, headers } = incoming;
    const forwarded = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (piece: Buffer) => {
        outgoing.write(piece);
        if (cut || !piece.includes(after)) return;
        cut = true;
        outgoing.destroy();
        forwarded.destroy();
      });
      answer.on('end', () => outgoing.end());
      answer.on('error', () => outgoing.destroy());
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get requests() {
      return requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
