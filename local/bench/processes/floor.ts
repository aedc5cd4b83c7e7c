import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportTo } from './serve.ts';

/** The least that a gateway can do: Bedrock's bytes go through as they are. */
const agent = new Agent({ keepAlive: true });
const bedrock = `${process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME}/model/floor`;

const server = createServer((request, response) => {
  const isNative = request.url === '/v1/messages' && request.headers['x-gateway-path'] !== 'converse';
  const target = `${bedrock}/${isNative ? 'invoke-with-response-stream' : 'converse-stream'}`;
  const upstream = send(target, { method: 'POST', agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': 'text/event-stream' });
    answer.pipe(response);
  });
  request.pipe(upstream);
});
server.listen(0, '127.0.0.1', () => reportTo((server.address() as AddressInfo).port));
