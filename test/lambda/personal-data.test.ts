import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { createPersonalData } from '../../lambda/personal-data.ts';
import { fakeBedrock, readBody } from './backends/fake-bedrock.ts';

let server: Awaited<ReturnType<typeof fakeBedrock>> | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

async function comprehend(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = await fakeBedrock(
    (request, response) => void readBody(request).then(() => answer(request, response)),
  );
  vi.stubEnv('AWS_ENDPOINT_URL_COMPREHEND', server.url);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  return { server, find: createPersonalData({ region: 'us-east-1', privacyDetector: 'comprehend' }) };
}

const { signal } = new AbortController();
const nothing = '{"Entities":[]}';
const parts = (count: number) => Array.from({ length: count }, () => 'word '.repeat(18_000));
const refuse = (response: ServerResponse, name: string) =>
  response.writeHead(400, { 'x-amzn-errortype': name }).end('{}');

test('what one part fails with ends the others: nothing more is asked, or paid for', async () => {
  const held: ServerResponse[] = [];
  const { find } = await comprehend((_, response) => {
    held.push(response);
    if (held.length === 8) refuse(held[0]!, 'AccessDeniedException');
  });
  const closed = () =>
    Promise.all(held.slice(1).map((each) => each.closed || new Promise((over) => each.once('close', over))));
  await expect(find()(parts(20), signal)).rejects.toMatchObject({ status: 502, reason: 'upstream_auth' });
  await closed();
  expect(held).toHaveLength(8);
});

test('requests one after another share a connection, whoever calls', async () => {
  const { server, find } = await comprehend((_, response) => response.end(nothing));
  const caller = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'own' };
  for (const credentials of [undefined, caller, undefined, caller])
    expect(await find(credentials)(['Some text'], signal)).toEqual([]);
  expect(server.connections()).toBe(1);
});

test('a connection that was closed meanwhile is no failure', async () => {
  let count = 0;
  const { find } = await comprehend((request, response) => {
    count += 1;
    if (count === 2) request.socket.resetAndDestroy();
    else response.end(nothing);
  });
  for (let i = 0; i < 2; i += 1) expect(await find()(['Some text'], signal)).toEqual([]);
  expect(count).toBe(3);
});

test('whoever leaves in a pause between attempts leaves at once', async () => {
  const gone = new AbortController();
  const reason = new Error('gone');
  const { find } = await comprehend((_, response) => {
    response.once('finish', () => setImmediate(() => gone.abort(reason)));
    refuse(response, 'ThrottlingException');
  });
  await expect(find()(['Some text'], gone.signal)).rejects.toBe(reason);
});
