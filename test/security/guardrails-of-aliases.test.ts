import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** A guardrail that an alias says holds for whatever answers in place of its model, unless that says its own. */

const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
const other = { guardrailIdentifier: 'v9kpg6yrwhs2', guardrailVersion: '2' };
const titan = 'amazon.titan-embed-text-v2:0';

let stack: Stack;
beforeAll(async () => {
  const env = {
    AWS_MAX_ATTEMPTS: '1',
    MODEL_ALIASES: JSON.stringify({
      mine: { model: haiku, guardrailConfig: guardrail, inferenceConfig: { maxTokens: 50 } },
      theirs: { model: nova, guardrailConfig: other },
      gone: { model: 'custom:us-east-1:no-such-model', guardrailConfig: guardrail },
    }),
    FALLBACKS: JSON.stringify({ models: { gone: [titan], mine: [nova] } }),
  };
  stack = await startStack({ env });
});
afterEach(() => stack.simulator.reset());
afterAll(() => stack.close());

/** Of each call: its guardrail, and the tokens that it may take. */
const sent = () =>
  runtimeCalls(stack).map(({ body }) => {
    const { guardrailConfig, inferenceConfig } = body as {
      guardrailConfig?: { guardrailIdentifier: string };
      inferenceConfig?: { maxTokens?: number };
    };
    return [guardrailConfig?.guardrailIdentifier, inferenceConfig?.maxTokens];
  });

describe.each([false, true])('stream: %s', (stream) => {
  test('a fallback of the settings has it, and none of the alias’s other defaults', async () => {
    const told = await chat(stack, '[[throttle@haiku]] Hello', { model: 'mine', stream });
    expect(told).toMatchObject({ status: 200, complete: true });
    expect(sent().at(-1)).toEqual(['abc123', undefined]);
  });

  test.each([
    [{ models: [nova] }, 'abc123'],
    [{ models: ['theirs'] }, 'v9kpg6yrwhs2'],
    [{ models: [nova], guardrailConfig: other }, 'v9kpg6yrwhs2'],
  ])('one that a client names, %j, has %s', async (asked, id) => {
    await chat(stack, '[[throttle@haiku]] Hello', { model: 'mine', stream, ...asked });
    expect(sent().at(-1)?.[0]).toBe(id);
  });

  test('what it blocks, it blocks in a fallback', async () => {
    const told = await chat(stack, '[[throttle@haiku]] the forbidden word', { model: 'mine', stream });
    expect(told).toMatchObject({ status: 200, model: nova });
    expect(told.text).not.toContain('forbidden');
  });
});

test('also where the model of the alias is gone', async () => {
  const told = await chat(stack, 'Hello', { model: 'gone', models: [nova] });
  expect([told.status, sent()]).toEqual([200, [['abc123', undefined]]]);
});

test('alone it has all of its defaults', async () => {
  await chat(stack, 'Hello', { model: 'mine', models: [] });
  expect(sent()).toEqual([['abc123', 50]]);
});

test.each([
  ['peace', 200, ['ApplyGuardrail', 'InvokeModel']],
  // Of the two failures the alias's own is told.
  ['the forbidden word', 404, ['ApplyGuardrail']],
])('so it does for embeddings: %s', async (input, status, operations) => {
  // Of an alias whose model is gone nothing has been looked at when its fallback is tried.
  const body = { model: 'gone', input };
  expect((await stack.post('/embeddings', body)).status).toBe(status);
  const called = stack.simulator.calls.map(({ operation }) => operation);
  expect(called.filter((name) => /^(?:ApplyGuardrail|InvokeModel)$/.test(name ?? ''))).toEqual(operations);
});
