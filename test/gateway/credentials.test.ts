import { afterEach, describe, expect, test } from 'vitest';
import { fakeBedrock } from '../lambda/backends/fake-bedrock.ts';
import { chat, haiku, nova, runtimeCalls } from '../support/chat.ts';
import { type Stack, type StackOptions, startStack } from '../support/stack.ts';

const own = {
  'x-aws-access-key-id': 'AKIACANARYCANARY0001',
  'x-aws-secret-access-key': 'canary/secret/of/the/caller',
};
const temporary = { ...own, 'x-aws-session-token': 'canary-session-token-of-the-caller' };
const noKey = { authorization: '' };

let open: Stack[] = [];
async function stackWith(CALLER_CREDENTIALS: string, more: StackOptions = {}): Promise<Stack> {
  const stack = await startStack({
    ...more,
    env: { AWS_MAX_ATTEMPTS: '1', CALLER_CREDENTIALS, ...more.env },
  });
  open.push(stack);
  return stack;
}
afterEach(async () => {
  await Promise.all(open.map((stack) => stack.close()));
  open = [];
});

const signedBy = (stack: Stack) => runtimeCalls(stack).map(({ accessKeyId }) => accessKeyId);

describe('credentials in headers', () => {
  test('off: ignored, with a warning, even when they make no sense', async () => {
    const stack = await stackWith('off');
    for (const headers of [temporary, { 'x-aws-region': 'nowhere' }]) {
      for (const stream of [false, true]) {
        const told = await chat(stack, 'Hello there', { stream }, headers);
        expect(told).toMatchObject({ status: 200, complete: true });
        expect(told.headers.get('x-gateway-warnings')).toContain('CALLER_CREDENTIALS is off');
      }
    }
    expect(new Set(signedBy(stack))).toEqual(new Set(['AKIATEST']));
    expect((await chat(stack, 'Hello there')).headers.get('x-gateway-warnings')).toBeNull();
    expect((await chat(stack, 'Hello there', {}, { ...own, ...noKey })).status).toBe(401);
  });

  test('with-key: the call is the caller’s, in the caller’s region', async () => {
    const stack = await stackWith('with-key');
    const headers = { ...temporary, 'x-aws-region': 'eu-west-1', 'x-provider': 'bedrock' };
    const told = await chat(stack, 'Hello there', { model: 'amazon.nova-lite-v1:0' }, headers);
    expect(told.status).toBe(200);
    expect(told.headers.get('x-gateway-warnings') ?? '').not.toContain('CALLER_CREDENTIALS');
    const [call] = runtimeCalls(stack);
    expect(call).toMatchObject({ accessKeyId: own['x-aws-access-key-id'], region: 'eu-west-1' });
    expect(call?.headers['x-amz-security-token']).toBe(temporary['x-aws-session-token']);
    expect((await chat(stack, 'Hello there')).status).toBe(200);
    expect(signedBy(stack)).toEqual([own['x-aws-access-key-id'], 'AKIATEST']);
  });

  test('with-key: embeddings, too', async () => {
    const stack = await stackWith('with-key');
    const body = { model: 'amazon.titan-embed-text-v2:0', input: 'some words' };
    expect((await stack.post('/embeddings', body, own)).status).toBe(200);
    expect(signedBy(stack)).toEqual([own['x-aws-access-key-id']]);
  });

  test('with-key: nothing without a key, not even what is wrong with the credentials', async () => {
    const stack = await stackWith('with-key');
    for (const headers of [own, { 'x-aws-access-key-id': 'AKIACANARYCANARY0001' }]) {
      expect((await chat(stack, 'Hello there', {}, { ...headers, ...noKey })).status).toBe(401);
    }
    expect(stack.simulator.calls).toEqual([]);
  });

  test('without-key: they are enough; without them a key is still needed', async () => {
    const stack = await stackWith('without-key');
    expect((await chat(stack, 'Hello there', {}, { ...own, ...noKey })).status).toBe(200);
    expect(stack.logs.at(-1)).toMatchObject({ key: 'caller-credentials' });
    expect((await chat(stack, 'Hello there', {}, noKey)).status).toBe(401);
    expect((await chat(stack, 'Hello there')).status).toBe(200);
    expect(signedBy(stack)).toEqual([own['x-aws-access-key-id'], 'AKIATEST']);
  });

  test.each([
    ['no secret', { 'x-aws-access-key-id': 'AKIACANARYCANARY0001' }],
    ['no id', { 'x-aws-secret-access-key': 'canary/secret/of/the/caller' }],
    ['a token alone', { 'x-aws-session-token': 'canary-session-token-of-the-caller' }],
    ['a region alone', { 'x-aws-region': 'us-east-1' }],
    ['an empty id', { ...own, 'x-aws-access-key-id': '' }],
    ['a region that is a host', { ...own, 'x-aws-region': 'evil.example/' }],
  ])('%s is a 400 that repeats none of it, and calls nothing', async (_, headers) => {
    for (const mode of ['with-key', 'without-key']) {
      const stack = await stackWith(mode);
      const told = await chat(stack, 'Hello there', {}, { ...(mode === 'without-key' && noKey), ...headers });
      expect(told).toMatchObject({ status: 400, error: { code: 'invalid_credentials' } });
      expect(JSON.stringify(told.error)).not.toMatch(/canary|evil/i);
      expect(stack.simulator.calls).toEqual([]);
    }
  });
});

describe('credentials that AWS refuses', () => {
  test.each(['AKIAEXPIREDCANARY001', 'AKIAUNKNOWNCANARY001'])(
    '%s: a 401 that repeats none of it',
    async (id) => {
      const stack = await stackWith('with-key');
      const headers = { ...temporary, 'x-aws-access-key-id': id };
      for (const stream of [false, true]) {
        const told = await chat(stack, 'Hello there', { stream, models: [nova] }, headers);
        expect(told).toMatchObject({ status: 401, error: { code: 'invalid_aws_credentials' } });
        expect(JSON.stringify(told.error)).not.toMatch(/canary/i);
      }
    },
  );

  test('AWS explains by quoting what was signed: neither the client nor the log sees that', async () => {
    const quoted = [
      'The request signature we calculated does not match the signature you provided.',
      `The Canonical String for this request should have been 'POST x-amz-security-token:${temporary['x-aws-session-token']}'`,
      `The String-to-Sign should have been '${own['x-aws-access-key-id']}'`,
    ].join('\n\n');
    const bedrock = await fakeBedrock((_, response) => {
      response.writeHead(403, {
        'content-type': 'application/json',
        'x-amzn-errortype': 'InvalidSignatureException',
      });
      response.end(JSON.stringify({ message: quoted }));
    });
    const stack = await stackWith('with-key', { runtimeUrl: bedrock.url, env: { LOG_LEVEL: 'debug' } });
    const told = await chat(stack, 'Hello there', {}, temporary);
    expect(told).toMatchObject({ status: 401, error: { code: 'invalid_aws_credentials' } });
    expect(JSON.stringify(told.error)).not.toMatch(/canary/i);
    const gateway = await chat(stack, 'Hello there');
    expect(gateway).toMatchObject({ status: 500, error: { code: 'upstream_auth' } });
    expect(JSON.stringify(gateway.error)).not.toMatch(/canary/i);
    await bedrock.close();
  });

  test('what a caller’s account may not do says nothing about the gateway’s', async () => {
    const stack = await stackWith('with-key');
    await chat(stack, '[[throttle@haiku]] Hello there', { models: [nova] }, own);
    const told = await chat(stack, 'Hello there', { models: [nova] });
    expect(told.attempts).toEqual([`${haiku}@us-east-1=ok`]);
  });
});
