import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { nova } from '../support/chat.ts';
import {
  ask,
  counters,
  dayItems,
  hold,
  modelCalls,
  settled,
  spend,
  startLimited,
  until,
} from '../support/limited.ts';
import type { Stack } from '../support/stack.ts';

interface Spent {
  usage: { completion_tokens: number };
}

const dollar = 1_000_000_000_000n;

let stack: Stack;
beforeAll(async () => {
  stack = await startLimited({
    keys: {
      free: {},
      budget: { limits: { dollarsPerDay: 0.45 } },
      month: { limits: { dollarsPerMonth: 0.45 } },
      rate: { limits: { requestsPerMinute: 60 } },
      tokens: { limits: { tokensPerMinute: 1000 } },
      once: { limits: { requestsPerMinute: 1 } },
      few: { limits: { concurrent: 2 } },
      soft: { limits: { dollarsPerDay: 5, mode: 'soft' } },
      large: { limits: { dollarsPerDay: 1000 } },
      member: { limits: { dollarsPerDay: 100, requestsPerMinute: 100, concurrent: 5 }, team: 'red' },
    },
    teams: { red: { dollarsPerDay: 0.1 } },
    prices: {
      'openai.*': {
        ...{ input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
        longContext: { inputTokensAbove: 1000, input: 100, output: 100, cacheRead: 100, cacheWrite: 100 },
      },
    },
  });
});
afterAll(() => stack.close());
afterEach(async () => {
  await settled(stack);
  stack.simulator.reset();
});

const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();

describe('a budget', () => {
  test('O01 of five at once that may come to a third of it each, three reach Bedrock', async () => {
    const release = hold(stack);
    const answers = [1, 2, 3, 4, 5].map(() => ask(stack, 'budget'));
    let refused = 0;
    for (const answer of answers) void answer.then(() => (refused += 1));
    await until(() => refused === 2 && modelCalls(stack).length === 3);
    release();
    const told = await Promise.all(answers);
    expect(statuses(told)).toEqual([200, 200, 200, 429, 429]);
    const [one] = told.filter(({ status }) => status === 429);
    expect(one?.body.error).toEqual({
      message: expect.stringMatching(
        /^Budget reached: this API key may spend \$0\.45 a day, of which \$0 is left, and this request may cost up to \$0\.15\. The budget begins anew at .*T00:00:00\.000Z/,
      ),
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      param: null,
    });
    expect(one?.headers.get('x-should-retry')).toBe('false');
    expect(Number(one?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(modelCalls(stack)).toHaveLength(3);
  });

  test('what was not spent is given back: afterwards the counters say what Bedrock has counted', async () => {
    const answers = await Promise.all([ask(stack, 'month'), ask(stack, 'month')]);
    const output = answers.reduce((sum, { body }) => sum + body.usage.completion_tokens, 0);
    await settled(stack);
    expect(BigInt(counters(stack, 'KEY#month').monthPico as string)).toBe(BigInt(output) * 600_000_000n);
    expect(counters(stack, 'KEY#month').dayPico).toBe(counters(stack, 'KEY#month').monthPico);
  });

  test('an answer says what is left', async () => {
    const { headers, body } = await ask(stack, 'budget');
    const cost = (body.usage.completion_tokens * 600) / 1e6;
    expect(Number(headers.get('x-gateway-budget-remaining-usd'))).toBeCloseTo(0.45 - cost, 12);
  });

  test('O02 a bound beyond the long-context bound is reckoned at the long row', async () => {
    const content = 'word '.repeat(2000);
    const model = 'us.openai.gpt-6-sol';
    const asked = { model, max_tokens: 300, messages: [{ role: 'user', content }] };
    const release = hold(stack, 'ConverseStream');
    const answer = ask(stack, 'large', { ...asked, stream: true });
    await until(() => modelCalls(stack).length === 1);
    const reserved = BigInt(counters(stack, 'KEY#large').dayPico as string);
    release();
    await answer;
    // At $1 the bound would be some cents; at $100 it is beyond what 3,000 tokens cost.
    expect(reserved).toBeGreaterThan(3000n * 100_000_000n);
    await settled(stack);
    expect(BigInt(counters(stack, 'KEY#large').dayPico as string)).toBeLessThan(reserved);
  });

  test('O06 what Bedrock refuses costs nothing', async () => {
    const { status } = await ask(stack, 'budget', {
      messages: [{ role: 'user', content: '[[validation]] no' }],
    });
    expect(status).toBe(400);
    await settled(stack);
    expect(counters(stack, 'KEY#budget').dayPico).toBe('0');
    // Nor does it make an item of the day under a name that a client wrote.
    expect(dayItems(stack)).toEqual([expect.objectContaining({ sk: 'budget#-', clientErrors: '1' })]);
  });

  test('O18 max_tokens is lowered to what the rest carries, and the answer says so', async () => {
    await ask(stack, 'large');
    await settled(stack);
    stack.simulator.calls.length = 0;
    // $1,000 carry 1,666,666 tokens; so take most of it away.
    const used = BigInt(counters(stack, 'KEY#large').dayPico as string);
    await spend(stack, 'KEY#large', 1000n * dollar - used - 2000n * 600_000_000n);
    const { status, headers } = await ask(stack, 'large', { max_tokens: 50_000 });
    expect(status).toBe(200);
    expect(headers.get('x-gateway-warnings')).toContain(
      'the budget carries at most 2000 output tokens of the 50000 asked for',
    );
    const [call] = modelCalls(stack);
    expect(call?.body).toMatchObject({ inferenceConfig: { maxTokens: 2000 } });
  });

  test('below what an answer needs nothing is lowered: it is refused', async () => {
    await spend(stack, 'KEY#budget', (45n * dollar) / 100n - 255n * 600_000_000n);
    const { status } = await ask(stack, 'budget', { max_tokens: 5000 });
    expect(status).toBe(429);
    expect(modelCalls(stack)).toEqual([]);
  });

  test('soft: less is reserved, nothing is lowered, and the answer says so', async () => {
    const { status, headers } = await ask(stack, 'soft', { max_tokens: 8192 });
    expect(status).toBe(200);
    expect(headers.get('x-gateway-warnings')).toContain('the budget is soft');
    expect(modelCalls(stack)[0]?.body).toMatchObject({ inferenceConfig: { maxTokens: 8192 } });
  });

  test('O17 five answers with budget for three: none is asked for', async () => {
    const { status, body } = await ask(stack, 'budget', { n: 5 });
    expect(status).toBe(429);
    expect(body.error.code).toBe('insufficient_quota');
    expect(modelCalls(stack)).toEqual([]);
    expect((await ask(stack, 'budget', { n: 3 })).status).toBe(200);
    expect(modelCalls(stack)).toHaveLength(3);
  });

  test('O17 a technique of more calls than the budget carries: none is made', async () => {
    const optimising = await startLimited({
      keys: { budget: { limits: { dollarsPerDay: 0.45 } } },
      env: { ENABLE_OPTIMISATION: 'true' },
    });
    const { status, body } = await ask(optimising, 'budget', { optimisation: 'bon(n=5)' });
    expect({ status, code: body.error?.code }).toEqual({ status: 429, code: 'insufficient_quota' });
    expect(modelCalls(optimising)).toEqual([]);
    await optimising.close();
  });

  test('O19 where the team’s is full, the key’s reservation is given back', async () => {
    const { status, body } = await ask(stack, 'member');
    expect(status).toBe(429);
    expect(body.error.message).toContain('the team red of this API key may spend $0.1 a day');
    expect(modelCalls(stack)).toEqual([]);
    const left = counters(stack, 'KEY#member');
    expect([left.dayPico, left.monthPico, left.minuteRequests, left.openSlots]).toEqual([
      '0',
      '0',
      '0',
      undefined,
    ]);
  });

  test('O13 two requests with the same id of the client’s are both charged', async () => {
    const headers = { authorization: 'Bearer sk-budget', 'x-request-id': 'the-same' };
    const body = { model: nova, max_tokens: 250, messages: [{ role: 'user', content: 'Hello' }] };
    const first = (await (await stack.post('/chat/completions', body, headers)).json()) as Spent;
    const second = (await (await stack.post('/chat/completions', body, headers)).json()) as Spent;
    await settled(stack);
    const output = first.usage.completion_tokens + second.usage.completion_tokens;
    expect(counters(stack, 'KEY#budget').dayPico).toBe(String(BigInt(output) * 600_000_000n));
  });
});

describe('rates', () => {
  test('tokens a minute: what may be used counts before, what was used after', async () => {
    const first = await ask(stack, 'tokens');
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('1000');
    const { total_tokens } = first.body.usage;
    expect(Number(first.headers.get('x-ratelimit-remaining-tokens'))).toBe(1000 - total_tokens);
    const { status, body, headers } = await ask(stack, 'tokens', { max_tokens: 2000 });
    expect(status).toBe(429);
    expect(body.error).toMatchObject({ type: 'tokens', code: 'rate_limit_exceeded' });
    expect(body.error.message).toContain('It never fits');
    expect([headers.get('retry-after'), headers.get('x-should-retry')]).toEqual([null, 'false']);
  });

  test('requests at a time: a place is free again when its request is over', async () => {
    const release = hold(stack);
    const two = [ask(stack, 'few'), ask(stack, 'few')];
    await until(() => modelCalls(stack).length === 2);
    const third = await ask(stack, 'few');
    expect(third.status).toBe(429);
    expect(third.body.error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
    release();
    expect(statuses(await Promise.all(two))).toEqual([200, 200]);
    await settled(stack);
    expect((await ask(stack, 'few')).status).toBe(200);
  });

  test('a count of tokens beyond the limit is an estimate, and no call', async () => {
    const body = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: undefined };
    const counted = await Promise.all(
      Array.from({ length: 3 }, () => ask(stack, 'once', body, '/messages/count_tokens')),
    );
    expect(statuses(counted)).toEqual([200, 200, 200]);
    const { calls } = stack.simulator;
    expect(calls.filter(({ operation }) => operation === 'CountTokens')).toHaveLength(1);
  });

  test('O21 resets are durations as Go writes them', async () => {
    const { headers } = await ask(stack, 'rate');
    expect(headers.get('x-ratelimit-reset-requests')).toMatch(/^(\d+ms|(\d+h)?(\d+m)?\d+(\.\d+)?s)$/);
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('59');
  });

  test('O22, M68 Anthropic’s API has Anthropic’s headers and errors', async () => {
    const answer = await ask(stack, 'rate', {}, '/messages');
    expect(answer.headers.get('anthropic-ratelimit-requests-limit')).toBe('60');
    expect(answer.headers.get('anthropic-ratelimit-requests-remaining')).toBe('59');
    expect(answer.headers.get('anthropic-ratelimit-requests-reset')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    );
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBeNull();
    await spend(stack, 'KEY#budget', dollar);
    const refused = await ask(stack, 'budget', {}, '/messages');
    expect(refused.status).toBe(429);
    expect(refused.body.error).toEqual({
      type: 'rate_limit_error',
      message: expect.stringContaining('Budget reached: this API key may spend $0.45 a day'),
    });
    expect(refused.headers.get('x-should-retry')).toBe('false');
  });
});

describe('every way to Bedrock is counted', () => {
  test.each([
    ['/chat/completions', { stream: true }],
    ['/messages', {}],
    ['/messages', { stream: true }],
    ['/responses', { input: 'Hello', messages: undefined, max_tokens: undefined, max_output_tokens: 250 }],
    [
      '/embeddings',
      { model: 'amazon.titan-embed-text-v2:0', input: 'Hello', messages: undefined, max_tokens: undefined },
    ],
  ])('%s %o', async (path, more) => {
    const { status } = await ask(stack, 'rate', more, path);
    expect(status).toBe(200);
    await settled(stack);
    expect(counters(stack, 'KEY#rate').minuteRequests).toBe('1');
    expect(dayItems(stack)).toEqual([
      expect.objectContaining({ pk: expect.stringMatching(/^DAY#\d{4}-\d\d-\d\d$/), requests: '1' }),
    ]);
  });

  test('O30 a request of a key without limits calls no table', async () => {
    expect((await ask(stack, 'free')).status).toBe(200);
    await settled(stack);
    expect(stack.simulator.dynamoDb.calls).toEqual([]);
  });

  test('usage by day of a key without limits is written after the answer, where the setting says so', async () => {
    const counting = await startLimited({ keys: { free: {} }, env: { USAGE_BY_DAY: 'true' } });
    const { body } = await ask(counting, 'free');
    await until(() => dayItems(counting).length === 1);
    expect(counting.simulator.dynamoDb.calls).toHaveLength(1);
    const output = BigInt(body.usage.completion_tokens);
    expect(dayItems(counting)).toEqual([
      expect.objectContaining({
        sk: 'free#anthropic.claude-haiku-4-5-20251001-v1:0',
        requests: '1',
        bedrockCalls: '1',
        outputTokens: String(output),
        inputTokens: String(body.usage.prompt_tokens),
        costPico: String(output * 600_000_000n),
      }),
    ]);
    await counting.close();
  });

  test('O12 a refusal needs no second read: the totals come with it', async () => {
    await spend(stack, 'KEY#budget', dollar);
    // The first one in its window gives an alert besides.
    await ask(stack, 'budget');
    await settled(stack);
    const { calls } = stack.simulator.dynamoDb;
    await until(() => calls.length === 2);
    calls.length = 0;
    await ask(stack, 'budget');
    expect(stack.simulator.dynamoDb.calls.map(({ operation }) => operation)).toEqual(['UpdateItem']);
  });

  test('two writes, and one of the day, for a request', async () => {
    await ask(stack, 'budget');
    await settled(stack);
    stack.simulator.dynamoDb.calls.length = 0;
    await ask(stack, 'budget');
    await settled(stack);
    const { calls } = stack.simulator.dynamoDb;
    expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
  });
});
