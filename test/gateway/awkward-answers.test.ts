import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, eventsOf, haiku, nova } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/* Answers that models give now and then, and what clients are told of them, in one piece and streamed. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const tools = [
  { type: 'function', function: { name: 'look.up', parameters: { type: 'object', properties: {} } } },
];

interface Message {
  content?: string | null;
  reasoning_content?: string;
  thinking_blocks?: object[];
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}
interface Choice {
  finish_reason: string | null;
  message?: Message;
  delta?: Message;
}

/** The answer, put together where it is streamed; calls are never cut in two here. */
async function answerTo(prompt: string, stream: boolean, more: object = {}) {
  const body = { model: haiku, stream, messages: [{ role: 'user', content: prompt }], ...more };
  const raw = await (await stack.post('/chat/completions', body)).text();
  const answers = (stream ? eventsOf(raw) : [JSON.parse(raw)]) as { choices: Choice[] }[];
  const choices = answers.flatMap((answer) => answer.choices);
  const parts = choices.map(({ message, delta }) => message ?? delta ?? {});
  return {
    finish: choices.at(-1)?.finish_reason,
    content: parts.map(({ content }) => content ?? '').join(''),
    reasoning: parts.map((part) => part.reasoning_content ?? '').join(''),
    thinkingBlocks: parts.flatMap((part) => part.thinking_blocks ?? []),
    calls: parts.flatMap((part) => part.tool_calls ?? []).filter(({ id }) => id),
  };
}

describe.each([false, true])('streamed: %s', (stream) => {
  describe('a stop reason', () => {
    test.each([
      ['end_turn', 'stop'],
      ['stop_sequence', 'stop'],
      ['unknown_reason', 'stop'],
      ['max_tokens', 'length'],
      ['model_context_window_exceeded', 'length'],
      ['content_filtered', 'content_filter'],
      ['refusal', 'content_filter'],
    ])('%s is %s, with and without words', async (stopReason, finish) => {
      for (const empty of ['', '[[empty]]']) {
        const response = await stack.post('/chat/completions', {
          model: haiku,
          stream,
          messages: [{ role: 'user', content: `${empty}[[stop:${stopReason}]] Hello there` }],
        });
        expect(await response.text()).toContain(`"finish_reason":"${finish}"`);
      }
    });

    test.each(['malformed_model_output', 'malformed_tool_use', 'malformed_something_new'])(
      '%s is never a success',
      async (stopReason) => {
        for (const empty of ['', '[[empty]]']) {
          const told = await chat(stack, `${empty}[[stop:${stopReason}]] Hello there`, { stream });
          expect(told.error).toMatchObject({ type: 'server_error', code: stopReason });
          expect(told.error?.message).toContain('could not be read');
          expect(told.complete).toBe(false);
          if (!stream) expect(told.status).toBe(502);
        }
      },
    );
  });

  test.each([
    ['moonshotai.kimi-k2.5', '[[kimi-leak]]'],
    ['moonshotai.kimi-k2.5', '[[kimi-leak:reasoning]]'],
    ['deepseek.v3.2', '[[deepseek-leak]]'],
    ['deepseek.v3.2', '[[deepseek-leak:reasoning]]'],
    ['openai.gpt-oss-120b-1:0', '[[channel-token]]'],
  ])('%s: the call of %s is one', async (model, prompt) => {
    const { finish, content, reasoning, calls } = await answerTo(prompt, stream, { model, tools });
    expect(finish).toBe('tool_calls');
    expect(calls).toMatchObject([{ function: { name: 'look.up' } }]);
    expect(content + reasoning).toBe(prompt.includes('leak') ? 'I look it up.' : '');
    if (prompt.includes('reasoning')) expect(content).toBe('');
  });

  test('encrypted reasoning is the same in however many pieces it comes', async () => {
    const data = Buffer.from('redacted by the simulator').toString('base64');
    for (const pieces of ['', '[[pieces]]', '[[pieces:3]]', '[[pieces:25]]']) {
      const { thinkingBlocks } = await answerTo(`[[redacted]] ${pieces} Hello`, stream);
      expect(thinkingBlocks).toEqual([{ type: 'redacted_thinking', data }]);
    }
  });

  test.each([
    [undefined, ['reasoning', 'reasoning_content']],
    ['both', ['reasoning', 'reasoning_content']],
    ['reasoning', ['reasoning']],
    ['reasoning_content', ['reasoning_content']],
  ])('reasoning stands where the client reads it: %s', async (fields, members) => {
    const headers: Record<string, string> = fields ? { 'x-gateway-reasoning-fields': fields } : {};
    const response = await stack.post(
      '/chat/completions',
      { model: haiku, stream, messages: [{ role: 'user', content: '[[reason]] Hello' }] },
      headers,
    );
    const raw = await response.text();
    const told = ['reasoning', 'reasoning_content'].filter((member) => raw.includes(`"${member}":"The`));
    expect(told).toEqual(members);
    expect(raw).toContain('"signature":"Sim1');
  });
});

test('a call that carries reasoning in pieces can be answered, by its id alone', async () => {
  const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const thinking = { type: 'enabled', budget_tokens: 2000 };
  const ask = { role: 'user' as const, content: 'Look it up [[pieces:4]]' };
  const { calls } = await answerTo(ask.content, true, { model, tools, thinking });
  const { id } = calls[0]!;
  const call = { id, type: 'function', function: { name: 'look.up', arguments: '{}' } };
  const messages = [
    ask,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: id, content: 'done' },
  ];
  // Claude's signature is checked: one that was not put together as it was is refused.
  const next = await stack.post('/chat/completions', { model, tools, thinking, messages });
  expect([next.status, next.headers.get('x-gateway-warnings')]).toEqual([200, null]);
});

test('a field for reasoning that is none is a 400 that names the header', async () => {
  const body = { model: haiku, messages: [{ role: 'user', content: 'Hello' }] };
  const response = await stack.post('/chat/completions', body, { 'x-gateway-reasoning-fields': 'thoughts' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: 'x-gateway-reasoning-fields' } });
});

test('the setting decides for clients that do not say', async () => {
  const own = await startStack({ env: { REASONING_FIELDS: 'reasoning_content' } });
  try {
    const messages = [{ role: 'user', content: '[[reason]] Hello' }];
    const answer = await own.post('/chat/completions', { model: haiku, messages });
    const [choice] = ((await answer.json()) as { choices: { message: object }[] }).choices;
    expect(choice?.message).toHaveProperty('reasoning_content');
    expect(choice?.message).not.toHaveProperty('reasoning');
  } finally {
    await own.close();
  }
});

test('after a malformed answer another model is asked, and the same one is not', async () => {
  const prompt = '[[stop:malformed_tool_use@haiku]] Hello there';
  const told = await chat(stack, prompt, { fallbacks: [nova] });
  expect(told.attempts).toEqual([`${haiku}@us-east-1=model_error`, `${nova}@us-east-1=ok`]);
});

test.each(['', '[[batch]]', '[[split]]'])(
  'a stream tells all that came before it proved malformed: %s',
  async (pace) => {
    const told = await chat(stack, `${pace}[[stop:malformed_model_output]] Hello there`, { stream: true });
    expect(told.text).toMatch(/Hello there.*claude-haiku-4-5-20251001-v1:0\.$/);
    expect(told.error).toMatchObject({ code: 'malformed_model_output' });
  },
);

test.each([
  'us.anthropic.claude-sonnet-4-\ud800',
  'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a\ud800',
])('half of a surrogate pair in a model’s name, %j, is no failure of the gateway', async (model) => {
  const response = await stack.post('/chat/completions', {
    model,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect([400, 404]).toContain(response.status);
});

test('a doubled slash is served with the key, and without it is not', async () => {
  const body = JSON.stringify({ model: haiku, messages: [{ role: 'user', content: 'Hello' }] });
  const url = `${stack.baseUrl}//chat/completions/`;
  const headers = { 'content-type': 'application/json' };
  const authorization = `Bearer ${stack.apiKey}`;
  expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(401);
  expect((await fetch(url, { method: 'POST', body, headers: { ...headers, authorization } })).status).toBe(
    200,
  );
});
