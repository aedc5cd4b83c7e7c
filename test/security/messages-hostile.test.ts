import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventsOf, message } from '../support/bedrock-answers.ts';
import { breaksAfter, refuses } from '../support/bedrock-replies.ts';
import { type StandIn, startStandIn } from '../support/bedrock-stand-in.ts';
import { keysFile } from '../support/keys-file.ts';
import { ask, hello, lanes, sonnet45, sonnet55, tool, toolTurns } from '../support/messages.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Anthropic's API towards callers who mean no good: nothing is done for strangers, and nothing told to anybody. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
  const file = await keysFile([
    { name: 'all', key: 'key-of-all' },
    { name: 'nova', key: 'key-of-nova', models: ['*nova*'] },
    { name: 'gone', key: 'key-that-is-gone', revoked: true },
  ]);
  stack = await startStack({
    runtimeUrl: standIn.url,
    env: { AWS_MAX_ATTEMPTS: '1', API_KEY: '', API_KEY_FILE: file, CALLER_CREDENTIALS: 'without-key' },
  });
});
beforeEach(() => standIn.script());
afterAll(async () => {
  await stack.close();
  await standIn.close();
});

const all = { authorization: 'Bearer key-of-all' };
const user = (content: unknown) => ({ role: 'user', content });
const image = { type: 'image', source: { type: 'url', url: 'https://127.0.0.1/x.png' } };

describe('permission comes before work', () => {
  const works: Record<string, Record<string, unknown>> = {
    'an image is fetched': { messages: [user([image])] },
    'a document is fetched': { messages: [user([{ ...image, type: 'document' }])] },
    'an image of a result is fetched': {
      tools: [tool('f')],
      messages: [user('x'), ...toolTurns('t', 'f', { content: [image] })],
    },
    'messages are read': { messages: [{ role: 'nobody', content: 5 }] },
  };
  const strangers: [string, Record<string, string>, number, string][] = [
    ['nobody', { authorization: '' }, 401, 'authentication_error'],
    ['a wrong key', { authorization: '', 'x-api-key': 'a-guess' }, 401, 'authentication_error'],
    ['a revoked key', { authorization: 'Bearer key-that-is-gone' }, 401, 'authentication_error'],
    ['a key for other models', { authorization: 'Bearer key-of-nova' }, 403, 'permission_error'],
    [
      'credentials that are none',
      { authorization: '', 'x-aws-access-key-id': 'garbage', 'x-aws-secret-access-key': 'garbage' },
      400,
      'invalid_request_error',
    ],
  ];

  test.each(strangers)('%s', async (_, headers, status, type) => {
    const told = new Set<string>();
    for (const work of Object.values(works)) {
      for (const path of ['/messages', '/messages/count_tokens']) {
        const said = await ask(stack, hello({ model: sonnet55, ...work }), headers, path);
        expect([said.status, said.error?.type]).toEqual([status, type]);
        told.add(said.error?.message ?? '');
      }
    }
    // One answer, whatever would have been done.
    expect([...told]).toHaveLength(1);
    expect(standIn.calls).toEqual([]);
  });

  test('who may ask gets it done', async () => {
    const said = await ask(stack, hello({ messages: [user([image])] }), all);
    expect(said.error?.message).toMatch(/not on the public Internet/);
  });

  test('AWS credentials alone do not make the gateway fetch', async () => {
    const headers = {
      authorization: '',
      'x-aws-access-key-id': 'AKIAMADEUPCANARY0001',
      'x-aws-secret-access-key': 'made/up/secret/of/a/stranger',
    };
    const said = await ask(stack, hello({ messages: [user([image])] }), headers);
    expect(said.status).toBe(400);
    expect(said.error?.message).toMatch(/only for callers with an API key of its own/);
  });
});

describe('what Bedrock says of the account stays here', () => {
  const revealing =
    'User: arn:aws:sts::123456789012:assumed-role/gateway-role/session-name is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy/o-abc/service_control_policy/p-xyz AKIAIOSFODNN7EXAMPLE';
  const found = (text: string) =>
    text.match(/arn:aws|123456789012|999999999999|AKIA|gateway-role|session-name|p-xyz/g) ?? [];

  test.each(lanes)('refusals and broken streams: %s', async (_, lane) => {
    for (const exception of [
      'AccessDeniedException',
      'ValidationException',
      'ThrottlingException',
      'InternalServerException',
      'OddException',
    ]) {
      for (const stream of [false, true]) {
        standIn.script(refuses(exception, revealing));
        const said = await ask(stack, hello({ stream }), { ...lane, ...all });
        expect(said.status).toBeGreaterThanOrEqual(400);
        expect(found(`${said.raw} ${JSON.stringify([...said.headers])}`)).toEqual([]);
      }
    }
    if (Object.keys(lane).length > 0) return;
    standIn.script(breaksAfter(eventsOf(message()).slice(0, 3), 'modelStreamErrorException', revealing));
    const said = await ask(stack, hello({ stream: true }), all);
    expect(said.events.at(-1)?.type).toBe('error');
    expect(found(said.raw)).toEqual([]);
  });

  test('the log has none of it either', () => {
    expect(found(JSON.stringify(stack.logs))).toEqual([]);
  });
});

describe('what travels in headers', () => {
  test.each(lanes)('who the user is, whatever he is called: %s', async (_, lane) => {
    const odd = fc.constantFrom(
      '\u0000',
      '\r\nx: y',
      '\u00a0\u2003\u3000\ufeff',
      '\ud800',
      'ü',
      '🙂',
      '\u2028',
      '"}',
    );
    const value = fc
      .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), odd), { maxLength: 4 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(value, value, async (user_id, given) => {
        standIn.script();
        const requestMetadata = { [given || 'team']: given };
        for (const more of [{ metadata: { user_id } }, { metadata: { user_id }, requestMetadata }]) {
          const said = await ask(stack, hello(more), { ...lane, ...all });
          expect([said.status, said.error]).toEqual([200, undefined]);
          expect(JSON.stringify(standIn.last().headers)).toMatch(/^[\x20-\x7e]*$/);
        }
      }),
      { numRuns: 12 },
    );
  });

  test.each(lanes)('no header of the client reaches Bedrock: %s', async (_, lane) => {
    const headers = {
      'x-claude-code-session-id': '00000000-0000-4000-8000-00000000c0de',
      'x-amzn-bedrock-performanceconfig-latency': 'optimized',
      'x-amzn-bedrock-service-tier': 'priority',
      'x-app': 'cli',
      'anthropic-beta': 'claude-code-20250219',
      'anthropic-version': '2023-06-01',
    };
    expect((await ask(stack, hello(), { ...headers, ...lane, ...all })).status).toBe(200);
    const sent = Object.keys(standIn.last().headers);
    expect(sent.filter((name) => /claude-code|^x-app|^anthropic|stainless|api-key/.test(name))).toEqual([]);
    // As much of the session's id as no signature has by chance.
    expect(JSON.stringify(standIn.last().headers)).not.toMatch(/optimized|priority|key-of-all|00000000c0de/);
  });
});

describe('what a request causes is bounded', () => {
  // Not by `stack.post`, which reads what it sends.
  test.each(lanes)('blocks within blocks: %s', async (_, lane) => {
    for (const depth of [20, 2000]) {
      const inner = '{"type":"tool_result","tool_use_id":"t","content":['.repeat(depth);
      const content = `[${inner}${']}'.repeat(depth)}]`;
      const response = await fetch(`${stack.baseUrl}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...lane, ...all },
        body: `{"model":"${sonnet45}","max_tokens":9,"messages":[{"role":"user","content":${content}}]}`,
      });
      expect([200, 400]).toContain(response.status);
      expect(await response.text()).not.toMatch(/call stack|RangeError/);
    }
  });

  test.each(lanes)('names and ids are short, or refused by name: %s', async (_, lane) => {
    const long = 'n'.repeat(20_000);
    const bodies: Record<string, unknown>[] = [
      { model: long },
      { tools: [tool(long)] },
      { fallbacks: Array.from({ length: 60 }, (_, i) => `amazon.m${i}-v1:0`) },
      { fallbacks: [long] },
    ];
    for (const body of bodies) {
      const said = await ask(stack, hello({ model: sonnet45, ...body }), { ...lane, ...all });
      expect(said.status, Object.keys(body)[0]).toBe(400);
      expect(said.raw.length).toBeLessThan(5000);
    }
    expect(standIn.calls).toEqual([]);
  });
});
