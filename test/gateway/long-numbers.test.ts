import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeBedrock, readBody } from '../lambda/backends/fake-bedrock.ts';
import { haiku as claude, nova } from '../support/chat.ts';
import { type Stack, startStack } from '../support/stack.ts';

/* Ids of messages, channels and orders are whole numbers beyond 2^53, which JavaScript's numbers cannot hold. */

const numbers = ['9007199254740993', '-1234567890123456789', '123456789012345678901234567890'];
const input = `{"id":${numbers[0]},"in":{"list":[${numbers.slice(1).join(',')},1.5,12]},"name":"n"}`;
const converse = `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"look_up","input":${input}}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`;
const message = `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"t1","name":"look_up","input":${input}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}`;

let runtime: Awaited<ReturnType<typeof fakeBedrock>>;
let stack: Stack;
/** What the runtime was sent last, as it stood. */
let sent = '';

beforeAll(async () => {
  runtime = await fakeBedrock(async (request, response) => {
    sent = await readBody(request);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(request.url?.endsWith('/invoke') ? message : converse);
  });
  stack = await startStack({ runtimeUrl: runtime.url });
});
afterAll(async () => {
  await stack.close();
  await runtime.close();
});

/** The text, with JSON inside its strings as it stands in them. */
const plain = (text: string) => text.replaceAll('\\', '');
const parameters = { type: 'object', properties: { id: { type: 'integer' } } };
const messages = [{ role: 'user', content: 'Hi' }];
const tools = [{ name: 'look_up', input_schema: parameters }];

describe('a call of a tool', () => {
  test.each([
    [
      '/chat/completions',
      nova,
      { messages, tools: [{ type: 'function', function: { name: 'look_up', parameters } }] },
    ],
    ['/responses', nova, { input: 'Hi', tools: [{ type: 'function', name: 'look_up', parameters }] }],
    ['/messages', nova, { messages, tools, max_tokens: 9 }],
    ['/messages', claude, { messages, tools, max_tokens: 9 }],
  ])('has every digit that the model wrote: %s %s', async (path, model, body) => {
    const answer = await stack.post(path, { ...body, model });
    expect(answer.status).toBe(200);
    expect(plain(await answer.text())).toContain(input);
  });
});

describe('a call in a history', () => {
  const called = { id: 't1', type: 'function', function: { name: 'look_up', arguments: input } };
  test.each([
    [
      '/chat/completions',
      {
        messages: [
          ...messages,
          { role: 'assistant', tool_calls: [called] },
          { role: 'tool', tool_call_id: 't1', content: '1' },
        ],
      },
    ],
    [
      '/responses',
      {
        input: [
          ...messages,
          { type: 'function_call', call_id: 't1', name: 'look_up', arguments: input },
          { type: 'function_call_output', call_id: 't1', output: '1' },
        ],
      },
    ],
  ])('is sent with every digit: %s', async (path, body) => {
    expect((await stack.post(path, { ...body, model: nova })).status).toBe(200);
    expect(sent).toContain(`"input":${input}`);
  });

  test('where its members have other names for the model', async () => {
    const properties = { 'the id': { type: 'integer' } };
    const tool = {
      type: 'function',
      function: { name: 'look_up', parameters: { type: 'object', properties } },
    };
    const odd = `{"the id":${numbers[2]}}`;
    const history = [
      ...messages,
      { role: 'assistant', tool_calls: [{ ...called, function: { name: 'look_up', arguments: odd } }] },
      { role: 'tool', tool_call_id: 't1', content: '1' },
    ];
    const answer = await stack.post('/chat/completions', { model: nova, messages: history, tools: [tool] });
    expect(answer.status).toBe(200);
    expect(sent).toMatch(new RegExp(`"input":\\{"[^"]+":${numbers[2]}\\}`));
  });
});
