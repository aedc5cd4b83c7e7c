import { afterEach, describe, expect, test } from 'vitest';
import { chat, haiku } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** With a namespace each request leaves one line of embedded metrics beside its record. */

let stack: Stack;
async function begin(env: Record<string, string> = {}): Promise<void> {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', METRICS_NAMESPACE: 'Team', ...env } });
}
afterEach(() => stack.close());

const lines = () => stack.logs.filter((line) => '_aws' in line);
const record = () => stack.logs.findLast(({ message }) => message === 'request') ?? {};

describe('embedded metrics', () => {
  test.each([false, true])('say what the record of an answer says (stream: %s)', async (stream) => {
    await begin();
    await chat(stack, 'Hello there', { stream });
    const [line, ...others] = lines();
    expect(others).toEqual([]);
    const { inputTokens, outputTokens, costUsd } = record();
    expect(line).toMatchObject({
      Requests: 1,
      Errors4xx: 0,
      InputTokens: inputTokens,
      OutputTokens: outputTokens,
      CostUsd: Number(costUsd),
      Model: expect.stringContaining('haiku'),
    });
    expect(line !== undefined && 'FirstTokenMs' in line).toBe(stream);
  });

  test('count a refusal for the model that refused', async () => {
    await begin();
    const { status } = await chat(stack, '[[throttle:1]] Hello there');
    expect(status).toBe(429);
    expect(lines()).toEqual([
      expect.objectContaining({ Errors4xx: 1, Throttled: 1, Model: expect.stringContaining('haiku') }),
    ]);
  });

  test('count a stream that broke', async () => {
    await begin();
    await chat(stack, '[[reset-mid-stream:3]] Hello there', { stream: true });
    expect(lines()).toEqual([expect.objectContaining({ StreamFailed: 1, Failed: 1 })]);
  });

  test('go out where the log says little, and not where it says nothing', async () => {
    await begin({ LOG_LEVEL: 'error' });
    await chat(stack, 'Hello there');
    expect(stack.logs).toEqual([expect.objectContaining({ Requests: 1 })]);
    await stack.close();
    await begin({ LOG_LEVEL: 'silent' });
    await chat(stack, 'Hello there');
    expect(stack.logs).toEqual([]);
  });

  test('are none without a namespace', async () => {
    stack = await startStack();
    await chat(stack, 'Hello there');
    expect(lines()).toEqual([]);
    expect(record()).toHaveProperty('outputTokens');
  });

  test('are one for the models beyond their number', async () => {
    await begin({ METRIC_MODELS: '1' });
    await chat(stack, 'Hello there', { model: haiku });
    await chat(stack, 'Hello there', { model: 'amazon.nova-lite-v1:0' });
    expect(lines().map(({ Model }) => Model)).toEqual([expect.stringContaining('haiku'), 'other']);
  });

  test('have no place for names that clients make up', async () => {
    await begin({ METRIC_MODELS: '2' });
    const made = ['anthropic.claude-made-up-1', 'us.amazon.nova-made-up-2', 'amazon.nova-made-up-3'];
    for (const model of made) await chat(stack, 'Hello there', { model, models: [`${model}-more`] });
    await chat(stack, 'Hello there', { model: haiku });
    const { Model } = lines().at(-1) ?? {};
    expect(Model).toEqual(expect.stringContaining('haiku'));
    await chat(stack, '[[validation]] Hello there', { model: haiku });
    for (const line of lines()) expect([undefined, 'other', Model]).toContain(line.Model);
  });
});
