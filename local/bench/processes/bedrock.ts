import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFrames, nativeFrames, responsesFrames } from '../frames.ts';
import { reportTo } from './serve.ts';

/**
 * A stand-in for Bedrock's runtime. The prompt says how it answers: `burst 500` gives 500 text events at
 * once, `paced 500` one every two milliseconds. ConverseStream and, for Claude, InvokeModelWithResponseStream; for
 * GPT, OpenAI's Responses.
 */
const pace = 2;
const frames = new Map<string, Buffer[]>();

type Path = 'converse-stream' | 'invoke-with-response-stream' | 'responses';
const framesAt: Readonly<Record<Path, (count: number) => Buffer[]>> = {
  'converse-stream': answerFrames,
  'invoke-with-response-stream': nativeFrames,
  responses: responsesFrames,
};

/** The last word of a path. */
function pathIn(url = ''): Path {
  const word = url.slice(url.lastIndexOf('/') + 1);
  return word in framesAt ? (word as Path) : 'converse-stream';
}

function framesOf(path: Path, count: number): Buffer[] {
  const key = `${path} ${count}`;
  const known = frames.get(key) ?? framesAt[path](count);
  frames.set(key, known);
  return known;
}

/** Each frame is an HTTP chunk of its own, as Bedrock's are; they leave together. */
function sendBurst(response: ServerResponse, frames: readonly Buffer[]): void {
  for (const frame of frames) response.write(frame);
  response.end();
}

function sendPaced(response: ServerResponse, queue: readonly Buffer[]): void {
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
    const path = pathIn(request.url);
    const type = path === 'responses' ? 'text/event-stream' : 'application/vnd.amazon.eventstream';
    response.writeHead(200, { 'content-type': type });
    const answer = framesOf(path, Number(count ?? 1));
    if (way === 'paced') sendPaced(response, answer);
    else sendBurst(response, answer);
  });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  reportTo((server.address() as AddressInfo).port),
);
