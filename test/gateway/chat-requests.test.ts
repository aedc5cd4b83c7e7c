import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

/* What happens on the way to Bedrock and back, end to end; the translation itself has its golden files. */

const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const ask = (content: unknown, more: object = {}) =>
  stack.post('/chat/completions', { model: claude, messages: [{ role: 'user', content }], ...more });

interface Answer {
  choices: { message: object; finish_reason: string }[];
  error: { message: string; param: string | null };
}
const bodyOf = async (response: Response) => (await response.json()) as Answer;

/** The data of each event, `[DONE]` included. */
async function events(response: Response): Promise<string[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length));
}

describe('a refusal that can be mended is mended once and remembered', () => {
  test('an image that is not what it was declared to be', async () => {
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${png}` } },
    ];
    const calls = () => stack.simulator.calls.filter(({ operation }) => operation === 'Converse').length;
    const before = calls();
    const first = await ask(content);
    expect(first.status).toBe(200);
    expect(first.headers.get('x-gateway-warnings')).toMatch(/format of a file was taken from its bytes/);
    expect(calls()).toBe(before + 2);
    const second = await ask(content);
    expect(second.status).toBe(200);
    expect(calls()).toBe(before + 3);
  });
});

describe('requests', () => {
  test('nested too deep is a 400, in the body and in arguments', async () => {
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
    const body = await stack.post('/chat/completions', `{"model":"${claude}","messages":${deep}}`);
    expect([body.status, (await bodyOf(body)).error.message]).toEqual([
      400,
      expect.stringMatching(/nested too deep/),
    ]);
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: `{"a":${deep}}` } };
    const inArguments = await stack.post('/chat/completions', {
      model: claude,
      messages: [{ role: 'assistant', tool_calls: [call] }],
    });
    expect([inArguments.status, (await bodyOf(inArguments)).error.param]).toEqual([
      400,
      'messages[0].tool_calls[0].function.arguments',
    ]);
  });

  test('web search reaches Nova 2 and its own calls stay inside', async () => {
    const response = await ask('News? [[server-tool]]', {
      model: 'us.amazon.nova-2-lite-v1:0',
      web_search_options: {},
    });
    expect(response.status).toBe(200);
    const [choice] = (await bodyOf(response)).choices;
    expect(choice?.message).not.toHaveProperty('tool_calls');
    expect(choice?.finish_reason).toBe('stop');
    expect(stack.simulator.calls.at(-1)?.body).toMatchObject({
      toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] },
    });
  });

  test('headers carry the guardrail, flags and metadata; the body wins', async () => {
    const headers = {
      'x-amzn-bedrock-guardrailidentifier': 'abc123',
      'x-amzn-bedrock-guardrailversion': '2',
      'x-amzn-bedrock-trace': 'ENABLED',
      'anthropic-beta': 'context-1m-2025-08-07, ',
      'x-bedrock-metadata': '{"team":"a"}',
    };
    const messages = [{ role: 'user', content: 'Hi' }];
    const given = await stack.post('/chat/completions', { model: claude, messages }, headers);
    expect(given.status).toBe(200);
    expect(stack.simulator.calls.at(-1)?.body).toMatchObject({
      guardrailConfig: { guardrailIdentifier: 'abc123', guardrailVersion: '2', trace: 'enabled' },
      additionalModelRequestFields: { anthropic_beta: ['context-1m-2025-08-07'] },
      requestMetadata: { team: 'a' },
    });
    const own = { guardrailConfig: { guardrailIdentifier: 'v9kpg6yrwhs2', guardrailVersion: '1' } };
    await stack.post('/chat/completions', { model: claude, messages, ...own }, headers);
    expect(stack.simulator.calls.at(-1)?.body).toMatchObject(own);
  });

  test.each(['x-bedrock-metadata', 'x-amzn-bedrock-request-metadata'])(
    'metadata in the header %s that is no object is a 400 that names it',
    async (name) => {
      const body = { model: claude, messages: [{ role: 'user', content: 'Hi' }] };
      const response = await stack.post('/chat/completions', body, { [name]: '[1]' });
      const { error } = await bodyOf(response);
      expect([response.status, error.param]).toEqual([400, name]);
      expect(error.message).toContain(name);
    },
  );

  test('a flag that Bedrock does not know costs itself alone, and is named', async () => {
    const [known, unknown] = ['interleaved-thinking-2025-05-14', 'max-tokens-3-5-sonnet-2024-07-15'];
    const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
    const body = { model, messages: [{ role: 'user', content: 'Hi' }] };
    const response = await stack.post('/chat/completions', body, { 'anthropic-beta': `${unknown},${known}` });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-ignored')).toBe(`anthropic_beta.${unknown}`);
    expect(response.headers.get('x-gateway-warnings')).toMatch(/^anthropic_beta was left out/);
    expect(stack.simulator.calls.at(-1)?.body).toMatchObject({
      additionalModelRequestFields: { anthropic_beta: [known] },
    });
  });

  const ofCustom = { type: 'custom', custom: { name: 'f' } };
  const ofFunction = { type: 'function', function: { name: 'f' } };
  test.each([
    ['function', [ofFunction, ofCustom]],
    ['custom', [ofCustom, ofFunction]],
  ])('of two tools with one name the first is called: a %s', async (type, tools) => {
    const body = {
      model: claude,
      messages: [{ role: 'user', content: 'Hi' }],
      tools,
      tool_choice: 'required',
    };
    const whole = await bodyOf(await stack.post('/chat/completions', body));
    expect(whole.choices[0]?.message).toMatchObject({ tool_calls: [{ type, [type]: { name: 'f' } }] });
    const chunks = (await events(await stack.post('/chat/completions', { ...body, stream: true }))).join();
    expect(chunks).toContain(`"type":"${type}","${type}":{"name":"f"`);
  });

  test('usage only where it was asked for: stream_options may be empty', async () => {
    const chunks = (await events(await ask('Hi', { stream: true, stream_options: {} }))).slice(0, -1);
    for (const chunk of chunks) expect(JSON.parse(chunk)).not.toHaveProperty('usage');
  });
});

describe('what a model does not take and the gateway can do', () => {
  const gptOss = 'openai.gpt-oss-20b-1:0';
  const contentOf = (chunks: string[]) =>
    chunks
      .filter((chunk) => chunk !== '[DONE]')
      .map((chunk) => JSON.parse(chunk).choices[0]?.delta?.content ?? '')
      .join('');

  test('stop, whole', async () => {
    const response = await ask('One two three', { model: gptOss, stop: [' two'] });
    expect(response.headers.get('x-gateway-warnings')).toMatch(/applies stop itself/);
    const { choices, usage } = (await bodyOf(response)) as unknown as {
      choices: { message: { content: string }; finish_reason: string }[];
      usage: { completion_tokens: number };
    };
    expect(choices[0]).toMatchObject({ message: { content: 'You said: “One' }, finish_reason: 'stop' });
    expect(usage.completion_tokens).toBeGreaterThan(10);
    expect(usage).not.toHaveProperty('estimated');
  });

  test('stop, streamed: Bedrock’s stream is left, and the count is an estimate', async () => {
    const response = await ask('[[slow:20]] One two three', {
      model: gptOss,
      stop: [' two'],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await events(response);
    expect(contentOf(chunks)).toBe('You said: “One');
    expect(chunks.at(-1)).toBe('[DONE]');
    expect(JSON.parse(chunks.at(-2)!).usage).toMatchObject({ estimated: true });
    await vi.waitFor(() => expect(stack.simulator.calls.at(-1)?.aborted).toBe(true));
    expect(JSON.parse(chunks.at(-3)!).choices[0].finish_reason).toBe('stop');
  });

  test('streaming: the answer is rendered as a stream, and that is remembered', async () => {
    const model = 'google.gemma-3-27b-it';
    const operations = () => stack.simulator.calls.map(({ operation }) => operation);
    const before = operations().length;
    const first = await ask('[[no-streaming]] Hello', { model, stream: true });
    expect(contentOf(await events(first))).toContain('Hello');
    expect(first.headers.get('x-gateway-warnings')).toMatch(/does not stream/);
    await events(await ask('Hello again', { model, stream: true }));
    expect(operations().slice(before)).toEqual(['ConverseStream', 'Converse', 'Converse']);
  });

  test('a schema on a model that cannot be forced: natively, else offered and asked for', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    for (const model of ['us.anthropic.claude-sonnet-5-5', 'us.anthropic.claude-opus-5-5']) {
      const response = await ask('Where is it?', { model, response_format });
      expect(response.status).toBe(200);
      const { choices } = (await bodyOf(response)) as unknown as {
        choices: { message: { content: string } }[];
      };
      expect(JSON.parse(choices[0]!.message.content)).toHaveProperty('city');
    }
    expect(stack.simulator.calls.at(-1)?.body).not.toHaveProperty('outputConfig');
    expect(stack.simulator.calls.at(-1)?.body).not.toHaveProperty('toolConfig.toolChoice');
  });
});
