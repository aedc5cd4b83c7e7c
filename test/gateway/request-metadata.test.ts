import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { keysFile, type TestKey } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What AWS's logs of invocations are to say of every call: whose key it was, and which request. */
const keyMark = 'gateway-key';
const requestMark = 'gateway-request-id';

const keys: TestKey[] = [
  { name: 'Team A: ci/nightly', key: 'sk-canary-plain' },
  { name: 'tagged', key: 'sk-canary-tagged', metadata: { team: 'red' } },
];
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const plain = bearer('sk-canary-plain');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', API_KEY_FILE: await keysFile(keys) } });
});
beforeEach(() => stack.simulator.reset());
afterAll(() => stack.close());

const hello = [{ role: 'user', content: 'Hello' }];
const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, String(i)]));

/** The metadata of the only call that Bedrock has had, from its body or its header. */
function sentMetadata(): Record<string, string> | undefined {
  const calls = runtimeCalls(stack);
  expect(calls).toHaveLength(1);
  const header = calls[0]?.headers['x-amzn-bedrock-request-metadata'];
  if (header !== undefined) return JSON.parse(header);
  return (calls[0]?.body as { requestMetadata?: Record<string, string> } | undefined)?.requestMetadata;
}

async function ask(path: string, body: object, headers: Record<string, string> = plain) {
  const response = await stack.post(path, body, headers);
  await response.text();
  expect(response.status).toBe(200);
  return response;
}

describe('every call that may carry request metadata says whose it is', () => {
  const rows: [string, string, object, string][] = [
    ['a chat', '/chat/completions', { model: nova, messages: hello }, 'converse'],
    [
      'a streamed chat',
      '/chat/completions',
      { model: nova, messages: hello, stream: true },
      'converse-stream',
    ],
    ['Messages to Claude', '/messages', { model: haiku, max_tokens: 50, messages: hello }, 'invoke'],
    [
      'streamed Messages to Claude',
      '/messages',
      { model: haiku, max_tokens: 50, messages: hello, stream: true },
      'invoke-with-response-stream',
    ],
    ['embeddings', '/embeddings', { model: 'amazon.titan-embed-text-v2:0', input: 'words' }, 'invoke'],
    [
      'rerank',
      '/rerank',
      { model: 'cohere.rerank-v3-5:0', query: 'which', documents: ['one', 'two'] },
      'invoke',
    ],
  ];
  for (const [name, path, body, operation] of rows) {
    test(name, async () => {
      const response = await ask(path, body);
      expect(runtimeCalls(stack)[0]?.path.endsWith(`/${operation}`)).toBe(true);
      expect(sentMetadata()).toEqual({
        [keyMark]: 'Team A: ci/nightly',
        [requestMark]: response.headers.get('x-request-id'),
      });
    });
  }

  test('beside what the client and the key say', async () => {
    const tagged = bearer('sk-canary-tagged');
    await ask('/chat/completions', { model: nova, messages: hello, metadata: { ticket: '42' } }, tagged);
    expect(Object.keys(sentMetadata() ?? {})).toEqual(['ticket', 'team', keyMark, requestMark]);
  });

  test('on models that answer in OpenAI’s own API nothing is sent, and the lane is the one it was', async () => {
    await ask('/responses', { model: 'global.openai.gpt-5.6-sol', input: 'Hello', store: false });
    const [call] = runtimeCalls(stack);
    expect(call?.path).toBe('/openai/v1/responses');
    expect(call?.headers['x-amzn-bedrock-request-metadata']).toBeUndefined();
    expect(JSON.stringify(call?.body)).not.toContain(keyMark);
  });
});

describe('a client', () => {
  const forged = [keyMark, 'Gateway-Key', ' gateway-key ', 'GATEWAY-REQUEST-ID'];
  for (const path of ['/chat/completions', '/messages']) {
    for (const name of forged) {
      test(`cannot say ${JSON.stringify(name)} itself, on ${path}`, async () => {
        const model = path === '/messages' ? haiku : nova;
        await ask(path, {
          model,
          max_tokens: 50,
          messages: hello,
          requestMetadata: { [name]: 'somebody else', ticket: '42' },
        });
        const sent = sentMetadata() ?? {};
        expect(Object.values(sent)).not.toContain('somebody else');
        expect(Object.keys(sent)).toEqual(['ticket', keyMark, requestMark]);
        expect(sent[keyMark]).toBe('Team A: ci/nightly');
      });
    }
  }

  test('cannot say it where there is no room either', async () => {
    const requestMetadata = { ...entries(15), [keyMark]: 'somebody else' };
    await ask('/chat/completions', { model: nova, messages: hello, requestMetadata });
    expect(sentMetadata()).toEqual({ ...entries(15), [keyMark]: 'Team A: ci/nightly' });
  });

  for (const [own, marks] of [
    [14, 2],
    [15, 1],
    [16, 0],
  ] as const) {
    test(`with ${own} entries of its own keeps them all; there is room for ${marks} of the gateway’s`, async () => {
      await ask('/chat/completions', { model: nova, messages: hello, requestMetadata: entries(own) });
      const sent = sentMetadata() ?? {};
      expect(sent).toMatchObject(entries(own));
      expect(Object.keys(sent).slice(own)).toEqual([keyMark, requestMark].slice(0, marks));
    });
  }

  test('whose entries fill InvokeModel’s header keeps them all', async () => {
    // A tab takes two characters of the header's 8,500: `\\t`.
    const tabs = Array.from({ length: 10 }, (_, i) => [`${i}`.padEnd(256, 'n'), '\t'.repeat(256)]);
    const requestMetadata = {
      ...Object.fromEntries(tabs),
      x: 'v'.repeat(256),
      y: 'v'.repeat(200),
      z: 'v'.repeat(200),
    };
    await ask('/messages', { model: haiku, max_tokens: 50, messages: hello, requestMetadata });
    expect(sentMetadata()).toEqual(requestMetadata);
  });

  test('with names of JavaScript’s own keeps them', async () => {
    const requestMetadata = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
    await ask('/chat/completions', { model: nova, messages: hello, requestMetadata });
    expect(Object.keys(sentMetadata() ?? {})).toEqual(
      expect.arrayContaining(['constructor', 'toString', keyMark, requestMark]),
    );
  });
});

test('a chat with the key that stands alone has its name', async () => {
  const alone = await startStack();
  await chat(alone, 'Hello', { model: nova });
  expect(runtimeCalls(alone)[0]?.body).toMatchObject({ requestMetadata: { [keyMark]: 'default' } });
  await alone.close();
});
