import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const weather: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const ask = (content: string): OpenAI.ChatCompletionMessageParam[] => [{ role: 'user', content }];

describe('the openai package against the gateway', () => {
  test('an answer in one piece', async () => {
    const { data, response } = await stack.openai.chat.completions
      .create({ model, messages: ask('Hello there') })
      .withResponse();
    expect(data.choices[0]?.message.content).toContain('Hello there');
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.model).toBe(model);
    expect(data.usage?.total_tokens).toBe(
      (data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0),
    );
    expect(data.usage?.completion_tokens).toBeGreaterThan(0);
    expect(response.headers.get('x-gateway-model')).toBe(model);
    expect(response.headers.get('x-request-id')).toBe(data.id.replace('chatcmpl-', ''));
  });

  test('a stream says the same, in more than one chunk', async () => {
    const whole = await stack.openai.chat.completions.create({ model, messages: ask('Hello there') });
    const stream = await stack.openai.chat.completions.create({
      model,
      messages: ask('Hello there'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.at(-1)?.usage).toEqual(whole.usage);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  for (const stream of [false, true]) {
    test(`a tool round trip, ${stream ? 'streamed' : 'in one piece'}`, async () => {
      const messages = ask('What is the weather in Paris?');
      const first = await final(stack.openai, { model, messages, tools: [weather] }, stream);
      const call = first.choices[0]?.message.tool_calls?.[0];
      if (call?.type !== 'function') throw new Error('no function was called');
      expect(first.choices[0]?.finish_reason).toBe('tool_calls');
      expect(call.function.name).toBe('get_weather');
      expect(JSON.parse(call.function.arguments)).toHaveProperty('city');
      messages.push(first.choices[0]!.message, {
        role: 'tool',
        tool_call_id: call.id,
        content: 'Sunny, 21 degrees',
      });
      const second = await final(stack.openai, { model, messages, tools: [weather] }, stream);
      expect(second.choices[0]?.message.content).toContain('Sunny, 21 degrees');
      expect(second.choices[0]?.finish_reason).toBe('stop');
    });
  }

  test('the runTools helper ends with an answer', async () => {
    const runner = stack.openai.chat.completions.runTools({
      model,
      stream: true,
      messages: ask('What is the weather in Rome?'),
      tools: [
        {
          type: 'function',
          function: {
            name: weather.function.name,
            description: 'The weather in a city',
            function: ({ city }: { city: string }) => `It rains in ${city}`,
            parse: JSON.parse,
            parameters: weather.function.parameters as object,
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('It rains');
  });

  test('thinking survives a client that sends back nothing but the id of the call', async () => {
    const messages = ask('What is the weather in Oslo?');
    const request = { model, messages, tools: [weather], reasoning_effort: 'low' as const };
    const first = await stack.openai.chat.completions.create(request);
    const call = first.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('no function was called');
    const { id, type } = call;
    messages.push(
      { role: 'assistant', content: null, tool_calls: [{ id, type, function: call.function }] },
      { role: 'tool', tool_call_id: id, content: 'Snow' },
    );
    const { data, response } = await stack.openai.chat.completions.create(request).withResponse();
    expect(data.choices[0]?.message.content).toContain('Snow');
    // Had the signed reasoning been lost, thinking would have been dropped with a warning.
    expect(response.headers.get('x-gateway-warnings') ?? '').not.toMatch(/thinking/);
  });

  test('n answers, streamed with their own index', async () => {
    const stream = await stack.openai.chat.completions.create({
      model,
      messages: ask('Hi'),
      n: 3,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts = ['', '', ''];
    const finishes: (string | null)[] = [null, null, null];
    let usage = 0;
    for await (const chunk of stream) {
      const choice = chunk.choices[0];
      if (choice) {
        texts[choice.index] += choice.delta.content ?? '';
        finishes[choice.index] ??= choice.finish_reason;
      }
      usage += chunk.usage?.completion_tokens ?? 0;
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('Hi');
    expect(finishes).toEqual(['stop', 'stop', 'stop']);
    const one = await stack.openai.chat.completions.create({ model, messages: ask('Hi') });
    expect(usage).toBe(3 * (one.usage?.completion_tokens ?? 0));
  });

  test('the list of models, and one of them', async () => {
    const ids: string[] = [];
    for await (const { id } of stack.openai.models.list()) ids.push(id);
    expect(ids).toContain(model);
    const one = await stack.openai.models.retrieve(model);
    expect(one).toMatchObject({ id: model, object: 'model' });
  });
});

async function final(
  openai: OpenAI,
  request: OpenAI.ChatCompletionCreateParamsNonStreaming,
  stream: boolean,
): Promise<OpenAI.ChatCompletion> {
  if (!stream) return openai.chat.completions.create(request);
  return openai.chat.completions.stream({ ...request, stream: true }).finalChatCompletion();
}

describe('structured output, whatever the model has for it', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
    additionalProperties: false,
  };
  for (const [how, name] of [
    ['natively', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['by a forced tool', 'amazon.nova-lite-v1:0'],
    ['by an instruction', 'us.meta.llama3-3-70b-instruct-v1:0'],
  ] as const) {
    for (const stream of [false, true]) {
      test(`${how}, ${stream ? 'streamed' : 'in one piece'}`, async () => {
        const answer = await final(
          stack.openai,
          {
            model: name,
            messages: ask('Describe somebody.'),
            response_format: { type: 'json_schema', json_schema: { name: 'person', schema, strict: true } },
          },
          stream,
        );
        const [choice] = answer.choices;
        expect(JSON.parse(choice?.message.content ?? '')).toEqual({
          name: expect.any(String),
          age: expect.any(Number),
        });
        expect(choice?.message.tool_calls ?? []).toEqual([]);
        expect(choice?.finish_reason).toBe('stop');
      });
    }
  }
});
