import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { usdText } from '../../lambda/prices/money.ts';
import { converseStreams, sendsConverse } from '../support/bedrock-replies.ts';
import { type StandIn, startStandIn } from '../support/bedrock-stand-in.ts';
import { chat, eventsOf, haiku, nova } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What a request cost stands in its one line in the log, or why that is not known. */

const line = (stack: Stack) =>
  stack.logs.findLast(({ message }) => message === 'request') as Record<string, unknown>;

describe('a request to the simulator', () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
    return () => stack.close();
  });
  /** By the price of Nova Lite in the United States: $0.06 and $0.24 for a million tokens. */
  const novaUsd = ({ inputTokens, outputTokens }: Record<string, unknown>) =>
    usdText(BigInt(Number(inputTokens)) * 60_000n + BigInt(Number(outputTokens)) * 240_000n);

  test.each([false, true])('costs its tokens, to the last digit (stream: %s)', async (stream) => {
    await chat(stack, 'Hello there', { model: nova, stream });
    expect(line(stack)).toMatchObject({
      costUsd: novaUsd(line(stack)),
      pricedFrom: '2026-11-20',
      scope: 'us',
      profile: nova,
      ended: 'complete',
    });
  });

  test.each([false, true])(
    'is told where a model is asked in its own API too (stream: %s)',
    async (stream) => {
      const asked = { model: 'us.openai.gpt-5.6-sol', verbosity: 'low', usage: { include: true }, stream };
      const messages = [{ role: 'user', content: 'Hello there' }];
      const response = await stack.post('/chat/completions', { ...asked, messages });
      const text = await response.text();
      const usages = text.match(/"usage":\{/g) ?? [];
      expect([response.status, usages.length]).toEqual([200, 1]);
      expect(text).toMatch(/"cost":(?:[\d.e-]+|null)/);
      expect(response.headers.get('x-gateway-warnings')).toBeNull();
    },
  );

  test('says the tier that was asked for and the one that served', async () => {
    await chat(stack, 'Hello there', { model: nova, service_tier: 'priority' });
    expect(line(stack)).toMatchObject({ tierAsked: 'priority', tierServed: 'priority' });
    // No source says what Nova Lite costs at it.
    expect(line(stack).unpriced).toBe('tier_not_priced:priority');
  });

  test('P10 by an imported model has no price by the token', async () => {
    const models = (await (await stack.get('/models?type=imported')).json()) as { data: { id: string }[] };
    expect((await chat(stack, 'Hello there', { model: models.data[0]?.id })).status).toBe(200);
    expect(line(stack)).toMatchObject({ unpriced: 'not_priced_per_token', unpricedCalls: 1 });
    expect(line(stack)).not.toHaveProperty('costUsd');
  });

  test('that fell back has its path, and the cost of all calls', async () => {
    const told = await chat(stack, '[[throttle@haiku]] Hello', { models: [nova] });
    expect(told.status).toBe(200);
    expect(line(stack)).toMatchObject({
      path: `${haiku}@us-east-1=throttled; ${nova}@us-east-1=ok`,
      costUsd: novaUsd(line(stack)),
    });
  });

  test.each([
    ['[[truncate:3]]', 'upstream_cut', 'not_metered'],
    ['[[stream-error:modelStreamErrorException]]', 'stream_error', 'not_metered'],
  ])(
    'P14 whose stream ends in %s says how it ended, and that nobody has counted',
    async (directive, ended, unpriced) => {
      await chat(stack, `${directive} Hello there`, { stream: true });
      expect(line(stack)).toMatchObject({ ended, unpriced });
    },
  );

  test('that Bedrock refuses cost nothing', async () => {
    await chat(stack, '[[throttle]] Hello there');
    expect(line(stack)).toMatchObject({ ended: 'refused', costUsd: '0' });
  });

  test('that a guardrail stopped says so', async () => {
    await chat(stack, '[[stop:guardrail_intervened]] Hello there');
    expect(line(stack).guardrailAction).toBe('intervened');
  });

  test('names the program that asked, and nothing that only looks like one', async () => {
    await chat(stack, 'Hello', {}, { 'user-agent': 'claude-cli/2.0.76 (external, cli)' });
    expect(line(stack).client).toBe('claude-cli/2.0.76');
    await chat(stack, 'Hello', {}, { 'user-agent': 'sk-proj-1234567890abcdef' });
    expect(line(stack)).not.toHaveProperty('client');
  });

  test('for embeddings costs its input', async () => {
    const input = ['one', 'two'];
    await (await stack.post('/embeddings', { model: 'amazon.titan-embed-text-v2:0', input })).text();
    expect(line(stack).costUsd).toBe(usdText(BigInt(Number(line(stack).inputTokens)) * 20_000n));
  });
});

describe('counts as Bedrock gives them', () => {
  let standIn: StandIn;
  let stack: Stack;
  beforeAll(async () => {
    standIn = await startStandIn();
  });
  beforeEach(async () => {
    stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '1' } });
    return () => stack.close();
  });
  afterAll(() => standIn.close());
  const model = 'global.anthropic.claude-sonnet-5-5';

  test('P01 are priced by kind, cache writes by their lifetime', async () => {
    const counts = {
      ...{ inputTokens: 1000, outputTokens: 500, totalTokens: 15_500 },
      ...{ cacheReadInputTokens: 9000, cacheWriteInputTokens: 5000 },
      cacheDetails: [
        { ttl: '1h', inputTokens: 1000 },
        { ttl: '5m', inputTokens: 4000 },
      ],
    };
    for (const stream of [false, true]) {
      standIn.script(sendsConverse(counts));
      expect((await chat(stack, 'Hello', { model, stream })).status).toBe(200);
      // 0.0079 and 4000 × $2.5 + 1000 × $4 for a million.
      expect(line(stack)).toMatchObject({
        costUsd: '0.0219',
        cacheWriteTokens: 5000,
        cacheWrite1hTokens: 1000,
        scope: 'global',
      });
    }
  });

  test('P14 that a stream does not give leave it unpriced, and say so', async () => {
    standIn.script(
      converseStreams([
        ['messageStart', { role: 'assistant' }],
        ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }],
        ['contentBlockStop', { contentBlockIndex: 0 }],
        ['messageStop', { stopReason: 'end_turn' }],
      ]),
    );
    await chat(stack, 'Hello', { model, stream: true });
    expect(line(stack)).toMatchObject({ unpriced: 'not_metered', unpricedCalls: 1 });
    expect(line(stack)).not.toHaveProperty('costUsd');
  });
});

describe('a client that asks what it costs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', COST_HEADER: 'true' } });
    return () => stack.close();
  });
  const imported = async () => {
    const models = (await (await stack.get('/models?type=imported')).json()) as { data: { id: string }[] };
    return models.data[0]?.id;
  };
  const ask = async (more: object) => {
    const messages = [{ role: 'user', content: 'Hello' }];
    return stack.post('/chat/completions', { model: nova, messages, ...more });
  };
  interface Answer {
    usage: { cost?: number | null; cost_unknown?: string; prompt_tokens: number };
  }

  test.each([1, 3])('by `usage` has it in the answer’s usage, for all answers (n: %i)', async (n) => {
    const { usage } = (await (await ask({ usage: { include: true }, n })).json()) as Answer;
    expect(usage.cost).toBe(Number(line(stack).costUsd));
    expect(usage.cost).toBeGreaterThan(0);
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  test.each([undefined, { include_usage: false }])(
    'has it in a stream, whose usage comes then too (stream_options: %j)',
    async (stream_options) => {
      const response = await ask({ usage: { include: true }, stream: true, stream_options });
      const text = await response.text();
      expect(text).toMatch(/\n\ndata: \[DONE\]\n\n$/);
      const chunks = eventsOf(text) as unknown as Partial<Answer>[];
      const { usage } = chunks.at(-1) ?? {};
      expect(usage?.cost).toBe(Number(line(stack).costUsd));
      expect(chunks.filter((chunk) => chunk.usage)).toHaveLength(1);
      expect(response.headers.get('x-gateway-ignored')).toBeNull();
    },
  );

  test('is told that it is not known, and why', async () => {
    const model = await imported();
    const { usage } = (await (await ask({ usage: { include: true }, model })).json()) as Answer;
    expect([usage.cost, usage.cost_unknown]).toEqual([null, 'not_priced_per_token']);
  });

  test.each([undefined, { include: false }, {}])('by anything else has it not: %j', async (usage) => {
    const answer = (await (await ask({ usage })).json()) as Answer;
    expect(answer.usage).not.toHaveProperty('cost');
  });

  test('that asks for it with nonsense is told so', async () => {
    const response = await ask({ usage: 'all' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('usage');
  });

  test.each([
    ['/chat/completions', {}],
    ['/messages', { max_tokens: 10 }],
    ['/embeddings', { model: 'amazon.titan-embed-text-v2:0', input: 'Hello' }],
  ])('has it in a header of whole answers, with COST_HEADER: %s', async (path, more) => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const response = await stack.post(path, { model: nova, messages, ...more });
    await response.text();
    expect(response.headers.get('x-gateway-cost-usd')).toBe(line(stack).costUsd);
    expect(Number(line(stack).costUsd)).toBeGreaterThan(0);
  });

  test('has no header where there is none to tell, and `unknown` where that is not known', async () => {
    expect((await ask({ stream: true })).headers.get('x-gateway-cost-usd')).toBeNull();
    expect((await ask({ model: 'no.such-model' })).headers.get('x-gateway-cost-usd')).toBeNull();
    expect((await ask({ model: await imported() })).headers.get('x-gateway-cost-usd')).toBe('unknown');
  });
});

test('without COST_HEADER no answer says what it cost', async () => {
  const stack = await startStack();
  expect((await chat(stack, 'Hello')).headers.get('x-gateway-cost-usd')).toBeNull();
  await stack.close();
});
