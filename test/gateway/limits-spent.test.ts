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
import type { Stack } from '../support/stack.ts';

/** What calls come to that do not end as they should, by whatever way they were made. */

const limited = limitedEach();

const budget = { budget: { limits: { dollarsPerDay: 0.45 } } };
const ample = { budget: { limits: { dollarsPerDay: 5 } } };
const say = (content: string) => ({ messages: [{ role: 'user', content }] });
const perToken = 600_000_000n;
const spent = (stack: Stack) => BigInt(String(counters(stack, 'KEY#budget').dayPico));
const flex = { 'amazon.nova-*': { ...roundPrices, tiers: { flex: 0.5 } } };

describe('a stream that is cut before it says what it used', () => {
  test.each(['/chat/completions', '/messages'])('keeps its reservation: %s', async (path) => {
    const stack = await limited({ keys: budget });
    await ask(
      stack,
      'budget',
      { ...say('[[reset-mid-stream:20]] [[events:200]] Hello'), stream: true },
      path,
    );
    await settled(stack);
    expect(spent(stack)).toBe(250n * perToken);
    expect(dayItems(stack)).toEqual([expect.objectContaining({ unmetered: '1', unpriced: '1' })]);
  });
});

inProcessOnly('disconnects')('a client that leaves', () => {
  async function leaveStream(stack: Stack, path: string, more: object) {
    const controller = new AbortController();
    const body = {
      model: haiku,
      max_tokens: 250,
      stream: true,
      ...say('[[slow:30]] [[events:200]] Hi'),
      ...more,
    };
    const response = await stack.post(path, body, { authorization: 'Bearer sk-budget' }, controller.signal);
    const reader = response.body?.getReader();
    for (let i = 0; i < 10; i += 1) await reader?.read();
    controller.abort();
    await until(() => dayItems(stack).length === 1);
    await settled(stack);
  }

  async function leave(stack: Stack, path: string, body: object) {
    const release = hold(stack, 'InvokeModel');
    const controller = new AbortController();
    const gone = stack
      .post(path, body, { authorization: 'Bearer sk-budget' }, controller.signal)
      .catch(() => {});
    await until(() => modelCalls(stack).length === 1);
    controller.abort();
    await gone;
    await until(() => dayItems(stack).length > 0);
    await settled(stack);
    release();
  }

  test.each(['/chat/completions', '/messages'])(
    'is charged for what was written until then: %s',
    async (path) => {
      const stack = await limited({ keys: budget });
      await leaveStream(stack, path, {});
      expect(spent(stack)).toBeGreaterThan(perToken);
      expect(spent(stack)).toBeLessThan(100n * perToken);
      expect(String(spent(stack))).toBe(dayItems(stack)[0]?.costPico);
    },
  );

  test('is charged as the usage page says where nobody says which tier has served', async () => {
    const stack = await limited({ keys: ample, prices: flex });
    await leaveStream(stack, '/chat/completions', { model: nova, service_tier: 'flex' });
    expect(String(spent(stack))).toBe(dayItems(stack)[0]?.costPico);
  });

  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const documents = Array.from({ length: 300 }, (_, i) => `d ${i}`);
  test.each<[string, string, object, bigint]>([
    ['cohere.rerank-v3-5:0', '/rerank', { query: 'which', documents }, 6_000_000_000n],
    [
      'amazon.titan-embed-image-v1',
      '/embeddings',
      { input: [{ image: `data:image/png;base64,${png}` }] },
      60_000_000n,
    ],
    ['stability.sd3-5-large-v1:0', '/images/generations', { prompt: 'a cat' }, 80_000_000_000n],
  ])('pays for what %s is billed by, and its model has it', async (model, path, body, pico) => {
    const stack = await limited({ keys: ample, env: { PRICES: '{}' } });
    await leave(stack, path, { model, ...body });
    expect(spent(stack)).toBe(pico);
    expect(dayItems(stack)).toEqual([
      expect.objectContaining({ sk: `budget#${model}`, costPico: String(pico) }),
    ]);
  });
});

describe('a key and its team', () => {
  test('a place is free again after a fallback that the team has refused', async () => {
    const stack = await limited({
      keys: { ann: { limits: { concurrent: 1 }, team: 'red' } },
      teams: { red: { dollarsPerDay: 0.45 } },
      env: { FALLBACKS: JSON.stringify({ default: [nova] }) },
      prices: { 'amazon.nova-*': { input: 0, output: 6000 } },
    });
    expect((await ask(stack, 'ann', say('[[unavailable@haiku]] Hello'))).status).toBe(429);
    await settled(stack);
    expect(counters(stack, 'KEY#ann').openSlots).toBeUndefined();
  });

  test('what the key has granted is given back where the team’s counters do not answer', async () => {
    const stack = await limited({
      keys: { ann: { limits: { dollarsPerMonth: 0.2, concurrent: 3 }, team: 'red' } },
      teams: { red: { dollarsPerDay: 100 } },
    });
    await ask(stack, 'ann');
    await settled(stack);
    const before = counters(stack, 'KEY#ann');
    const { failing } = stack.simulator.dynamoDb;
    const get = failing.get.bind(failing);
    let asked = 0;
    // The key's own write, and then three attempts at that of the team.
    failing.get = () => {
      asked += 1;
      return asked > 1 && asked < 5
        ? { exception: 'ProvisionedThroughputExceededException', status: 400 }
        : undefined;
    };
    expect((await ask(stack, 'ann')).status).toBe(503);
    await settled(stack);
    failing.get = get;
    const { monthPico, openSlots } = counters(stack, 'KEY#ann');
    expect([monthPico, openSlots]).toEqual([before.monthPico, undefined]);
  });
});

test('an image counts as one, by whatever way the model is asked', async () => {
  const stack = await limited({ keys: { rate: { limits: { tokensPerMinute: 50_000 } } } });
  const url = `data:image/png;base64,${'iVBORw0KGgo'.padEnd(400_000, 'A')}`;
  const content = [
    { type: 'text', text: 'What is it?' },
    { type: 'image_url', image_url: { url } },
  ];
  const body = { model: 'us.openai.gpt-6-sol', messages: [{ role: 'user', content }] };
  for (const more of [{}, { verbosity: 'low' }])
    expect((await ask(stack, 'rate', { ...body, ...more })).status).not.toBe(429);
});
