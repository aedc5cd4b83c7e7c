import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, startStack } from '../support/stack.ts';

const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const r1 = 'us.deepseek.r1-v1:0';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ gateway: { clock: quickClock() } });
});
afterAll(() => stack.close());

const ask = (model: string, more: object, content = 'Find the account of Ann') =>
  stack.post('/chat/completions', { model, messages: [{ role: 'user', content }], ...more });
const format = (schema: object) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
});
const tool = (parameters: object, name = 'find') => ({ type: 'function', function: { name, parameters } });

interface Sent {
  outputConfig?: object;
  toolConfig?: { tools: { toolSpec: { name: string; strict?: boolean } }[] };
}
const sent = () => stack.simulator.calls.at(-1)?.body as Sent;

interface Body {
  choices: { message: { content: string; tool_calls: { function: { arguments: string } }[] } }[];
  error: { message: string; param: string };
}
const bodyOf = async (response: Response) => (await response.json()) as Body;

/** Its grammar can be compiled as far as the gateway knows, and is refused for its size. */
const names = Array.from({ length: 1001 }, (_, i) => `p${i}`);
const large = {
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'boolean' }])),
  required: names,
};
const small = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

describe('a schema that turns out to be too much for the grammar', () => {
  test.each([false, true])('goes by a tool for this request alone (stream: %s)', async (stream) => {
    const response = await ask(claude, { ...format(large), stream });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-warnings')).toMatch(/too much for its grammar/);
    expect(sent().outputConfig).toBeUndefined();
    expect(sent().toolConfig?.tools[0]?.toolSpec.name).toBe('json_response');
    const text = await response.text();
    expect(text).toContain('p1000');
    const next = await ask(claude, format(small));
    expect(JSON.parse((await bodyOf(next)).choices[0]!.message.content)).toEqual({ a: expect.any(String) });
    expect(sent().outputConfig).toBeDefined();
  });

  test('a strict tool goes on without', async () => {
    const strict = tool(large);
    const response = await ask(claude, {
      tools: [{ ...strict, function: { ...strict.function, strict: true } }],
    });
    expect(response.status).toBe(200);
    expect(sent().toolConfig?.tools[0]?.toolSpec.strict).toBeUndefined();
  });
});

describe('tools that real clients bring', () => {
  test.each([false, true])('names that Claude refuses come back (stream: %s)', async (stream) => {
    const properties = {
      'filter[name]': { type: 'string' },
      $top: { type: 'integer' },
      'Account Number': { type: 'string' },
    };
    const tools = [tool({ type: 'object', properties, required: Object.keys(properties) })];
    const given = {
      model: claude,
      messages: [{ role: 'user' as const, content: 'Find the account of Ann' }],
      tools,
    };
    const runner = stack.openai.chat.completions;
    const completion = stream
      ? await runner.stream(given as never).finalChatCompletion()
      : await runner.create(given as never);
    const [call] = (completion as unknown as Body).choices[0]!.message.tool_calls;
    expect(Object.keys(JSON.parse(call!.function.arguments)).sort()).toEqual(Object.keys(properties).sort());
  });

  test('a list for an argument comes back as a list', async () => {
    const tools = [tool({ type: 'array', items: { type: 'string' } })];
    const { choices } = await bodyOf(await ask(claude, { tools }));
    const [call] = choices[0]!.message.tool_calls;
    expect(JSON.parse(call!.function.arguments)).toEqual([expect.any(String)]);
  });
});

describe('tools for a model that has none', () => {
  const tools = Array.from({ length: 36 }, (_, i) => tool(small, `tool_${i}`));
  const imported = 'custom.b2c3d4e5f6a7';

  test.each([
    ['a model without tools', r1],
    ['an imported model', imported],
  ])('%s gets none where nobody demands them', async (_what, model) => {
    for (const choice of [{}, { tool_choice: 'auto' }, { tool_choice: 'none' }]) {
      const response = await ask(model, { tools, ...choice });
      expect(response.status).toBe(200);
      expect(sent().toolConfig).toBeUndefined();
      const none = 'tool_choice' in choice && choice.tool_choice === 'none';
      expect(response.headers.get('x-gateway-warnings') ?? '').toMatch(
        none ? /^(?!.*tools)/ : /tools left out/,
      );
    }
  });

  test.each(['required', { type: 'function', function: { name: 'tool_3' } }])(
    'a call that is demanded is a 400 that names the model asked for: %j',
    async (tool_choice) => {
      for (const model of [r1, imported]) {
        const response = await ask(model, { tools, tool_choice });
        expect(response.status).toBe(400);
        const { error } = await bodyOf(response);
        expect(error.param).toBe('tool_choice');
        expect(error.message).toContain(model);
      }
    },
  );
});

describe('a list that does not say what it holds', () => {
  const parameters = {
    type: 'object',
    properties: { ids: { type: 'array' } },
    anyOf: [{ required: ['ids'] }],
  };

  test.each(['us.openai.gpt-5.6-luna', 'us.openai.gpt-5.5'])('is one of anything to %s', async (model) => {
    const chat = await ask(model, { tools: [tool(parameters)], reasoning_effort: 'high' });
    expect(chat.status).toBe(200);
    const message = await stack.post('/messages', {
      model,
      max_tokens: 1000,
      messages: [{ role: 'user', content: 'Find Ann' }],
      tools: [{ name: 'find', input_schema: parameters }],
    });
    expect(message.status).toBe(200);
    expect(JSON.stringify(sent())).toContain('"ids":{"type":"array","items":{}}');
  });

  test('a body of OpenAI’s own with one goes by Converse, where it is mended', async () => {
    const response = await stack.post('/responses', {
      model: 'us.openai.gpt-5.6-luna',
      input: 'Find Ann',
      tools: [{ type: 'function', name: 'find', parameters, strict: null }],
    });
    expect(response.status).toBe(200);
    expect(JSON.stringify(sent())).toContain('"ids":{"type":"array","items":{}}');
  });
});
