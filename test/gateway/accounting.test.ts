import { afterEach, describe, expect, test } from 'vitest';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What every request has spent is in its one line in the log, however it went. */

let stack: Stack;
async function begin(env: Record<string, string> = {}): Promise<void> {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', ...env } });
}
afterEach(() => stack.close());

interface Line {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  tokensEstimated?: string;
  errorReason?: string;
  attempts?: number;
  retries?: number;
}
const line = () => stack.logs.findLast(({ message }) => message === 'request') as unknown as Line;
const body = (prompt: string, more: object = {}) => ({
  model: haiku,
  messages: [{ role: 'user', content: prompt }],
  ...more,
});

describe('what was spent', () => {
  test.each([false, true])('by an answer is what Bedrock has counted (stream: %s)', async (stream) => {
    await begin();
    await chat(stack, 'Hello there', { stream });
    expect(line()).toMatchObject({ calls: 1, attempts: 1 });
    expect(line().outputTokens).toBeGreaterThan(0);
    expect(line().tokensEstimated).toBeUndefined();
  });

  test.each([false, true])(
    'by three answers is three times what one has cost (stream: %s)',
    async (stream) => {
      await begin();
      await chat(stack, 'Hello there', { stream });
      const { inputTokens, outputTokens } = line();
      await chat(stack, 'Hello there', { stream, n: 3 });
      expect(line()).toMatchObject({
        calls: 3,
        attempts: 1,
        inputTokens: 3 * inputTokens,
        outputTokens: 3 * outputTokens,
      });
    },
  );

  test.each([false, true])(
    'by three answers of which one fails is that of all (stream: %s)',
    async (stream) => {
      await begin();
      const told = await chat(stack, '[[throttle:1]] [[first-byte:100]] Hello there', { stream, n: 3 });
      expect(told.status).toBe(429);
      await expect.poll(() => stack.logs.length).toBe(1);
      expect(line()).toMatchObject({ calls: 3, errorReason: 'throttled', tokensEstimated: 'left' });
      expect(line().inputTokens).toBeGreaterThan(0);
    },
  );

  test.each([
    ['is cut off', '[[truncate:3]]'],
    ['is reset', '[[reset-mid-stream:3]]'],
    ['ends in an error', '[[stream-error:modelStreamErrorException]]'],
  ])('by a stream that %s is estimated', async (_, directive) => {
    await begin();
    const told = await chat(stack, `${directive} Hello there`, { stream: true });
    expect(told.complete).toBe(false);
    expect(line()).toMatchObject({ calls: 1, tokensEstimated: 'failed' });
    expect(line().inputTokens).toBeGreaterThan(0);
    expect(line().outputTokens).toBeGreaterThan(0);
  });

  test('by a stream whose time is up is estimated', async () => {
    await begin({ REQUEST_TIMEOUT_SECONDS: '2' });
    await chat(stack, '[[stall-mid-stream:3]] Hello there', { stream: true });
    expect(line()).toMatchObject({ calls: 1, errorReason: 'deadline', tokensEstimated: 'failed' });
    expect(line().outputTokens).toBeGreaterThan(0);
  });

  test('by a filtered answer that another model has replaced is counted with the other’s', async () => {
    await begin({ FALLBACKS: '{"onContentFilter":true}' });
    const alone = async (prompt: string, model: string) => {
      await chat(stack, prompt, { model });
      return line();
    };
    const filtered = await alone('[[stop:content_filtered@haiku]] Hello', haiku);
    const replacing = await alone('[[stop:content_filtered@haiku]] Hello', nova);
    const told = await chat(stack, '[[stop:content_filtered@haiku]] Hello', { models: [nova] });
    expect(told.attempts).toEqual([`${haiku}@us-east-1=content_filter`, `${nova}@us-east-1=ok`]);
    expect(line()).toMatchObject({
      calls: 2,
      attempts: 2,
      inputTokens: filtered.inputTokens + replacing.inputTokens,
      outputTokens: filtered.outputTokens + replacing.outputTokens,
    });
  });

  test('by what Bedrock refuses before it runs a model is nothing', async () => {
    await begin();
    await chat(stack, '[[throttle]] Hello there');
    expect(line()).toMatchObject({ calls: 1, errorReason: 'throttled' });
    expect(line().inputTokens).toBeUndefined();
  });

  test('by embeddings is counted by the call', async () => {
    await begin();
    const input = ['one', 'two', 'three'];
    await (await stack.post('/embeddings', { model: 'amazon.titan-embed-text-v2:0', input })).text();
    expect(line()).toMatchObject({ calls: 3, attempts: 1, outputTokens: 0 });
    expect(line().inputTokens).toBeGreaterThan(0);
  });
});

inProcessOnly('disconnects')('what was spent', () => {
  test.each([false, true])(
    'for a client that leaves is estimated, and said to be (stream: %s)',
    async (stream) => {
      await begin();
      const client = new AbortController();
      const prompt = stream ? '[[stall-mid-stream:3]] Hello' : '[[stall]] Hello';
      const leaving = stack.post('/chat/completions', body(prompt, { stream }), {}, client.signal);
      if (stream) await (await leaving).body?.getReader().read();
      else await expect.poll(() => runtimeCalls(stack).length).toBe(1);
      client.abort();
      await leaving.catch(() => {});
      await expect.poll(() => stack.logs.length).toBe(1);
      expect(line()).toMatchObject({ calls: 1, errorReason: 'aborted', tokensEstimated: 'left' });
      expect(line().inputTokens).toBeGreaterThan(0);
      if (stream) expect(line().outputTokens).toBeGreaterThan(0);
    },
  );

  test('for a client that leaves before its stream has begun is estimated', async () => {
    await begin({ HEARTBEAT_SECONDS: '1' });
    const client = new AbortController();
    const prompt = body('[[first-byte:60000]] Hello', { stream: true });
    const response = await stack.post('/chat/completions', prompt, {}, client.signal);
    await response.body?.getReader().read();
    client.abort();
    await expect.poll(() => stack.logs.length).toBe(1);
    expect(line()).toMatchObject({ calls: 1, errorReason: 'aborted', tokensEstimated: 'left' });
  });
});
