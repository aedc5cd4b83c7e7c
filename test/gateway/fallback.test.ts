import { afterEach, describe, expect, test } from 'vitest';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { keysFile } from '../support/keys-file.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, type StackOptions, startStack } from '../support/stack.ts';

const opus = 'us.anthropic.claude-opus-4-5-20251101-v1:0';
const micro = 'us.amazon.nova-micro-v1:0';

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

const fallbacks = (settings: object) => ({ FALLBACKS: JSON.stringify(settings) });
const called = (stack: Stack) => runtimeCalls(stack).map(({ modelId }) => modelId);

describe('which models are tried', () => {
  for (const stream of [false, true]) {
    test(`the default chain, ${stream ? 'streamed' : 'in one piece'}`, async () => {
      const stack = await stackWith(fallbacks({ default: [opus, nova] }));
      const told = await chat(stack, '[[throttle@claude]] Good morning', { stream });
      expect(told).toMatchObject({ status: 200, complete: true, model: nova });
      expect(told.text).toContain('Good morning');
      expect(told.headers.get('x-gateway-model')).toBe(nova);
      expect(told.attempts).toEqual([
        `${haiku}@us-east-1=throttled`,
        `${opus}@us-east-1=throttled`,
        `${nova}@us-east-1=ok`,
      ]);
      expect(called(stack)).toEqual([haiku, opus, nova]);
      expect(stack.logs.at(-1)).toMatchObject({
        modelAsked: haiku,
        modelUsed: nova,
        attempts: 3,
        status: 200,
      });
    });
  }

  test('the chain of a model, or of an alias', async () => {
    const stack = await stackWith({
      MODEL_ALIASES: JSON.stringify({ quick: haiku, cheap: nova }),
      ...fallbacks({ default: [opus], models: { quick: ['cheap'], [opus]: [] } }),
    });
    const alias = await chat(stack, '[[unavailable@haiku]] Hello there', { model: 'quick' });
    expect(alias).toMatchObject({ status: 200, model: 'cheap' });
    expect(alias.headers.get('x-gateway-model')).toMatch(/nova-lite/);
    const alone = await chat(stack, '[[unavailable]] Hello there', { model: opus });
    expect(alone).toMatchObject({ status: 503, error: { code: 'overloaded' } });
  });

  test.each(['models', 'fallbacks'])('the request’s own `%s` before those of the settings', async (name) => {
    const stack = await stackWith(fallbacks({ default: [opus] }));
    const told = await chat(stack, '[[model-error@haiku]] Hello there', { [name]: [nova] });
    expect(told).toMatchObject({ status: 200, model: nova });
    const none = await chat(stack, '[[model-error@haiku]] Hello again', { [name]: [] });
    expect(none).toMatchObject({ status: 502, error: { code: 'model_error' } });
  });

  test.each([
    ['not-found', 'model_not_found'],
    ['access-denied', 'access_denied'],
    ['end-of-life', 'end_of_life'],
    ['throttle', 'throttled'],
    ['throttle-daily', 'quota_exceeded'],
    ['unavailable', 'overloaded'],
    ['internal', 'overloaded'],
    ['timeout', 'timeout'],
    ['model-error', 'model_error'],
    ['not-ready', 'not_ready'],
    ['reset', 'connection'],
    ['error-200', 'connection'],
    ['stream-error:modelStreamErrorException:0', 'model_error'],
  ])('[[%s]] leaves a model', async (directive, reason) => {
    const stack = await stackWith();
    for (const stream of [false, true]) {
      const told = await chat(stack, `[[${directive}@haiku]] Hello there`, { stream, models: [nova] });
      expect(told).toMatchObject({ status: 200, complete: true, model: nova });
      expect(told.attempts[0]).toBe(
        `${haiku}@us-east-1=${stream && cools(directive) ? 'cooling_down' : reason}`,
      );
    }
  });

  test.each(['validation', 'expired-token'])('[[%s]] leaves none', async (directive) => {
    const stack = await stackWith();
    const told = await chat(stack, `[[${directive}]] Hello there`, { models: [nova] });
    expect(told.status).toBe(directive === 'validation' ? 400 : 500);
    expect(called(stack)).toEqual([haiku]);
  });

  test('a model that the account has not', async () => {
    const stack = await stackWith();
    const told = await chat(stack, 'Hello there', { model: 'gpt-9', models: [nova] });
    expect(told).toMatchObject({ status: 200, model: nova });
    expect(told.attempts).toEqual(['gpt-9@us-east-1=model_not_found', `${nova}@us-east-1=ok`]);
  });

  test('never once a byte has gone out', async () => {
    const stack = await stackWith(fallbacks({ default: [nova] }));
    const told = await chat(stack, '[[stream-error:throttlingException:3]] Hello there', { stream: true });
    expect(told).toMatchObject({ status: 200, complete: false, error: { code: 'rate_limit_exceeded' } });
    expect(called(stack)).toEqual([haiku]);
    expect(stack.logs.at(-1)).toMatchObject({ status: 200, errorReason: 'throttled', modelUsed: haiku });
  });
});

/** What a model is left alone for, for a while: nothing that a request may have brought upon itself. */
const cools = (directive: string) =>
  !/^(not-found|internal|timeout|model-error|reset|error-200|stream-error)/.test(directive);

describe('what the answer makes of it', () => {
  test('when all fail the most useful error names the steps', async () => {
    const stack = await stackWith();
    const told = await chat(stack, '[[access-denied@haiku]] [[throttle@nova]] Hello there', {
      models: [nova],
    });
    expect(told).toMatchObject({ status: 429, error: { code: 'rate_limit_exceeded' } });
    expect(told.headers.get('retry-after')).toBe('5');
    expect(told.error?.message).toContain(
      `${haiku} in us-east-1: access_denied; ${nova} in us-east-1: throttled`,
    );
    expect(stack.logs.at(-1)).toMatchObject({ attempts: 2, errorReason: 'throttled' });
  });

  test('a conversation that is too long goes to a larger window only', async () => {
    const stack = await stackWith();
    const prompt = '[[context-overflow@haiku]] Hello there';
    const told = await chat(stack, prompt, { models: [micro, 'us.meta.llama4-scout-17b-instruct-v1:0'] });
    expect(told.status).toBe(200);
    expect(called(stack)).toEqual([haiku, 'us.meta.llama4-scout-17b-instruct-v1:0']);
    const off = await stackWith(fallbacks({ default: [nova], onContextOverflow: false }));
    expect(await chat(off, prompt)).toMatchObject({
      status: 400,
      error: { code: 'context_length_exceeded' },
    });
  });

  test('one that is too long for all of them is told in the words that clients shorten it by', async () => {
    const stack = await stackWith(fallbacks({ default: ['us.meta.llama4-scout-17b-instruct-v1:0'] }));
    const messages = [{ role: 'user', content: '[[context-overflow]] Hello there' }];
    const told = await stack.post('/messages', { model: haiku, max_tokens: 20, messages });
    expect(told.status).toBe(400);
    expect(called(stack)).toHaveLength(2);
    expect(await told.json()).toMatchObject({
      error: { message: expect.stringMatching(/^prompt is too long/) },
    });
  });

  test('a filtered answer goes to another model if the setting says so, and is kept if none does better', async () => {
    const stack = await stackWith(fallbacks({ default: [nova], onContentFilter: true }));
    const told = await chat(stack, '[[stop:content_filtered@haiku]] Hello there');
    expect(told.attempts).toEqual([`${haiku}@us-east-1=content_filter`, `${nova}@us-east-1=ok`]);
    const kept = await chat(stack, '[[stop:content_filtered@haiku]] [[throttle@nova]] Hello there');
    expect(kept).toMatchObject({ status: 200, model: haiku });
    const off = await stackWith(fallbacks({ default: [nova] }));
    expect((await chat(off, '[[stop:content_filtered]] Hello there')).model).toBe(haiku);
  });

  test('a filtered answer is better than the deadline of the step after it', async () => {
    const stack = await stackWith({
      AWS_MAX_ATTEMPTS: '1',
      REQUEST_TIMEOUT_SECONDS: '2',
      FALLBACKS: JSON.stringify({ default: [nova], onContentFilter: true }),
    });
    const told = await chat(stack, '[[stop:content_filtered@haiku]] [[stall@nova]] Hello');
    expect(told).toMatchObject({ status: 200, model: haiku });
  });

  test('a model that has just failed is passed over, and forgiven after a while', async () => {
    const clock = quickClock();
    const stack = await stackWith(fallbacks({ default: [nova] }), { gateway: { clock } });
    await chat(stack, '[[throttle@haiku]] Hello there');
    const second = await chat(stack, 'Hello there');
    expect(second.attempts).toEqual([`${haiku}@us-east-1=cooling_down`, `${nova}@us-east-1=ok`]);
    expect(called(stack)).toEqual([haiku, nova, nova]);
    clock.forward(5001);
    expect((await chat(stack, 'Hello there')).model).toBe(haiku);
    // Alone it is not passed over: there is nowhere else to go.
    await chat(stack, '[[throttle@haiku]] Hello once more');
    expect((await chat(stack, 'Hello there', { models: [] })).model).toBe(haiku);
  });
});

test('a model that has just failed is asked after all where its fallback cannot take the request', async () => {
  const stack = await stackWith(fallbacks({ default: [nova] }), { gateway: { clock: quickClock() } });
  await chat(stack, '[[throttle@haiku]] Hello there');
  const computer = {
    model: haiku,
    max_tokens: 100,
    tools: [{ type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 }],
    messages: [{ role: 'user', content: 'Hello there' }],
  };
  const told = await stack.post('/messages', computer);
  expect(told.status).toBe(200);
  expect(told.headers.get('x-gateway-attempts')?.split('; ')).toEqual([
    `${haiku}@us-east-1=cooling_down`,
    `${nova}@us-east-1=unsupported`,
    `${haiku}@us-east-1=ok`,
  ]);
  // Were the smaller window of the fallback the answer, clients would cut their conversation for it.
  await chat(stack, '[[throttle@haiku]] Hello once more');
  expect(await chat(stack, '[[context-overflow@nova]] Hello there')).toMatchObject({
    status: 200,
    model: haiku,
  });
});

describe('regions', () => {
  const regions = { GATEWAY_REGIONS: 'us-east-1,us-west-2,eu-west-1' };
  const where = (stack: Stack) => runtimeCalls(stack).map(({ region }) => region);

  test('the same model in the next region, signed for it', async () => {
    const stack = await stackWith(regions);
    const told = await chat(stack, '[[throttle@us-east-1/]] Hello there', { model: 'amazon.nova-lite-v1:0' });
    expect(told.status).toBe(200);
    expect(where(stack)).toEqual(['us-east-1', 'us-west-2']);
    expect(told.attempts).toEqual([
      'amazon.nova-lite-v1:0@us-east-1=throttled',
      'amazon.nova-lite-v1:0@us-west-2=ok',
    ]);
    expect(stack.logs.at(-1)).toMatchObject({ region: 'us-west-2' });
  });

  test.each([
    ['global', ['us-east-1', 'us-west-2', 'eu-west-1']],
    ['geography', ['us-east-1', 'us-west-2']],
    ['region', ['us-east-1']],
  ])('as far as RESIDENCY %s lets a request travel', async (RESIDENCY, expected) => {
    const stack = await stackWith({ ...regions, RESIDENCY });
    expect(
      (await chat(stack, '[[unavailable]] Hi all', { model: 'mistral.mistral-7b-instruct-v0:2' })).status,
    ).toBe(503);
    expect(where(stack)).toEqual(expected);
  });

  test('not for what another region would refuse as well, nor for a profile that it has not', async () => {
    const stack = await stackWith(regions);
    await chat(stack, '[[access-denied]] Hello there');
    expect(where(stack)).toEqual(['us-east-1']);
    stack.simulator.reset();
    await chat(stack, '[[throttle]] Hello there');
    expect(where(stack)).toEqual(['us-east-1', 'us-west-2']);
  });

  test('a step may name its region', async () => {
    const stack = await stackWith(regions);
    const told = await chat(stack, '[[throttle@us-]] Hello there', {
      models: [`custom:eu-west-1:amazon.nova-lite-v1:0`],
    });
    expect(told.status).toBe(200);
    expect(where(stack)).toEqual(['us-east-1', 'us-west-2', 'eu-west-1']);
    expect(told.attempts.at(-1)).toBe('custom:eu-west-1:amazon.nova-lite-v1:0@eu-west-1=ok');
  });

  test('with another region to go to, a throttled one is not waited for', async () => {
    const clock = quickClock();
    const stack = await stackWith({ ...regions, AWS_MAX_ATTEMPTS: '3' }, { gateway: { clock } });
    await chat(stack, '[[throttle@us-east-1/]] Hello there', { model: 'amazon.nova-lite-v1:0' });
    expect(clock.waits).toEqual([]);
    expect(where(stack)).toEqual(['us-east-1', 'us-west-2']);
  });
});

describe('a key’s scope', () => {
  test('bounds the fallbacks of a request, by the names of clients or of Bedrock, and says so', async () => {
    const file = await keysFile([
      { name: 'scoped', key: 'sk-scoped-key', models: ['*haiku*', '*nova-lite*'] },
    ]);
    const stack = await stackWith({
      API_KEY_FILE: file,
      MODEL_ALIASES: JSON.stringify({ cheap: nova }),
    });
    const key = { authorization: 'Bearer sk-scoped-key' };
    const told = await chat(stack, '[[throttle@haiku]] Hello there', { models: [opus, 'cheap'] }, key);
    expect(told).toMatchObject({ status: 200, model: 'cheap' });
    expect(told.headers.get('x-gateway-warnings')).toContain(`the key may not fall back to ${opus}`);
    expect(called(stack)).toEqual([haiku, nova]);
  });

  test('bounds those of the settings silently', async () => {
    const file = await keysFile([{ name: 'scoped', key: 'sk-scoped-key', models: ['*haiku*'] }]);
    const stack = await stackWith({ API_KEY_FILE: file, ...fallbacks({ default: [nova] }) });
    const told = await chat(stack, '[[throttle]] Hello there', {}, { authorization: 'Bearer sk-scoped-key' });
    expect(told.status).toBe(429);
    expect(told.headers.get('x-gateway-warnings')).toBeNull();
    expect(called(stack)).toEqual([haiku]);
  });
});
