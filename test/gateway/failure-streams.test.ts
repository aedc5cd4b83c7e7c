import { afterEach, describe, expect, test } from 'vitest';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { type Stack, type StackOptions, startStack } from '../support/stack.ts';

let open: Stack[] = [];
async function stackWith(env: Record<string, string> = {}, more: StackOptions = {}): Promise<Stack> {
  const stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', ...env }, ...more });
  open.push(stack);
  return stack;
}
afterEach(async () => {
  await Promise.all(open.map((stack) => stack.close()));
  open = [];
});

const body = (prompt: string, more: object = {}) => ({
  model: haiku,
  messages: [{ role: 'user', content: prompt }],
  ...more,
});
const unfinished = (stack: Stack) => runtimeCalls(stack).filter(({ done }) => !done).length;
const hungUp = (stack: Stack) => runtimeCalls(stack).filter(({ aborted }) => aborted).length;

describe('silence', () => {
  test('is filled with comments, before the answer goes on', async () => {
    const stack = await stackWith({ HEARTBEAT_SECONDS: '1' });
    const response = await stack.post(
      '/chat/completions',
      body('[[think-pause:2300]] Hello', { stream: true }),
    );
    const text = await response.text();
    expect(text.split(': keep-alive\n\n').length - 1).toBeGreaterThanOrEqual(1);
    expect(text.indexOf('"role":"assistant"')).toBeLessThan(text.indexOf(': keep-alive'));
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('while a model is being loaded, too', async () => {
    const stack = await stackWith({ HEARTBEAT_SECONDS: '1', AWS_MAX_ATTEMPTS: '3' });
    const response = await stack.post('/chat/completions', body('[[not-ready:1]] Hello', { stream: true }));
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text.startsWith(': keep-alive\n\n')).toBe(true);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});

describe('time is up', () => {
  const env = { REQUEST_TIMEOUT_SECONDS: '2' };

  test('in mid-stream: one error, an orderly end, and nothing left upstream', async () => {
    const stack = await stackWith(env);
    const told = await chat(stack, '[[stall-mid-stream:3]] Hello there', { stream: true });
    expect(told).toMatchObject({ status: 200, complete: false, error: { code: 'timeout' } });
    await expect.poll(() => hungUp(stack)).toBe(1);
    expect(stack.logs.at(-1)).toMatchObject({ errorReason: 'deadline', modelUsed: haiku });
  });

  test.each([false, true])('before anything came: a 504, no fallback (stream: %s)', async (stream) => {
    const stack = await stackWith(env);
    const told = await chat(stack, '[[stall]] Hello there', { stream, models: [nova] });
    expect(told).toMatchObject({ status: 504, error: { code: 'timeout' } });
    await expect.poll(() => hungUp(stack)).toBe(1);
    expect(runtimeCalls(stack)).toHaveLength(1);
  });
});

inProcessOnly('disconnects')('a client that goes away', () => {
  test.each([
    ['in one piece', '[[stall]]', { stream: false }, 1],
    ['in one piece, of three', '[[stall]]', { stream: false, n: 3 }, 3],
    ['before the stream began', '[[stall]]', { stream: true }, 1],
    ['before three streams began', '[[stall-mid-stream:0]]', { stream: true, n: 3 }, 3],
  ])('%s', async (_, directive, more, calls) => {
    const stack = await stackWith();
    const client = new AbortController();
    const gone = stack.post('/chat/completions', body(`${directive} Hello`, more), {}, client.signal);
    await expect.poll(() => unfinished(stack)).toBe(calls);
    client.abort();
    await expect(gone).rejects.toThrow();
    await expect.poll(() => hungUp(stack)).toBe(calls);
    await expect.poll(() => requestsLogged(stack)).toEqual([expect.objectContaining(aborted)]);
  });

  test.each([
    ['in mid-stream', '[[stall-mid-stream:3]]', { stream: true }, 1],
    ['in the middle of three streams', '[[stall-mid-stream:3]]', { stream: true, n: 3 }, 3],
    ['while tokens flow', '[[events:100000]] [[slow:2]]', { stream: true }, 1],
    ['faster than it reads', '[[events:1000000]]', { stream: true }, 1],
  ])('%s', async (_, directive, more, calls) => {
    const stack = await stackWith();
    const client = new AbortController();
    const response = await stack.post(
      '/chat/completions',
      body(`${directive} Hello`, more),
      {},
      client.signal,
    );
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    expect(unfinished(stack)).toBe(calls);
    client.abort();
    await expect.poll(() => hungUp(stack)).toBe(calls);
    await expect.poll(() => requestsLogged(stack)).toEqual([expect.objectContaining(aborted)]);
  });

  test('while a model is being loaded', async () => {
    const stack = await stackWith({ AWS_MAX_ATTEMPTS: '3' });
    const client = new AbortController();
    const post = stack.post(
      '/chat/completions',
      body('[[not-ready]] Hello', { stream: true }),
      {},
      client.signal,
    );
    expect((await post).status).toBe(200);
    client.abort();
    await expect.poll(() => requestsLogged(stack)).toEqual([expect.objectContaining(aborted)]);
    expect(runtimeCalls(stack)).toHaveLength(1);
  });
});

const aborted = { errorReason: 'aborted', errorCode: 'client_closed_request' };
const requestsLogged = (stack: Stack) => stack.logs.filter(({ message }) => message === 'request');

describe('one of several answers fails', () => {
  // The first call meets the failure, the others what stands behind it.
  test.each([false, true])('the others are ended (stream: %s)', async (stream) => {
    const stack = await stackWith();
    const prompt = '[[stall-mid-stream:0]] [[unavailable:1]] Hello there';
    const told = await chat(stack, prompt, { stream, n: 3 });
    expect(told).toMatchObject({ status: 503, complete: false, error: { code: 'overloaded' } });
    await expect.poll(() => hungUp(stack)).toBe(2);
    expect(unfinished(stack)).toBe(0);
  });

  test('in mid-stream: one error, and nothing goes on', async () => {
    const stack = await stackWith();
    const prompt = '[[stall-mid-stream:3]] [[reset-mid-stream:2]] Hello there';
    const told = await chat(stack, prompt, { stream: true, n: 2 });
    expect(told).toMatchObject({ status: 200, complete: false, error: { code: 'bad_gateway' } });
    await expect.poll(() => unfinished(stack)).toBe(0);
  });
});
