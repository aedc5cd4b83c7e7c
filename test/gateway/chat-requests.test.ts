import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

  test('metadata in a header that is no object is a 400 that names it', async () => {
    const body = { model: claude, messages: [{ role: 'user', content: 'Hi' }] };
    const response = await stack.post('/chat/completions', body, { 'x-bedrock-metadata': '[1]' });
    expect([response.status, (await bodyOf(response)).error.param]).toEqual([400, 'x-bedrock-metadata']);
  });

  test('usage only where it was asked for: stream_options may be empty', async () => {
    const chunks = (await events(await ask('Hi', { stream: true, stream_options: {} }))).slice(0, -1);
    for (const chunk of chunks) expect(JSON.parse(chunk)).not.toHaveProperty('usage');
  });
});
