import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createConverseBackend } from '../../../lambda/backends/converse.ts';
import { createControlPlane } from '../../../lambda/bedrock/control-plane.ts';
import { createBuckets } from '../../../lambda/bedrock/s3.ts';
import { CallBudget } from '../../../lambda/bounds.ts';
import { callUntilAnswered } from '../../../lambda/engine/sequence.ts';
import { createTable } from '../../../lambda/store/table.ts';
import { quickClock } from '../../support/quick-clock.ts';
import { answer, call, testClients } from '../backends/fake-bedrock.ts';

/** More than any client here has attempts. */
const many = 8;

/**
 * A server that closes its connections without anybody noticing, as it happens while a Lambda environment is frozen or
 * a machine asleep: it answers what comes on a new one, and resets an old one with its next byte.
 */
async function forgetfulServer(body: string) {
  const open = new Set<Socket>();
  let old = new Set<Socket>();
  let atOnce = 1;
  let waiting: (() => void)[] = [];
  let resets = 0;
  const respond = (socket: Socket) => {
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    waiting.push(() => socket.write(head + body));
    if (waiting.length < atOnce) return;
    for (const write of waiting) write();
    waiting = [];
  };
  const server = createServer((socket) => {
    let text = '';
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.on('data', (data) => {
      if (old.has(socket)) {
        resets += 1;
        socket.resetAndDestroy();
        return;
      }
      text += data.toString('latin1');
      const end = text.indexOf('\r\n\r\n') + 4;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 4 || text.length < end + length) return;
      text = '';
      respond(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    /** So many requests are answered together, each on a connection of its own. */
    together(count: number) {
      atOnce = count;
    },
    forget() {
      old = new Set(open);
    },
    open: () => open.size,
    resets: () => resets,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

let server: Awaited<ReturnType<typeof forgetfulServer>>;
beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

const signal = () => new AbortController().signal;

/** Asks Bedrock as the engine does, with its three attempts. */
function runtime() {
  const backend = createConverseBackend(testClients(server.url));
  return () =>
    callUntilAnswered(() => backend.send(call()), {
      clock: quickClock(),
      calls: new CallBudget(),
      maxAttempts: 3,
      deadline: Number.POSITIVE_INFINITY,
      notReadyWaitMs: 0,
      signal: signal(),
    });
}

function table() {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', server.url);
  const clock = { sleep: async () => {}, random: () => 0 };
  const made = createTable({ name: 'counters', region: 'us-east-1', clock });
  const key = { pk: { S: 'a' }, sk: { S: 'b' } };
  return () => made.get(key as never);
}

function bucket() {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url);
  const made = createBuckets('us-east-1').bucket('files');
  return () => made.text('a');
}

function controlPlane() {
  vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK', server.url);
  const made = createControlPlane({ maxAttempts: 3 });
  return () => made.list('foundationModels', 'us-east-1');
}

describe('connections that were closed while the process was frozen cost one attempt together', () => {
  test.each<[string, () => () => Promise<unknown>, string]>([
    ['Bedrock', runtime, JSON.stringify(answer)],
    ['DynamoDB', table, '{}'],
    ['S3', bucket, 'text'],
    ['the control plane', controlPlane, '{"modelSummaries":[]}'],
  ])('%s', async (_, asking, body) => {
    server = await forgetfulServer(body);
    const ask = asking();
    server.together(many);
    await Promise.all(Array.from({ length: many }, ask));
    expect(server.open()).toBe(many);
    server.forget();
    server.together(1);
    await ask();
    expect(server.resets()).toBe(1);
    expect(server.open()).toBe(1);
  });
});
