import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { type Lambda, startLambda } from './lambda.ts';
import { startUpstream } from './upstream.ts';

let folder: string;
let upstream: Awaited<ReturnType<typeof startUpstream>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-e2e-'));
  bundle({ outdir: folder, entry: fileURLToPath(new URL('./fixtures/function.ts', import.meta.url)) });
  upstream = await startUpstream();
});
afterAll(async () => {
  await upstream.close();
  await rm(folder, { recursive: true });
});

describe('a function with the execution mode', () => {
  let lambda: Lambda;
  beforeAll(async () => {
    lambda = await startLambda(folder, { UPSTREAM: upstream.url });
  });
  afterAll(() => lambda.stop());
  afterEach(async () => {
    const answer = lambda.request({ path: '/json' });
    expect(await answer.end()).toBe('{"ok":true}');
    expect(lambda.exitCode()).toBeUndefined();
  });

  it('speaks the protocol', async () => {
    const answer = lambda.request({ path: '/json' });
    expect(await answer.end()).toBe('{"ok":true}');
    expect(await answer.head()).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
    });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vnd.awslambda.http-integration-response',
      'lambda-runtime-function-response-mode': 'streaming',
      'transfer-encoding': 'chunked',
    });
    expect(answer.trailers).toEqual({});
  });

  it('sends the head of an empty body', async () => {
    const answer = lambda.request({ path: '/empty' });
    expect(await answer.end()).toBe('');
    expect(await answer.head()).toMatchObject({ statusCode: 204 });
  });

  it('sends cookies apart from the headers', async () => {
    const answer = lambda.request({ path: '/cookies' });
    expect(await answer.head()).toMatchObject({ cookies: ['a=1', 'b=2'] });
    await answer.end();
  });

  it('streams chunk by chunk, while the source still has more to come', async () => {
    const answer = lambda.request({ path: '/upstream' });
    const { response } = await upstream.call();
    response.write('data: 1\n\n');
    expect(await answer.bodyWith('data: 1')).toBe('data: 1\n\n');
    expect(answer.ended).toBe(false);
    response.write('data: 2\n\n');
    expect(await answer.bodyWith('data: 2')).toBe('data: 1\n\ndata: 2\n\n');
    response.end();
    expect(await answer.end()).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('survives a source that breaks: one error event, an orderly end', async () => {
    const answer = lambda.request({ path: '/breaks' });
    const body = await answer.end();
    expect(body).toMatch(/^data: 1\n\n\n\ndata: {"error":.*"internal_error"}}\n\n$/);
    expect(body).not.toContain('source broke');
    expect(answer.trailers).toEqual({});
    await expect.poll(() => lambda.output()).toContain('reported source broke');
  });

  it('survives an upstream socket that breaks', async () => {
    const answer = lambda.request({ path: '/upstream' });
    const { response } = await upstream.call();
    response.write('data: 1\n\n');
    await answer.bodyWith('data: 1');
    response.destroy();
    expect(await answer.end()).toContain('data: {"error":');
  });

  it('survives a handler that rejects: 500 and an envelope', async () => {
    const answer = lambda.request({ path: '/rejects' });
    expect(JSON.parse(await answer.end())).toMatchObject({ error: { code: 'internal_error' } });
    expect(await answer.head()).toMatchObject({ statusCode: 500 });
    expect(answer.trailers).toEqual({});
  });

  it('survives a runtime socket that drops, and cancels the source', async () => {
    const answer = lambda.request({ path: '/upstream' });
    const { response, closed } = await upstream.call();
    response.write('data: 1\n\n');
    await answer.bodyWith('data: 1');
    answer.drop();
    await closed;
  });

  it('takes no other invocation before the work that outlasts an answer has ended', async () => {
    const answer = lambda.request({ path: '/pending', query: 'spent=1' });
    expect(await answer.end()).toBe('{"ok":true}');
    const { request, response } = await upstream.call();
    expect(request.url).toBe('/?spent=1');
    const next = lambda.request({ path: '/json' });
    const order: string[] = [];
    const answered = next.end().then(() => order.push('next'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push('settled');
    response.end();
    await answered;
    expect(order).toEqual(['settled', 'next']);
  });

  it('survives a rejection that nobody watches', async () => {
    await lambda.request({ path: '/stray' }).end();
    expect(await lambda.request({ path: '/json' }).end()).toBe('{"ok":true}');
    await expect.poll(() => lambda.output()).toContain('reported stray rejection');
  });

  it('survives an event of another kind', async () => {
    const answer = lambda.api.invoke({ source: 'aws.events' });
    expect(await answer.head()).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(await answer.end())).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('ends a source that does not end, before the function’s time is up', async () => {
    const body = await lambda.request({ path: '/endless' }, 300).end();
    expect(body).toMatch(/^data: 1\n\n\n\ndata: .*deadline_exceeded/);
  });

  it('answers for a handler that does not, before the function’s time is up', async () => {
    const answer = lambda.request({ path: '/never' }, 300);
    expect(await answer.head()).toMatchObject({ statusCode: 504 });
    await answer.end();
  });
});

describe('the same failures under middy’s own streaming', () => {
  it.each(['/breaks', '/stray'])('end the process: %s', async (path) => {
    const lambda = await startLambda(folder, { UPSTREAM: upstream.url }, 'stock');
    expect(await lambda.request({ path: '/json' }).end()).toBe('{"ok":true}');
    lambda.request({ path });
    expect(await lambda.exited).not.toBe(0);
    await lambda.stop();
  });
});
