import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refuses, stalls } from '../../support/bedrock-replies.ts';
import { type StandIn, startStandIn } from '../../support/bedrock-stand-in.ts';
import { capture } from '../../support/captures.ts';
import { ask, gptOss, novaPro, replay, sonnet45, sonnet55, tool } from '../../support/messages.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** `POST /v1/messages/count_tokens`: Bedrock's number where it gives one, an estimate where not, and never a failure. */

let standIn: StandIn;
let stack: Stack;
beforeAll(async () => {
  standIn = await startStandIn();
});
beforeEach(async () => {
  standIn.script();
  // What one request has taught must not answer the next.
  stack = await startStack({ runtimeUrl: standIn.url, env: { AWS_MAX_ATTEMPTS: '1' } });
  return () => stack.close();
});
afterAll(() => standIn.close());

const names = [1, 2, 3].map((n) => `claude-code/count_tokens-${n}`);
const numberOf = ({ raw }: { raw: string }): number => JSON.parse(raw).input_tokens;

async function count(model: string, text: string, more = {}) {
  const body = { model, messages: [{ role: 'user', content: text }], ...more };
  const said = await ask(stack, body, {}, '/messages/count_tokens');
  expect([said.status, said.error]).toEqual([200, undefined]);
  return said;
}

test.each([
  ...names,
  'anthropic-node/count_tokens',
  'anthropic-py/count_tokens',
  'langchain-py/count_tokens',
])('M69 Bedrock counts: %s', async (name) => {
  const said = await replay(stack, name, { model: sonnet45 });
  expect([said.status, JSON.parse(said.raw)]).toEqual([200, { input_tokens: 11 }]);
  expect(said.warnings).not.toMatch(/estimate/);
  expect(standIn.calls).toHaveLength(1);
  expect(standIn.last()).toMatchObject({
    operation: 'CountTokens',
    modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  });
  const { native } = standIn.last();
  expect(native).toMatchObject({ anthropic_version: 'bedrock-2023-05-31', max_tokens: expect.any(Number) });
  expect(native).not.toHaveProperty('model');
  expect(native.tools).not.toEqual([]);
  expect(native.tools?.length ?? 0).toBe(capture(name).body.tools?.length ?? 0);
});

test.each(names)('M70 N20 where it does not, an estimate is named as one: %s', async (name) => {
  standIn.script(refuses('ValidationException', "The provided model doesn't support counting tokens."));
  for (let i = 0; i < 3; i += 1) {
    const said = await replay(stack, name, { model: sonnet55 });
    expect(said.status).toBe(200);
    expect(numberOf(said)).toBeGreaterThan(0);
    expect(said.warnings).toMatch(/estimate/);
  }
  expect(standIn.calls.length).toBeLessThanOrEqual(1);
  expect(standIn.calls.filter(({ operation }) => operation !== 'CountTokens')).toEqual([]);
});

test('M70 a refusal is remembered', async () => {
  standIn.script(refuses('ValidationException', "The provided model doesn't support counting tokens."));
  await count(sonnet45, 'foo');
  const said = await count(sonnet45, 'foo');
  if (stack.processes() === 1) expect(standIn.calls).toHaveLength(1);
  expect(numberOf(said)).toBeGreaterThan(0);
});

test('M71 many at once are all answered, though Bedrock is silent', async () => {
  standIn.script(...Array.from({ length: 24 }, () => stalls()));
  const all = await Promise.all(Array.from({ length: 24 }, () => count(sonnet45, 'foo')));
  for (const said of all) {
    expect(numberOf(said)).toBeGreaterThan(0);
    expect(said.warnings).toMatch(/estimate/);
  }
});

test.each([gptOss, novaPro, sonnet55])('M72 an estimate grows with what is said: %s', async (model) => {
  const short = numberOf(await count(model, 'foo'));
  const long = numberOf(await count(model, 'foo bar '.repeat(500)));
  const withTool = numberOf(await count(model, 'foo', { tools: [tool('get_weather')] }));
  expect(short).toBeGreaterThan(0);
  expect(long).toBeGreaterThan(short + 500);
  expect(withTool).toBeGreaterThan(short);
  expect(standIn.calls).toEqual([]);
});

test.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerException'])(
  'a failure to count is none of the client’s: %s',
  async (exception) => {
    standIn.script(refuses(exception, 'No.'));
    const said = await count(sonnet45, 'foo');
    expect(numberOf(said)).toBeGreaterThan(0);
    expect(said.warnings).toMatch(/estimate/);
  },
);

describe('what is no request', () => {
  test.each(['{"model": ', '[]'])('%j', async (body) => {
    const said = await ask(stack, body, {}, '/messages/count_tokens');
    expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
  });

  test('without messages, without a key', async () => {
    const path = '/messages/count_tokens';
    const said = await ask(stack, { model: sonnet45 }, {}, path);
    expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
    const stranger = await ask(stack, { model: sonnet45 }, { authorization: '' }, path);
    expect([stranger.status, stranger.error?.type]).toEqual([401, 'authentication_error']);
    expect(standIn.calls).toEqual([]);
  });
});
