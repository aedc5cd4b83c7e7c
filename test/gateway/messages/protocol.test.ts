import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type StandIn, startStandIn } from '../../support/bedrock-stand-in.ts';
import { capture } from '../../support/captures.ts';
import { ask, byConverse, hello, novaPro, replay, sonnet55 } from '../../support/messages.ts';
import { type Stack, startStack, testKey } from '../../support/stack.ts';

/** Keys, versions, and the parameters that decide whether a request is answered at all. */

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

const model = sonnet55;
const isThreadRefusal = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };

describe('conversations that the server would keep', () => {
  test.each([
    'anthropic-node/messages-toolrunner-turn1',
    'anthropic-node/messages-toolrunner-turn2',
    'anthropic-py/messages-toolrunner-turn1',
    'anthropic-py/messages-toolrunner-turn2',
  ])('M18 a thread is refused in the words that the SDK goes on by: %s', async (name) => {
    const said = await replay(stack, name, { model });
    expect(said.status).toBe(400);
    expect(said.error).toMatchObject({ type: 'invalid_request_error', details: isThreadRefusal });
    expect(standIn.calls).toEqual([]);
  });

  test('M19 the SDK’s tool runner then sends everything, and comes to an end', async () => {
    const refused = await replay(stack, 'anthropic-node/messages-toolrunner-refused-turn1', { model });
    expect(refused.error).toMatchObject({ details: isThreadRefusal });
    for (const turn of [2, 3, 4]) {
      const name = `anthropic-node/messages-toolrunner-refused-turn${turn}`;
      const said = await replay(stack, name, { model });
      expect([said.status, said.message?.stop_reason]).toEqual([200, 'end_turn']);
      expect(standIn.last().native.messages).toHaveLength(capture(name).body.messages?.length ?? 0);
      expect(standIn.last().native).not.toHaveProperty('thread');
    }
  });

  test('M20 so does Python’s, which sends the same without the thread', async () => {
    const { thread: _, ...rest } = capture('anthropic-py/messages-toolrunner-turn1').body;
    const said = await replay(stack, 'anthropic-py/messages-toolrunner-turn1', {
      model,
      body: () => ({ ...rest, model }),
    });
    expect([said.status, said.message?.stop_reason]).toEqual([200, 'end_turn']);
  });

  test.each([{}, byConverse])('M21 no thread is no thread (%j)', async (headers) => {
    expect((await ask(stack, hello({ thread: null }), headers)).status).toBe(200);
  });

  test.each([sonnet55, novaPro])('M22 safeguards are refused by name: %s', async (model) => {
    const said = await ask(stack, hello({ model, safeguards: {} }));
    expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(said.error?.message).toContain('safeguards');
    expect(standIn.calls).toEqual([]);
  });
});

describe('who asks, and how', () => {
  test.each([
    ['Bearer', { authorization: `Bearer ${testKey}` }, 200],
    ['x-api-key', { authorization: '', 'x-api-key': testKey }, 200],
    ['both', { authorization: `Bearer ${testKey}`, 'x-api-key': testKey }, 200],
    ['neither', { authorization: '' }, 401],
  ])('M23 the key: %s', async (_, headers, status) => {
    const said = await ask(stack, hello(), headers);
    expect(said.status).toBe(status);
    if (status === 200) return;
    expect(said.error?.type).toBe('authentication_error');
    expect(standIn.calls).toEqual([]);
  });

  test.each<Record<string, string>>([
    { 'anthropic-version': '2026-10-21' },
    { 'anthropic-version': '2023-06-01' },
    {},
    { 'anthropic-version': 'x' },
  ])('M24 any version of the API: %j', async (version) => {
    const said = await ask(stack, hello(), version);
    expect(said.status).toBe(200);
    expect(standIn.last().native.anthropic_version).toBe('bedrock-2023-05-31');
  });

  test('the version in the body is Bedrock’s, whatever the client wrote', async () => {
    expect((await ask(stack, hello({ anthropic_version: '2026-10-21' }))).status).toBe(200);
    expect(standIn.last().native.anthropic_version).toBe('bedrock-2023-05-31');
  });

  test.each(['/messages', '/messages?beta=true'])(
    'answers have their ids in both headers: %s',
    async (path) => {
      for (const body of [hello(), hello({ stream: true }), hello({ temperature: 'x' })]) {
        const { headers, raw, status } = await ask(stack, body, {}, path);
        expect(headers.get('request-id')).toBeTruthy();
        expect(headers.get('x-request-id')).toBe(headers.get('request-id'));
        if (status === 400) expect(JSON.parse(raw).request_id).toBe(headers.get('request-id'));
      }
    },
  );

  test('below /anthropic too', async () => {
    const url = stack.baseUrl.replace('/v1', '/anthropic/v1/messages');
    const headers = { 'x-api-key': testKey, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(hello()) });
    expect(response.status).toBe(200);
    await response.text();
  });
});

describe('parameters', () => {
  test.each([{}, byConverse])('M25 what nobody knows is named and left out (%j)', async (lane) => {
    const headers = { ...lane, 'anthropic-beta': 'interleaved-thinking-2025-05-14,made-up-2027-01-01' };
    const said = await ask(stack, hello({ made_up: { a: 1 } }), headers);
    expect([said.status, said.error]).toEqual([200, undefined]);
    expect(JSON.stringify(standIn.last().native)).not.toMatch(/made[_-]up/);
    expect(said.ignored.join()).toContain('made_up');
    expect(said.ignored.join()).toContain('made-up-2027-01-01');
  });

  test.each([sonnet55, novaPro])('M26 max_tokens is needed, and named: %s', async (model) => {
    const said = await ask(stack, hello({ model, max_tokens: undefined }));
    expect(said.status).toBe(400);
    expect(said.error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringMatching(/^max_tokens: Field required/),
    });
    expect(standIn.calls).toEqual([]);
  });

  test.each([{}, byConverse])(
    'M27 more than the model writes is lowered, with a warning (%j)',
    async (headers) => {
      const model = 'us.anthropic.claude-3-5-sonnet-20241022-v2:0';
      const said = await ask(stack, hello({ model, max_tokens: 128_000 }), headers as Record<string, string>);
      expect(said.status).toBe(200);
      const { native, converse } = standIn.last();
      expect(native.max_tokens ?? converse.inferenceConfig?.maxTokens).toBe(8192);
      expect(said.warnings).toContain('max_tokens');
    },
  );
});
