import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFrames } from '../frames.ts';
import { reportTo } from './serve.ts';

/**
 * A stand-in for Bedrock's runtime. The prompt says how it answers: `burst 500` gives 500 text events at
 * once, `paced 500` one every two milliseconds.
 */
const pace = 2;
const frames = new Map<number, Buffer[]>();

function framesOf(count: number): Buffer[] {
  const known = frames.get(count) ?? answerFrames(count);
  frames.set(count, known);
  return known;
}

/** Each frame is an HTTP chunk of its own, as Bedrock's are; they leave together. */
function sendBurst(response: ServerResponse, count: number): void {
  for (const frame of framesOf(count)) response.write(frame);
  response.end();
}

function sendPaced(response: ServerResponse, count: number): void {
  const queue = framesOf(count);
  let next = 0;
  const timer = setInterval(() => {
    response.write(queue[next]);
    next += 1;
    if (next < queue.length) return;
    clearInterval(timer);
    response.end();
  }, pace);
  response.on('close', () => clearInterval(timer));
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    const [, way, count] = /\b(burst|paced) (\d+)/.exec(body) ?? [];
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    if (way === 'paced') sendPaced(response, Number(count));
    else sendBurst(response, Number(count ?? 1));
  });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  reportTo((server.address() as AddressInfo).port),
);
