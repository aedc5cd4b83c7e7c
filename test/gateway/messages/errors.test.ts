import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuses, type StandIn, startStandIn } from '../../support/bedrock-stand-in.ts';
import { ask, byConverse, hello, novaPro, sonnet45, tool } from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** What a client is told, in words and headers that clients act on. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
  stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '1' } });
});
beforeEach(() => standIn.script());
afterAll(async () => {
  await stack.close();
  await standIn.close();
});

const lanes: [string, Record<string, string>][] = [
  ['native', {}],
  ['by Converse', byConverse],
];
const prefix = 'The model returned the following errors: ';

/** The same request in every way that there is, and what each was told. */
async function everyWay(exception: string, words: string, headers: Record<string, string>) {
  const told = [];
  for (const stream of [false, true]) {
    standIn.script(refuses(exception, words));
    const said = await ask(stack, hello({ stream }), headers);
    expect(said.headers.get('content-type')).toBe('application/json');
    expect(standIn.calls).toHaveLength(1);
    told.push(said);
  }
  return told;
}

describe.each(lanes)('%s', (_, headers) => {
  test.each(['', prefix])('M63 a prompt that is too long, with the numbers (%j)', async (before) => {
    const words = 'prompt is too long: 250000 tokens > 200000 maximum';
    for (const said of await everyWay('ValidationException', before + words, headers)) {
      expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
      expect(said.error?.message.startsWith(words)).toBe(true);
    }
  });

  test('M64 and without them', async () => {
    for (const said of await everyWay(
      'ValidationException',
      'Input is too long for requested model.',
      headers,
    )) {
      expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
      expect(said.error?.message).toMatch(/^prompt is too long/);
    }
  });

  test.each([
    [
      'AccessDeniedException',
      'You don’t have access to the model with the specified model ID.',
      403,
      'permission_error',
    ],
    [
      'ResourceNotFoundException',
      'This model version has reached the end of its life.',
      404,
      'not_found_error',
    ],
    ['ServiceUnavailableException', 'Bedrock is unable to process your request.', 529, 'overloaded_error'],
    ['ModelTimeoutException', 'Model has timed out in processing the request.', 504, 'timeout_error'],
    ['ModelErrorException', 'The system encountered an unexpected error.', 500, 'api_error'],
    ['InternalServerException', 'The system encountered an unexpected error.', 500, 'api_error'],
    ['ThrottlingException', 'Too many requests, please wait before trying again.', 429, 'rate_limit_error'],
  ])('M65 %s', async (exception, words, status, type) => {
    for (const said of await everyWay(exception, words, headers)) {
      expect(said.error?.type).toBe(type);
      if (exception === 'ModelErrorException') expect([500, 502]).toContain(said.status);
      else expect(said.status).toBe(status);
      const waits = said.headers.get('retry-after');
      if ([429, 529].includes(status)) expect(Number(waits)).toBeGreaterThan(0);
      else expect(waits).toBeNull();
    }
  });

  test('a refusal of Claude’s keeps its own words and paths, without Bedrock’s before them', async () => {
    const words = 'messages.1.content.0.image.source.base64: image exceeds 5 MB maximum';
    for (const said of await everyWay('ValidationException', prefix + words, headers)) {
      expect([said.status, said.error?.message]).toEqual([400, words]);
    }
  });

  test('M68 a quota that is used up is not asked for again', async () => {
    for (const said of await everyWay(
      'ThrottlingException',
      'Too many tokens per day, please wait before trying again.',
      headers,
    )) {
      expect(said.status).toBe(429);
      expect(said.error?.type).toMatch(/^(rate_limit|billing)_error$/);
      expect(said.headers.get('x-should-retry')).toBe('false');
      expect(said.error?.message).not.toMatch(/too many tokens/i);
    }
  });
});

test('M67 a wrong key is not tried again, and reaches nobody', async () => {
  for (const body of [hello(), hello({ stream: true }), '{"model": ']) {
    const said = await ask(stack, body, { authorization: '', 'x-api-key': 'sk-ant-guess' });
    expect([said.status, said.error?.type]).toEqual([401, 'authentication_error']);
    expect(said.headers.get('x-should-retry')).toBe('false');
  }
  expect(standIn.calls).toEqual([]);
});

test.each([true, false])('M82 eight megabytes of an image (stream: %s)', async (stream) => {
  const source = { type: 'base64', media_type: 'image/png', data: 'A'.repeat(8 << 20) };
  const messages = [
    {
      role: 'user',
      content: [
        { type: 'image', source },
        { type: 'text', text: 'What is it?' },
      ],
    },
  ];
  const response = await stack.post('/messages', hello({ messages, stream }));
  const text = await response.text();
  expect([200, 400, 413]).toContain(response.status);
  if (response.status === 413) expect(text).toMatch(/request_too_large|Too Long/);
  expect(standIn.calls).toHaveLength(response.status === 200 ? 1 : 0);
});

describe('what is no request', () => {
  test.each(['{"model": ', '[]', '"x"', 'null', '7', ''])('M83 %j', async (body) => {
    const said = await ask(stack, body);
    expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(JSON.parse(said.raw)).toMatchObject({ type: 'error', request_id: expect.any(String) });
    expect(standIn.calls).toEqual([]);
  });

  test.each([
    ['model', { model: undefined }],
    ['model', { model: 5 }],
    ['messages', { messages: undefined }],
    ['messages', { messages: 'Hello' }],
    ['messages.0', { messages: ['Hello'] }],
    ['messages.0.role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: 5 }] }],
    ['messages.0.content.0', { messages: [{ role: 'user', content: [5] }] }],
    ['max_tokens', { max_tokens: 'many' }],
    ['system', { system: 5 }],
    ['tools', { tools: 5 }],
    ['tools.0', { tools: [5] }],
    ['tool_choice', { tools: [tool('f')], tool_choice: { type: 'perhaps' } }],
    ['thinking', { thinking: 'hard' }],
    ['stream', { stream: 'yes' }],
    ['stop_sequences', { stop_sequences: 'x' }],
    ['temperature', { temperature: 'hot' }],
  ])('what is wrong is named: %s, of %j', async (path, more) => {
    for (const model of [sonnet45, novaPro]) {
      const said = await ask(stack, hello({ model, ...more }));
      expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
      expect(said.error?.message).toContain(path);
    }
    expect(standIn.calls).toEqual([]);
  });
});
