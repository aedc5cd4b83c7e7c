import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { haiku, nova } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import {
  ask,
  counters,
  dayItems,
  hold,
  limitedEach,
  modelCalls,
  roundPrices,
  settled,
  until,
} from '../support/limited.ts';
import { quickClock } from '../support/quick-clock.ts';

const limited = limitedEach();

const budget = { budget: { limits: { dollarsPerDay: 0.45 } } };
const rate = { rate: { limits: { requestsPerMinute: 5 } } };
const say = (content: string) => ({ messages: [{ role: 'user', content }] });
const perToken = 600_000_000n;

describe('the table does not answer', () => {
  const failures = [
    ['an error', { exception: 'InternalServerError', status: 500 }],
    ['a refusal', { exception: 'ResourceNotFoundException', status: 400 }],
    ['silence', 'silent'],
  ] as const;

  test.each(failures)('O10 %s: a key with a budget gets a 503 and calls no model', async (_, failure) => {
    const stack = await limited({ keys: budget });
    stack.simulator.dynamoDb.failing.set('UpdateItem', failure);
    const { status, headers, body } = await ask(stack, 'budget');
    expect(status).toBe(503);
    expect(body.error).toMatchObject({ code: 'limits_unavailable', type: 'server_error' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(modelCalls(stack)).toEqual([]);
  });

  test.each(failures)(
    'O11 %s: a key with rates alone goes on, and the log says so',
    async (_, failure) => {
      const stack = await limited({ keys: rate });
      stack.simulator.dynamoDb.failing.set('UpdateItem', failure);
      expect((await ask(stack, 'rate')).status).toBe(200);
      expect(modelCalls(stack)).toHaveLength(1);
      await until(() => stack.logs.some(({ message }) => message === 'limits: the table does not answer'));
      stack.simulator.dynamoDb.failing.clear();
    },
    30_000,
  );

  test.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])(
    'that it is asked too often (%s) lets nobody through uncounted: it may be this key that asks',
    async (exception) => {
      const stack = await limited({ keys: { ...budget, ...rate } });
      stack.simulator.dynamoDb.failing.set('UpdateItem', { exception, status: 400 });
      for (const key of ['budget', 'rate']) {
        const { status, headers, body } = await ask(stack, key);
        expect([status, body.error.code]).toEqual([503, 'limits_unavailable']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(modelCalls(stack)).toEqual([]);
    },
  );

  test('where the setting refuses, such a key gets a 503 too', async () => {
    const stack = await limited({ keys: rate, env: { LIMITS_WHEN_UNREACHABLE: 'refuse' } });
    stack.simulator.dynamoDb.failing.set('UpdateItem', { exception: 'InternalServerError', status: 500 });
    expect((await ask(stack, 'rate')).status).toBe(503);
    expect(modelCalls(stack)).toEqual([]);
  });

  test('a reservation that was made and not answered for is not made again, and stays', async () => {
    const stack = await limited({ keys: budget });
    stack.simulator.dynamoDb.failing.set('UpdateItem', 'done-then-silent');
    expect((await ask(stack, 'budget')).status).toBe(503);
    stack.simulator.dynamoDb.failing.clear();
    await settled(stack);
    // Nothing was there to be reserved in: the first write is the one that failed its condition.
    expect((await ask(stack, 'budget')).status).toBe(200);
    await settled(stack);
    stack.simulator.dynamoDb.failing.set('UpdateItem', 'done-then-silent');
    const before = BigInt(String(counters(stack, 'KEY#budget').dayPico));
    expect((await ask(stack, 'budget')).status).toBe(503);
    expect(BigInt(String(counters(stack, 'KEY#budget').dayPico))).toBe(before + 250n * perToken);
  });

  test('a connection that broke is tried anew: the request may count twice, never not at all', async () => {
    const stack = await limited({ keys: budget });
    await ask(stack, 'budget');
    await settled(stack);
    const before = BigInt(String(counters(stack, 'KEY#budget').dayPico));
    stack.simulator.dynamoDb.failing.set('UpdateItem', 'done-then-reset');
    const answer = ask(stack, 'budget');
    await until(() => stack.simulator.dynamoDb.calls.length > 4);
    stack.simulator.dynamoDb.failing.clear();
    expect((await answer).status).toBe(200);
    await settled(stack);
    expect(BigInt(String(counters(stack, 'KEY#budget').dayPico)) - before).toBeGreaterThan(250n * perToken);
  });

  test('a settlement that was not answered for is not made again', async () => {
    const stack = await limited({ keys: budget });
    const release = hold(stack);
    const answer = ask(stack, 'budget');
    await until(() => modelCalls(stack).length === 1);
    stack.simulator.dynamoDb.failing.set('UpdateItem', 'done-then-reset');
    release();
    const { body } = await answer;
    await settled(stack);
    const spent = BigInt(body.usage.completion_tokens) * perToken;
    expect(BigInt(String(counters(stack, 'KEY#budget').dayPico))).toBe(spent);
  });

  test('a key with limits and no table: nothing is done', async () => {
    const stack = await limited({ keys: rate, env: { LIMITS_TABLE: '' } });
    const { status, body } = await ask(stack, 'rate');
    expect(status).toBe(503);
    expect(body.error.message).toContain('gateway.limits');
    expect(modelCalls(stack)).toEqual([]);
  });
});

describe('answers that do not end well', () => {
  test('O05 a stream that is cut before it says what it used keeps its reservation', async () => {
    const stack = await limited({ keys: budget });
    await ask(stack, 'budget', { ...say('[[reset-mid-stream:3]] Hello'), stream: true });
    await settled(stack);
    expect(counters(stack, 'KEY#budget').dayPico).toBe(String(250n * perToken));
    expect(dayItems(stack)).toEqual([expect.objectContaining({ unmetered: '1', brokenStreams: '1' })]);
  });

  inProcessOnly('disconnects')('a client that leaves', () => {
    test('O04 is charged for what was written until then', async () => {
      const stack = await limited({ keys: budget });
      const controller = new AbortController();
      const body = { model: haiku, max_tokens: 250, stream: true, ...say('[[slow:30]] [[events:200]] Hi') };
      const headers = { authorization: 'Bearer sk-budget' };
      const response = await stack.post('/chat/completions', body, headers, controller.signal);
      const reader = response.body?.getReader();
      for (let i = 0; i < 10; i += 1) await reader?.read();
      controller.abort();
      await until(() => dayItems(stack).length === 1);
      await settled(stack);
      const spent = BigInt(String(counters(stack, 'KEY#budget').dayPico));
      expect(spent).toBeGreaterThan(0n);
      expect(spent).toBeLessThan(100n * perToken);
    });
  });

  test('retries cost what they used, and need no further reservation', async () => {
    const stack = await limited({
      keys: budget,
      env: { AWS_MAX_ATTEMPTS: '3' },
      gateway: { clock: quickClock() },
    });
    const { status, body } = await ask(stack, 'budget', say('[[unavailable:2]] Hello'));
    expect(status).toBe(200);
    expect(modelCalls(stack)).toHaveLength(3);
    await settled(stack);
    expect(counters(stack, 'KEY#budget').dayPico).toBe(
      String(BigInt(body.usage.completion_tokens) * perToken),
    );
  });
});

describe('prices', () => {
  test('O03 a tier that was asked for is reserved at its price, and settled at that of the one that served', async () => {
    const stack = await limited({
      keys: { tier: { limits: { dollarsPerDay: 10 } } },
      prices: { 'amazon.nova-*': { ...roundPrices, tiers: { priority: 1.75 } } },
    });
    const release = hold(stack);
    const answer = ask(stack, 'tier', { model: nova, service_tier: 'priority' });
    await until(() => modelCalls(stack).length === 1);
    expect(counters(stack, 'KEY#tier').dayPico).toBe(String((250n * perToken * 175n) / 100n));
    release();
    const { body } = await answer;
    await settled(stack);
    const { completion_tokens: output } = body.usage;
    const served = body.service_tier === 'priority' ? 175n : 100n;
    expect(counters(stack, 'KEY#tier').dayPico).toBe(String((BigInt(output) * perToken * served) / 100n));
  });

  test('O14 what has no price is not for a key with a budget, unless its record says so', async () => {
    const stack = await limited({
      keys: { ...budget, lax: { limits: { dollarsPerDay: 1, unpriced: 'allow' } } },
      env: { PRICES: '{}' },
    });
    const model = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/a1b2c3d4e5f6';
    const refused = await ask(stack, 'budget', { model });
    expect(refused.status).toBe(403);
    expect(refused.body.error).toMatchObject({ code: 'model_not_priced', param: 'model' });
    expect(modelCalls(stack)).toEqual([]);
    const served = await ask(stack, 'lax', { model });
    expect(served.status).toBe(200);
    await settled(stack);
    expect(dayItems(stack)).toEqual([expect.objectContaining({ unpriced: '1' })]);
  });

  test('O16 a fallback that is dearer than what is left is not taken, and the error says so', async () => {
    const stack = await limited({
      keys: budget,
      env: { FALLBACKS: JSON.stringify({ default: [nova] }) },
      prices: { 'amazon.nova-*': { input: 0, output: 6000 } },
    });
    const { status, body } = await ask(stack, 'budget', say('[[unavailable@haiku]] Hello'));
    expect(status).toBe(429);
    expect(body.error.message).toContain('Budget reached');
    expect(body.error.message).toContain('over_budget');
    expect(modelCalls(stack).map(({ modelId }) => modelId)).toEqual([haiku]);
  });

  test('O16 one that fits is taken, and the difference is reserved before', async () => {
    const stack = await limited({
      keys: { budget: { limits: { dollarsPerDay: 5 } } },
      env: { FALLBACKS: JSON.stringify({ default: [nova] }) },
      prices: { 'amazon.nova-*': { input: 0, output: 6000 } },
    });
    const release = hold(stack);
    const answer = ask(stack, 'budget', say('[[unavailable@haiku]] Hello'));
    await until(() => modelCalls(stack).length === 1);
    expect(counters(stack, 'KEY#budget').dayPico).toBe(String(250n * perToken));
    release();
    const { status, body } = await answer;
    expect(status).toBe(200);
    await settled(stack);
    const output = BigInt(body.usage.completion_tokens);
    expect(counters(stack, 'KEY#budget').dayPico).toBe(String(output * 10n * perToken));
  });

  test('O15 a price that changes changes nothing of what was counted', async () => {
    const options = { keys: budget };
    const first = await limited(options);
    await ask(first, 'budget');
    await settled(first);
    const before = dayItems(first)[0]?.costPico;
    const second = await limited({ ...options, prices: { '*': { input: 0, output: 60 } } });
    const table = second.simulator.dynamoDb.tables.find('gateway-limits');
    for (const item of first.simulator.dynamoDb.items('gateway-limits')) table.put(item, 'Item size');
    const { body } = await ask(second, 'budget');
    await settled(second);
    const added = (BigInt(body.usage.completion_tokens) * perToken) / 10n;
    expect(dayItems(second)[0]?.costPico).toBe(String(BigInt(String(before)) + added));
  });
});

describe('windows', () => {
  test('O07 a process that was ended keeps its reservation, until the window is over', async () => {
    const clock = quickClock();
    const stack = await limited({ keys: budget, gateway: { clock } });
    // What a process leaves behind that is ended after it has reserved.
    const release = hold(stack);
    const lost = ask(stack, 'budget', { max_tokens: 500 });
    await until(() => modelCalls(stack).length === 1);
    expect((await ask(stack, 'budget', { max_tokens: 500 })).status).toBe(429);
    expect(counters(stack, 'KEY#budget').dayPico).toBe(String(500n * perToken));
    clock.forward(86_400_000);
    stack.simulator.held.delete('Converse');
    const next = await ask(stack, 'budget');
    expect(next.status).toBe(200);
    await settled(stack);
    expect(counters(stack, 'KEY#budget').dayPico).toBe(
      String(BigInt(next.body.usage.completion_tokens) * perToken),
    );
    release();
    await lost;
  });

  test('O08 a minute that rolls between reservation and settlement leaves no negative counter', async () => {
    const clock = quickClock();
    const stack = await limited({
      keys: { key: { limits: { tokensPerMinute: 10_000 } } },
      gateway: { clock },
    });
    const release = hold(stack);
    const answer = ask(stack, 'key');
    await until(() => modelCalls(stack).length === 1);
    clock.forward(60_000);
    stack.simulator.held.delete('Converse');
    const other = await ask(stack, 'key');
    await settled(stack);
    release();
    await answer;
    await settled(stack);
    expect(counters(stack, 'KEY#key').minuteTokens).toBe(String(other.body.usage.total_tokens));
  });
});

test('O20 OpenAI’s package makes one attempt at what is out of budget', async () => {
  const stack = await limited({ keys: { budget: { limits: { dollarsPerDay: 0.01 } } } });
  let attempts = 0;
  const client = new OpenAI({
    baseURL: stack.baseUrl,
    apiKey: 'sk-budget',
    maxRetries: 5,
    fetch: (url, init) => {
      attempts += 1;
      return fetch(url, init);
    },
  });
  const asked = client.chat.completions.create({
    model: haiku,
    max_tokens: 250,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  await expect(asked).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
  expect(attempts).toBe(1);
});
