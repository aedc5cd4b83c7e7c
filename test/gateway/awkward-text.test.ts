import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haiku } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/* Text that clients send now and then, and that Bedrock takes it; `test/lambda/properties` has the whole space. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** The body of the last call that Bedrock answered. */
const sent = () => JSON.stringify(stack.simulator.calls.findLast(({ status }) => status === 200)?.body);

const call = (args: string) => ({ id: 'c1', type: 'function', function: { name: 'f', arguments: args } });
const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];

describe('half of a surrogate pair goes out as U+FFFD', () => {
  const half = 'cut \ud83d, whole \ud83d\ude00';
  const whole = 'cut \ufffd, whole \ud83d\ude00';

  test.each<[string, string, object]>([
    ['a chat', '/chat/completions', { model: haiku, messages: [{ role: 'user', content: half }] }],
    [
      'a model without system prompts',
      '/chat/completions',
      {
        model: 'mistral.mistral-7b-instruct-v0:2',
        messages: [
          { role: 'system', content: half },
          { role: 'user', content: 'Hello' },
        ],
      },
    ],
    [
      'arguments and a result, as JSON escapes it',
      '/chat/completions',
      {
        model: haiku,
        tools,
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: null, tool_calls: [call(JSON.stringify({ [half]: half }))] },
          { role: 'tool', tool_call_id: 'c1', content: half },
        ],
      },
    ],
    [
      'an output schema',
      '/chat/completions',
      {
        model: haiku,
        messages: [{ role: 'user', content: 'Hello' }],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', schema: { type: 'object', properties: { a: { const: half } } } },
        },
      },
    ],
    [
      'an imported model',
      '/chat/completions',
      { model: 'qwen2-5-coder', messages: [{ role: 'user', content: half }] },
    ],
    ['one embedding', '/embeddings', { model: 'amazon.titan-embed-text-v2:0', input: half }],
    ['several embeddings', '/embeddings', { model: 'cohere.embed-english-v3', input: ['a', half] }],
  ])('%s', async (_what, path, body) => {
    const response = await stack.post(path, body);
    expect([response.status, response.status === 200 ? '' : await response.text()]).toEqual([200, '']);
    expect(sent()).toContain(whole);
    expect(sent()).not.toContain('\\ud83d');
  });
});

test.each(['', ' \n', null, [], [{ type: 'text', text: '' }], undefined])(
  'a tool result that holds nothing, %j, is taken by every family',
  async (content) => {
    for (const model of [haiku, 'nvidia.nemotron-super-3-120b', 'us.amazon.nova-lite-v1:0']) {
      const messages = [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: null, tool_calls: [call('{}')] },
        { role: 'tool', tool_call_id: 'c1', content },
      ];
      const response = await stack.post('/chat/completions', { model, tools, messages });
      expect(response.status).toBe(200);
      expect(sent()).toContain('(no output)');
    }
  },
);

test('a call that max_tokens cut off does not end the conversation', async () => {
  const ask = { role: 'user', content: 'Look it up [[cut-arguments]]' };
  const first = await stack.openai.chat.completions
    .stream({ model: haiku, messages: [ask as { role: 'user'; content: string }], tools: tools as never })
    .finalChatCompletion();
  const [choice] = first.choices;
  expect(choice?.finish_reason).toBe('length');
  const { tool_calls: calls = [] } = choice!.message;
  const messages = [
    ask,
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: calls[0]?.id, content: 'Error: invalid arguments' },
    { role: 'user', content: 'Go on' },
  ];
  const next = await stack.post('/chat/completions', { model: haiku, tools, messages });
  expect(next.status).toBe(200);
  expect(next.headers.get('x-gateway-warnings')).toContain('no JSON object');
  expect(sent()).toContain('invalid_arguments');
});

describe('a file of text that Bedrock takes for another kind of file', () => {
  const file = (data: Buffer, filename: string) => ({
    type: 'file',
    file: { filename, file_data: `data:text/plain;base64,${data.toString('base64')}` },
  });
  const ask = (part: object) =>
    stack.post('/chat/completions', {
      model: haiku,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Read' }, part] }],
    });

  test('goes out in UTF-8', async () => {
    const response = await ask(file(Buffer.from('grGC8Q==', 'base64'), 'shift-jis.csv'));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-warnings')).toContain('became UTF-8');
    expect(sent()).toContain(Buffer.from('こん').toString('base64'));
  });

  test('goes out as text, and the next one as a file again', async () => {
    const response = await ask(file(Buffer.from('@echo off'), 'run.bat'));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-warnings')).toContain('files of text were sent as text');
    expect(sent()).toContain('<document name=');
    expect((await ask(file(Buffer.from('echo'), 'run.sh'))).headers.get('x-gateway-warnings')).toBeNull();
    expect(sent()).not.toContain('<document name=');
  });
});
