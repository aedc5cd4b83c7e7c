import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const messages = [{ role: 'user', content: 'What is six times seven?' }];
const tools = [{ name: 'send_mail', description: 'Sends', input_schema: { type: 'object' } }];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { ENABLE_OPTIMISATION: 'true' } });
});
afterAll(() => stack.close());

describe('optimisation techniques', () => {
  test('in Chat Completions: the sums, the header and the account', async () => {
    const response = await stack.post('/chat/completions', { model: `bon(n=2)-${claude}`, messages });
    const body = (await response.json()) as {
      model: string;
      usage: { prompt_tokens: number };
      optimisation: object;
    };
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-optimisation')).toBe('bon(n=2)');
    expect(body.model).toBe(claude);
    expect(body.optimisation).toMatchObject({
      technique: 'bon(n=2)',
      calls: 4,
      failed: 0,
      steps: { 'bon/sample': { calls: 2 }, 'bon/rate': { calls: 2 } },
    });
  });

  test.each([
    ['/messages', { max_tokens: 100, messages }],
    ['/responses', { input: 'What is six times seven?' }],
  ])('in %s: one answer, whole and streamed', async (path, body) => {
    const model = `re2&bon(n=2)-${claude}`;
    const whole = await stack.post(path, { model, ...body });
    expect([whole.status, whole.headers.get('x-gateway-optimisation')]).toEqual([200, 're2&bon(n=2)']);
    expect(((await whole.json()) as { model: string }).model).toBe(claude);
    const streamed = await stack.post(path, { model, stream: true, ...body });
    const text = await streamed.text();
    expect(streamed.headers.get('x-gateway-optimisation')).toBe('re2&bon(n=2)');
    expect(text).toMatch(/event: (message_stop|response\.completed)/);
    expect(text).not.toMatch(/event: error|response\.failed/);
    const branches = await stack.post(path, { model: `re2|bon-${claude}`, ...body });
    expect(branches.status).toBe(400);
    expect(await branches.text()).toMatch(/2 answers/);
  });

  test('in Messages with tools everything stands aside, and the client’s own body goes to Claude', async () => {
    const body = { model: `bon-${claude}`, max_tokens: 100, messages, tools };
    const response = await stack.post('/messages', body);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-optimisation')).toBe('none');
    expect(response.headers.get('x-gateway-warnings')).toMatch(
      /bon stands aside because tools may be called/,
    );
  });

  test.each([claude, 'openai.gpt-oss-120b-1:0'])(
    'in chats too, and the answer has what stood aside and why: %s',
    async (model) => {
      const tool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } };
      const response = await stack.post('/chat/completions', {
        model: `bon-${model}`,
        messages,
        tools: [tool],
      });
      expect([response.status, response.headers.get('x-gateway-optimisation')]).toEqual([200, 'none']);
      const { optimisation } = (await response.json()) as { optimisation: { warnings: string[] } };
      expect(optimisation.warnings).toEqual([expect.stringMatching(/bon stands aside because tools/)]);
    },
  );

  test('what is to go to Claude as it is cannot have a technique', async () => {
    const body = { model: `bon-${claude}`, max_tokens: 100, messages };
    const response = await stack.post('/messages', body, { 'x-gateway-path': 'native' });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/x-gateway-path/);
  });

  test.each([
    ['/messages/count_tokens', { messages }],
    ['/responses/input_tokens', { input: 'What is six times seven?' }],
  ])('%s counts the conversation for the model behind the technique', async (path, body) => {
    const count = async (model: string) => {
      const response = await stack.post(path, { model, ...body });
      return [response.status, ((await response.json()) as { input_tokens: number }).input_tokens];
    };
    const plain = await count(claude);
    expect(plain).toEqual([200, expect.any(Number)]);
    for (const technique of ['bon', 're2&bon(n=2)', 'none'])
      expect(await count(`${technique}-${claude}`)).toEqual(plain);
    const wrong = await stack.post(path, { model: `foo&bon-${claude}`, ...body });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('foo')]);
  });

  test('an error of selecting comes in the form of the path', async () => {
    const response = await stack.post('/messages', { model: `foo&bon-${claude}`, max_tokens: 10, messages });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});

describe('with automatic caching of prompts', () => {
  let caching: Stack;
  beforeAll(async () => {
    caching = await startStack({ env: { ENABLE_OPTIMISATION: 'true', PROMPT_CACHING: 'auto' } });
  });
  afterAll(() => caching.close());

  interface Converse {
    messages: { role: string; content: object[] }[];
    requestMetadata: Record<string, string>;
  }

  test('a wave of judges has the same beginning up to a cache point behind the last turn of the client', async () => {
    const turns = [...messages, { role: 'assistant', content: '42?' }, { role: 'user', content: 'Sure?' }];
    await caching.post('/chat/completions', { model: `bon(n=3)-${claude}`, messages: turns });
    const bodies = caching.simulator.calls.map(({ body }) => body as unknown as Converse);
    const judges = bodies.filter(
      ({ requestMetadata }) => requestMetadata?.['optimisation-step'] === 'bon/rate',
    );
    expect(judges).toHaveLength(3);
    const beginnings = judges.map((judge) => judge.messages.slice(0, turns.length));
    expect(new Set(beginnings.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(beginnings[0]?.at(-1)?.content.at(-1)).toEqual({ cachePoint: { type: 'default' } });
    // The candidate, and what is asked about it.
    for (const judge of judges) expect(judge.messages).toHaveLength(turns.length + 2);
  });
});
