import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  startScriptedRuntime,
  upstreamEvents,
  upstreamReasoning,
  upstreamResponse,
} from '../support/scripted-runtime.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Chats with GPT that have tools to call while it thinks are had in OpenAI's Responses. */

const model = 'global.openai.gpt-5.6-sol';
const tools = [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object', properties: { path: { type: 'string' } } } } }]; // biome-ignore format: one line
const messages = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: 'Hi' },
];

let runtime: Awaited<ReturnType<typeof startScriptedRuntime>>;
let stack: Stack;
beforeAll(async () => {
  runtime = await startScriptedRuntime();
  stack = await startStack({ runtimeUrl: runtime.url });
});
afterAll(async () => {
  await stack.close();
  await runtime.close();
});
beforeEach(() => runtime.script());
const paths = () => runtime.calls.map(({ path }) => path);

describe('a chat with tools and reasoning', () => {
  test('N02 goes out as a response and comes back as a chat', async () => {
    runtime.script({ status: 200, json: upstreamResponse() });
    const answer = await stack.openai.chat.completions.create({
      model,
      messages,
      tools,
      reasoning_effort: 'high',
    });
    expect(runtime.calls[0]?.body).toEqual({
      model,
      stream: false,
      store: false,
      max_output_tokens: 64_000,
      instructions: 'Be brief.',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
      tools: [{ type: 'function', name: 'look', parameters: tools[0]?.function.parameters, strict: false }],
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'high' },
    });
    const [choice] = answer.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message).toMatchObject({ content: 'Hello — wörld', reasoning_content: 'Look first.' });
    expect(choice?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'look', arguments: '{"path":"a"}' },
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 });
    expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(60);
  });

  test('and streamed', async () => {
    runtime.script({ sse: upstreamEvents() });
    const stream = stack.openai.chat.completions.stream({ model, messages, tools, reasoning_effort: 'high' });
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0] ?? {};
    expect([message?.content, finish_reason]).toEqual(['Hello — wörld', 'tool_calls']);
    expect(message?.tool_calls?.[0]).toMatchObject({ function: { name: 'look', arguments: '{"path":"a"}' } });
  });

  test.each(['whole', 'streamed'])('what it thought comes back by the id of its call (%s)', async (form) => {
    const stream = form === 'streamed';
    runtime.script(stream ? { sse: upstreamEvents() } : { status: 200, json: upstreamResponse() }, { status: 200, json: upstreamResponse() }); // biome-ignore format: one line
    const asked = { model, messages, tools, reasoning_effort: 'high' as const };
    const first = stream
      ? await stack.openai.chat.completions.stream(asked).finalChatCompletion()
      : await stack.openai.chat.completions.create(asked);
    const [call] = first.choices[0]?.message.tool_calls ?? [];
    const said = { role: 'assistant' as const, content: 'Hello — wörld', tool_calls: call && [call] };
    const result = { role: 'tool' as const, tool_call_id: call?.id ?? '', content: 'b' };
    await stack.openai.chat.completions.create({ ...asked, messages: [...messages, said as never, result] });
    const { summary, encrypted_content } = upstreamReasoning;
    expect(runtime.calls[1]?.body.input).toEqual([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'reasoning', summary, encrypted_content },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello — wörld' }] },
      { type: 'function_call', call_id: 'call_0a1b2c3d4e5f6071', name: 'look', arguments: '{"path":"a"}' },
      {
        type: 'function_call_output',
        call_id: 'call_0a1b2c3d4e5f6071',
        output: [{ type: 'input_text', text: 'b' }],
      },
    ]);

    // Another model, and GPT by Converse, cannot read it.
    for (const other of [
      { model: 'global.anthropic.claude-sonnet-5-5' },
      { requestMetadata: { team: 'a' } },
    ]) {
      runtime.script();
      await stack.post('/chat/completions', { ...asked, ...other, messages: [...messages, said, result] });
      expect(paths()).toEqual(['converse']);
      expect(JSON.stringify(runtime.calls[0]?.body)).not.toMatch(/gAAAA|reasoningContent/);
    }
  });

  test('fails as one that is streamed fails', async () => {
    runtime.script({ sse: upstreamEvents().slice(0, -1) });
    const response = await stack.post('/chat/completions', { model, messages, tools, stream: true });
    const text = await response.text();
    expect(text).toContain('"error"');
    expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/);
  });

  test('a closed path is learned, and Converse answers', async () => {
    const own = await startStack({ runtimeUrl: runtime.url });
    const message = 'User: arn:aws:sts::123456789012:assumed-role/g/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:123456789012:project/default'; // biome-ignore format: one line
    runtime.script({
      status: 403,
      json: { message },
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    });
    for (const content of ['One question', 'Two questions'])
      expect((await own.post('/chat/completions', { model, messages: [{ role: 'user', content }], tools })).status).toBe(200); // biome-ignore format: one line
    expect(paths()).toEqual(['responses', 'converse', 'converse']);
    await own.close();
  });
});

describe('other chats go by Converse', () => {
  test.each<[string, object]>([
    ['without tools', { tools: undefined, reasoning_effort: 'high' }],
    ['without reasoning', { reasoning_effort: 'none' }],
    ['with a guardrail', { guardrailConfig: { guardrailIdentifier: 'gr123456', guardrailVersion: '1' } }],
    ['with metadata', { metadata: { team: 'a' } }],
    ['with a tier', { service_tier: 'flex' }],
    ['with fields of the model', { additionalModelRequestFields: { a: 1 } }],
    [
      'with what was thought on Converse',
      {
        messages: [
          ...messages,
          {
            role: 'assistant',
            content: 'Hm.',
            thinking_blocks: [{ type: 'redacted_thinking', data: 'RU5D' }],
          },
          { role: 'user', content: 'And?' },
        ],
      },
    ],
    ['with Kimi', { model: 'global.moonshotai.kimi-k3' }],
    ['with gpt-oss', { model: 'openai.gpt-oss-120b-1:0' }],
  ])('%s', async (_, more) => {
    for (const stream of [false, true]) {
      runtime.script();
      await stack.post('/chat/completions', { model, messages, tools, stream, ...more });
      expect(paths()).toEqual(['converse']);
    }
  });
});
