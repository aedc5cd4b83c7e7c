import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

/*
 * What clients send back of an answer with tool calls, and that the model takes it, in the simulator's strict
 * mode: turns alternate, every call is answered, and Claude finds its signed reasoning where it was.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    // What Converse takes back is asked for here; test/gateway/chat-on-responses.test.ts has the other way.
    env: { REQUEST_TIMEOUT_MS: '20000', ENABLE_NATIVE_OPENAI: 'false' },
    simulator: { retired: true },
  });
});
afterAll(() => stack.close());

const tools: OpenAI.ChatCompletionTool[] = ['get-weather', 'files.read', 'get_weather'].map((name) => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
}));

type Message = OpenAI.ChatCompletionMessage & Record<string, unknown>;

/** The fields that real clients keep of an assistant message, besides `role`. */
const clients: Record<string, (message: Message) => object> = {
  'all fields': (message) => message,
  'the ids of calls alone (LangChain, AI SDK)': ({ content, tool_calls }) => ({ content, tool_calls }),
  'content as an empty string (Continue)': ({ tool_calls }) => ({ content: '', tool_calls }),
  'the text of reasoning (Cline, opencode)': ({ content, tool_calls, reasoning_content }) => ({
    content,
    tool_calls,
    reasoning_content,
  }),
  'thinking blocks (LiteLLM)': ({ content, tool_calls, thinking_blocks }) => ({
    content,
    tool_calls,
    thinking_blocks,
  }),
  'reasoning details (OpenRouter)': ({ content, tool_calls, reasoning_details }) => ({
    content,
    tool_calls,
    reasoning_details,
  }),
};

const models = [
  'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.anthropic.claude-sonnet-4-6',
  'us.anthropic.claude-opus-4-8',
  'us.anthropic.claude-sonnet-5',
  'us.anthropic.claude-fable-5-1',
  'us.amazon.nova-lite-v1:0',
  'us.amazon.nova-2-lite-v1:0',
  'us.meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-2402-v1:0',
  'mistral.mistral-large-3-675b-instruct',
  'openai.gpt-oss-120b-1:0',
  'us.openai.gpt-5.6-luna',
  'us.anthropic.claude-sonnet-5-5',
  'us.moonshotai.kimi-k3.1',
  'qwen.qwen3-32b-v1:0',
  'moonshot.kimi-k2-thinking',
  'deepseek.v3.2',
  'cohere.command-r-v1:0',
  'us.writer.palmyra-x5-v1:0',
];

async function answerTo(model: string, messages: object[], stream: boolean) {
  const body = {
    model,
    messages: messages as OpenAI.ChatCompletionMessageParam[],
    tools,
    reasoning_effort: 'low' as const,
  };
  if (!stream) {
    const { data, response } = await stack.openai.chat.completions.create(body).withResponse();
    return { message: data.choices[0]?.message as Message, warnings: warningsOf(response) };
  }
  const { data, response } = await stack.openai.chat.completions
    .create({ ...body, stream: true })
    .withResponse();
  const message: Record<string, unknown> & { content: string; tool_calls: Call[] } = {
    content: '',
    tool_calls: [],
  };
  for await (const chunk of data) collect(message, chunk.choices[0]?.delta ?? {});
  return { message: { ...message, role: 'assistant' } as unknown as Message, warnings: warningsOf(response) };
}

interface Call {
  id: string;
  type: string;
  function: { name: string; arguments: string };
}

/** As clients do: text is joined, calls by their index, and of what they do not know the last is kept. */
function collect(
  message: Record<string, unknown> & { content: string; tool_calls: Call[] },
  delta: object,
): void {
  const {
    content,
    tool_calls = [],
    reasoning_content,
    ...rest
  } = delta as Record<string, string | undefined> & {
    tool_calls?: (Call & { index: number })[];
  };
  message.content += content ?? '';
  if (reasoning_content) message.reasoning_content = `${message.reasoning_content ?? ''}${reasoning_content}`;
  for (const { index, ...call } of tool_calls) {
    const known = message.tool_calls[index];
    if (known) known.function.arguments += call.function.arguments;
    else message.tool_calls[index] = call;
  }
  Object.assign(message, rest);
}

const warningsOf = (response: Response) => response.headers.get('x-gateway-warnings') ?? '';

describe.each(models)('%s', (model) => {
  describe.each([
    ['whole', false],
    ['streamed', true],
  ])('%s', (_how, stream) => {
    test.each(Object.entries(clients))('a client that sends back %s', async (_client, echo) => {
      const asked = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Look two things up. [[parallel:2]]' },
      ];
      const first = await answerTo(model, asked, stream);
      const calls = first.message.tool_calls as Call[];
      expect(calls).toHaveLength(2);
      const names = tools.map((tool) => 'function' in tool && tool.function.name);
      for (const call of calls) expect(names).toContain(call.function.name);
      const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'Found.' }));
      const second = await answerTo(
        model,
        [...asked, { ...echo(first.message), role: 'assistant' }, ...results],
        stream,
      );
      expect(second.message.content).toBeTruthy();
      expect(second.warnings, 'nothing was lost').not.toMatch(/signed reasoning/);
      const third = await answerTo(
        model,
        [
          ...asked,
          { ...echo(first.message), role: 'assistant' },
          ...results,
          { ...echo(second.message), role: 'assistant' },
          { role: 'user', content: 'Thank you.' },
        ],
        stream,
      );
      expect(third.message.content).toBeTruthy();
    });
  });
});

describe.each(models.filter((model) => /claude-(3-7|haiku|opus-4)/.test(model)))(
  '%s, to a client that',
  (model) => {
    const asked = [{ role: 'user', content: 'Look two things up. [[parallel:2]]' }];

    async function replay(change: (id: string) => string) {
      const { message } = await answerTo(model, asked, true);
      const calls = (message.tool_calls as Call[]).map((call) => ({ ...call, id: change(call.id) }));
      const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'Found.' }));
      const echoed = { role: 'assistant', content: '', tool_calls: calls };
      const second = await answerTo(model, [...asked, echoed, ...results], true);
      expect(second.message.content).toBeTruthy();
      const sent = stack.simulator.calls.at(-1)?.body as { messages: Message[] } | undefined;
      const blocks = (sent?.messages ?? []).flatMap(
        ({ content }) =>
          content as unknown as Record<string, { toolUseId?: string; reasoningText?: object }>[],
      );
      const idsOf = (kind: string) => blocks.flatMap((block) => block[kind]?.toolUseId ?? []);
      expect(idsOf('toolUse')).toEqual(idsOf('toolResult'));
      return { warnings: second.warnings, ids: idsOf('toolUse'), blocks };
    }

    test('replaces what is no letter, digit, _ or - in ids (opencode, Kilo Code)', async () => {
      const { warnings, ids, blocks } = await replay((id) => id.replace(/[^a-zA-Z0-9_-]/g, '_'));
      expect(warnings).not.toMatch(/reasoning/);
      expect(ids.join(' ')).not.toContain('call_gw1_');
      const reasoning = blocks.find((block) => 'reasoningContent' in block)?.reasoningContent;
      expect(reasoning?.reasoningText).toMatchObject({ signature: expect.any(String) });
    });

    test.each([40, 64])('cuts ids at %i characters, and is told what is lost', async (length) => {
      const { warnings, blocks } = await replay((id) => id.slice(0, length));
      expect(warnings).toMatch(/the reasoning of 1 tool call\(s\) is lost/);
      expect(blocks.some((block) => 'reasoningContent' in block)).toBe(false);
    });
  },
);
