import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { shortAnswer } from '../frames.ts';

export interface StandIn {
  url: string;
  /** Calls that were not for a chat or a secret: the control plane's. */
  otherCalls: string[];
  close(): Promise<void>;
}

/** Bedrock's runtime and Secrets Manager behind one TLS port. Every answer is there at once. */
export async function startStandIn(tls: Pick<ServerOptions, 'key' | 'cert'>, key: string): Promise<StandIn> {
  const otherCalls: string[] = [];
  const answer = shortAnswer();
  const server = createServer(tls, (request, response) => {
    request.resume().on('end', () => {
      if (request.url?.endsWith('/converse-stream')) {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(answer);
      } else if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify({ SecretString: key }));
      } else {
        otherCalls.push(`${request.method} ${request.url}`);
        response.writeHead(404).end('{}');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    otherCalls,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
