import { request as httpRequest, type RequestOptions } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { startLambda } from '../e2e/lambda.ts';
import { type Front, type FrontOptions, startFront } from './front.ts';

/** The front does as a Function URL and Lambda do: what it is used for tests the gateway, not the front. */

const artifact = {
  folder: join(import.meta.dirname, 'fixtures'),
  client: fileURLToPath(new URL('../e2e/runtime-client.ts', import.meta.url)),
  sharedClock: '',
};
let front: Front;
let lines: string[];
async function start(options: Partial<FrontOptions> = {}): Promise<void> {
  lines = [];
  front = await startFront({
    artifact,
    environment: () => ({}),
    onLine: (line) => lines.push(line),
    ...options,
  });
}
afterEach(() => front.close());

const text = async (path: string) => (await fetch(`${front.url}${path}`)).text();

interface Event {
  rawPath: string;
  rawQueryString: string;
  headers: Record<string, string>;
  cookies?: string[];
  requestContext: { domainName: string; http: { method: string } };
  body?: string;
  isBase64Encoded: boolean;
}
/** The event that a request becomes. */
function eventOf(options: RequestOptions, body?: string | Buffer): Promise<Event> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(front.url, options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve(JSON.parse(Buffer.concat(chunks).toString()));
    });
    request.on('error', reject).end(body);
  });
}

describe('an event', () => {
  test('has the path and the query as they were sent, and cookies apart from the headers', async () => {
    await start();
    const headers = { 'X-Name': 'a', cookie: 'a=1; b=2' };
    const event = await eventOf({ path: '/event?a=%20b&c', headers });
    expect(event).toMatchObject({
      rawPath: '/event',
      rawQueryString: 'a=%20b&c',
      cookies: ['a=1', 'b=2'],
      requestContext: { domainName: front.url.replace('http://', ''), http: { method: 'GET' } },
      isBase64Encoded: false,
    });
    expect(event.headers).toMatchObject({ 'x-name': 'a' });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event).not.toHaveProperty('body');
  });

  test.each([
    ['application/json; charset=utf-8', undefined, false],
    ['text/plain', undefined, false],
    ['application/octet-stream', undefined, true],
    [undefined, undefined, true],
    ['application/json', 'gzip', true],
  ])('has a body of the type %s, encoded %s: in base64 %s', async (type, encoding, base64) => {
    await start();
    const headers = {
      ...(type && { 'content-type': type }),
      ...(encoding && { 'content-encoding': encoding }),
    };
    const { body, isBase64Encoded } = await eventOf({ path: '/event', method: 'POST', headers }, '{"é":1}');
    expect(isBase64Encoded).toBe(base64);
    expect(Buffer.from(body ?? '', base64 ? 'base64' : 'utf8').toString()).toBe('{"é":1}');
  });

  test('is no larger than Lambda takes it', async () => {
    await start();
    const response = await fetch(`${front.url}/event`, { method: 'POST', body: 'x'.repeat(6 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(front.environments()).toBe(0);
  });
});

describe('an answer', () => {
  test('comes chunk by chunk, with its head and its cookies', async () => {
    await start();
    const response = await fetch(`${front.url}/slow?30`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const chunks: string[] = [];
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString());
    expect(chunks.map((chunk) => chunk.replace(/of \d+\n/, ''))).toEqual(['1 ', '2 ', '3 ', '4 ', '5 ']);
  });

  test('is complete when the log of its invocation is', async () => {
    await start();
    for (let nth = 1; nth <= 3; nth += 1) {
      expect(await text('/log')).toBe('before');
      expect(lines).toHaveLength(50 * nth);
    }
  });

  test('is a 502 where there is none, and breaks off where it is not whole', async () => {
    await start();
    expect((await fetch(`${front.url}/dies`)).status).toBe(502);
    for (const path of ['/dies?late', '/fails']) await expect(text(path)).rejects.toThrow('terminated');
    expect(await text('/pid')).toMatch(/^\d+$/);
  });

  test('is cut off at the function’s timeout, with its process', async () => {
    await start({ timeoutMs: 100 });
    expect((await fetch(`${front.url}/hangs`)).status).toBe(502);
    await expect.poll(() => front.environments()).toBe(0);
  });

  test('goes on without its client, and the process serves the next one', async () => {
    await start();
    const client = new AbortController();
    const response = await fetch(`${front.url}/slow?30`, { signal: client.signal });
    await response.body?.getReader().read();
    client.abort();
    await expect.poll(() => lines).toEqual([expect.stringContaining('ended')]);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ ended: Number(await text('/pid')) });
  });
});

describe('execution environments', () => {
  const pidOf = (answer: string) => Number(/\d+$/m.exec(answer)?.[0]);

  test('are one for each request at a time', async () => {
    await start();
    const slow = text('/slow?60');
    await expect.poll(() => front.environments()).toBe(1);
    const first = pidOf(await text('/pid'));
    const second = pidOf(await slow);
    expect(first).not.toBe(second);
    for (let nth = 1; nth <= 5; nth += 1) expect([first, second]).toContain(pidOf(await text('/pid')));
    expect(front.environments()).toBe(2);
  });

  test('are no more than there may be: further requests wait', async () => {
    await start({ most: 2 });
    const pids = await Promise.all(Array.from({ length: 6 }, () => text('/slow?5').then(pidOf)));
    expect(new Set(pids).size).toBe(2);
    expect(front.environments()).toBe(2);
  });

  test('end with the front', async () => {
    await start();
    const pids = await Promise.all([text('/slow?20'), text('/slow?20')].map((answer) => answer.then(pidOf)));
    await front.close();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('end by themselves where nobody gives them work any more', async () => {
    await start();
    const lambda = await startLambda(artifact.folder, {});
    await lambda.request({ path: '/pid' }).end();
    await lambda.api.close();
    expect(await lambda.exited).not.toBe(0);
  });
});
