import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportTo } from './serve.ts';

/** The least that a gateway can do: Bedrock's bytes go through as they are. */
const agent = new Agent({ keepAlive: true });
const bedrock = `${process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME}/model/floor`;

/** What speaks each API itself. */
const natives = new Map<string | undefined, string>([
  ['/v1/messages', 'invoke-with-response-stream'],
  ['/v1/responses', 'responses'],
]);

const server = createServer((request, response) => {
  const byConverse = request.headers['x-gateway-path'] === 'converse';
  const target = `${bedrock}/${(byConverse ? undefined : natives.get(request.url)) ?? 'converse-stream'}`;
  const upstream = send(target, { method: 'POST', agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': 'text/event-stream' });
    answer.pipe(response);
  });
  request.pipe(upstream);
});
server.listen(0, '127.0.0.1', () => reportTo((server.address() as AddressInfo).port));
