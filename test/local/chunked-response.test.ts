import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Receiver, Source } from '../../lambda/streams/source.ts';
import { sseResponse } from '../../lambda/web/sse-response.ts';
import { type LocalServer, startServer } from '../../local/server.ts';

const servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Gives the texts, each when it is asked for and a turn of the event loop later. */
class Texts implements Source<string> {
  given = 0;
  cancelled = false;
  readonly #texts: readonly string[];

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  pull(receiver: Receiver<string>): void {
    setImmediate(() => {
      if (this.cancelled) return;
      const text = this.#texts[this.given];
      if (text === undefined) return receiver.onEnd();
      this.given += 1;
      receiver.onItem(text, false);
    });
  }

  cancel(): void {
    this.cancelled = true;
  }
}

/** A server that answers each request with the next of the bodies. */
async function serving(bodies: Texts[]): Promise<LocalServer> {
  const options = { heartbeat: () => ': still here\n\n', heartbeatMs: 60_000, onEnd() {} };
  const server = await startServer(async () => sseResponse(bodies.shift()!, options), 0);
  servers.push(server);
  return server;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return text;
}

const asked = (server: LocalServer, agent: Agent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, method: 'POST', agent };
    request(options, resolve).on('error', reject).end('{}');
  });

/** All that comes on a connection on which this was written. */
function raw(server: LocalServer, written: string): { socket: Socket; closed: Promise<string> } {
  const socket = connect(server.port, '127.0.0.1', () => socket.write(written));
  const closed = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
  return { socket, closed };
}

describe('an event stream of the local server', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc
      .tuple(fc.constantFrom('a', 'é', '𝄞'), fc.integer({ min: 4000, max: 4200 }))
      .map(([letter, times]) => letter.repeat(times)),
  );
  const texts = fc.array(text, { maxLength: 10 });

  it('arrives whole, whatever the lengths of its chunks, and leaves its connection to the next one', async () => {
    const bodies: Texts[] = [];
    const server = await serving(bodies);
    await fc.assert(
      fc.asyncProperty(texts, texts, async (first, second) => {
        bodies.push(new Texts(first), new Texts(second));
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        try {
          const one = await asked(server, agent);
          expect(await textOf(one)).toBe(sent(first));
          expect([one.complete, one.headers['transfer-encoding']]).toEqual([true, 'chunked']);
          const { socket } = one;
          const two = await asked(server, agent);
          expect(await textOf(two)).toBe(sent(second));
          expect(two.socket === socket).toBe(true);
        } finally {
          agent.destroy();
        }
      }),
      { numRuns: 15 },
    );
  });

  it('frames each text as one chunk', async () => {
    const server = await serving([new Texts(['data: é\n\n', 'x'.repeat(16)])]);
    const { closed } = raw(server, 'POST / HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n');
    const [head, body] = split(await closed);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head.match(/transfer-encoding: chunked/gi)).toHaveLength(1);
    expect(body).toBe(`a\r\ndata: é\n\n\r\n10\r\n${'x'.repeat(16)}\r\n0\r\n\r\n`);
  });

  it('has no chunks for a client of HTTP/1.0', async () => {
    const server = await serving([new Texts(['data: 1\n\n', 'data: 2\n\n'])]);
    const [head, body] = split(await raw(server, 'POST / HTTP/1.0\r\n\r\n').closed);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(body).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('waits for the one before it on the same connection', async () => {
    const server = await serving([new Texts(['first', 'first']), new Texts(['second', 'second'])]);
    const post = 'POST / HTTP/1.1\r\nhost: gateway\r\ncontent-length: 0\r\n';
    const all = await raw(server, `${post}\r\n${post}connection: close\r\n\r\n`).closed;
    expect(all.match(/first|second|0\r\n\r\n/g)).toEqual([
      ...['first', 'first', '0\r\n\r\n'],
      ...['second', 'second', '0\r\n\r\n'],
    ]);
  });

  it('asks for no more than a client that does not read has room for, and for the rest when it reads', async () => {
    const texts = Array.from({ length: 20_000 }, (_, nth) => `${nth} `.padEnd(1000, '.'));
    const body = new Texts(texts);
    const server = await serving([body]);
    const agent = new Agent();
    const answer = await asked(server, agent);
    let before = -1;
    while (before !== body.given) {
      before = body.given;
      await pause(50);
    }
    expect(body.given).toBeGreaterThan(0);
    expect(body.given).toBeLessThan(texts.length);
    expect((await textOf(answer)) === texts.join('')).toBe(true);
    agent.destroy();
  });

  it('leaves its source when the client leaves', async () => {
    const body = new Texts(Array.from({ length: 1_000_000 }, () => 'data: more\n\n'));
    const server = await serving([body]);
    const agent = new Agent();
    const answer = await asked(server, agent);
    answer.destroy();
    await expect.poll(() => body.cancelled).toBe(true);
    agent.destroy();
  });
});

/** UTF-8 has no half of a pair. */
const sent = (texts: readonly string[]): string => texts.map((text) => text.toWellFormed()).join('');

function split(answer: string): [string, string] {
  const at = answer.indexOf('\r\n\r\n');
  return [answer.slice(0, at), answer.slice(at + 4)];
}
