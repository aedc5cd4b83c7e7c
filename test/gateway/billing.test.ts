import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { haiku, nova, runtimeCalls } from '../support/chat.ts';
import { keysFile, type TestKey } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Keys that are billed in a way of their own: by a role, a project, a profile. */
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const profile = (id: string) => `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${id}`;
const search = 'proj_search00000000001';
const titan = 'amazon.titan-embed-text-v2:0';
const gpt = 'global.openai.gpt-5.6-sol';

const keys: TestKey[] = [
  { name: 'plain', key: 'sk-plain' },
  { name: 'Search: ci', key: 'sk-search', team: 'search', awsRoleArn: role('team-search') },
  { name: 'support', key: 'sk-support', awsRoleArn: role('team-support') },
  { name: 'untagged', key: 'sk-untagged', awsRoleArn: role('untagged') },
  { name: 'closed', key: 'sk-closed', awsRoleArn: role('closed') },
  { name: 'may nothing', key: 'sk-nothing', awsRoleArn: role('may-nothing') },
  { name: 'not listed', key: 'sk-unlisted', awsRoleArn: role('elsewhere') },
  { name: 'lost profile', key: 'sk-lostprofile', profiles: { [nova]: profile('gone00000000') } },
  { name: 'project', key: 'sk-project', projectIdentifier: search },
  { name: 'unknown project', key: 'sk-lost', projectIdentifier: 'proj_0' },
  {
    name: 'profiles',
    key: 'sk-profiles',
    projectIdentifier: search,
    profiles: {
      [haiku]: profile('1arbu5hu2sjr'),
      'amazon.nova-lite-v1:0': profile('9zk4q2lm7x0p').replace('us-east-1', 'eu-west-1'),
      [titan]: profile('7hd83kslq1vb'),
    },
  },
  {
    name: 'guarded',
    key: 'sk-guarded',
    awsRoleArn: role('closed'),
    guardrail: { guardrailIdentifier: 'abc123', guardrailVersion: '1' },
  },
];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    env: {
      AWS_MAX_ATTEMPTS: '2',
      API_KEY_FILE: await keysFile(keys, [{ name: 'search' }]),
      ASSUMABLE_ROLES: ['team-search', 'team-support', 'untagged', 'closed', 'may-nothing'].map(role).join(),
      CALLER_CREDENTIALS: 'with-key',
    },
  });
});
beforeEach(() => {
  stack.simulator.calls.length = 0;
});
afterEach(() => stack.simulator.failing.clear());
afterAll(() => stack.close());

const hello = [{ role: 'user', content: 'Hello' }];
async function ask(key: string, path: string, body: object, headers: Record<string, string> = {}) {
  const response = await stack.post(path, body, { authorization: `Bearer sk-${key}`, ...headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}
const chatWith = (key: string, more: object = {}, headers?: Record<string, string>) =>
  ask(key, '/chat/completions', { model: nova, messages: hello, ...more }, headers);

const stsCalls = () => stack.simulator.calls.filter(({ operation }) => operation === 'AssumeRole');
const sessionOf = ({ accessKeyId = '' }: { accessKeyId?: string }) =>
  stack.simulator.sessions.get(accessKeyId);

const everyWay: [string, string, object][] = [
  ['a chat', '/chat/completions', { model: nova, messages: hello }],
  ['a streamed chat', '/chat/completions', { model: nova, messages: hello, stream: true }],
  ['Messages to Claude', '/messages', { model: haiku, max_tokens: 50, messages: hello }],
  ['Responses of GPT', '/responses', { model: gpt, input: 'Hello' }],
  [
    'a chat of gpt-oss',
    '/chat/completions',
    { model: 'openai.gpt-oss-120b-1:0', messages: hello, logprobs: true },
  ],
  ['embeddings', '/embeddings', { model: titan, input: 'words' }],
  ['rerank', '/rerank', { model: 'cohere.rerank-v3-5:0', query: 'which', documents: ['one', 'two'] }],
  ['a count of tokens', '/messages/count_tokens', { model: haiku, messages: hello }],
];

describe('a key with a role', () => {
  test.each(everyWay)(
    '%s is called as it, in a session named and tagged for the key',
    async (_, path, body) => {
      const { status } = await ask('search', path, body);
      expect(status).toBe(200);
      const calls = runtimeCalls(stack);
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls)
        expect(sessionOf(call)).toMatchObject({
          role: { name: 'team-search' },
          name: 'Search--ci',
          tags: { key: 'Search: ci', team: 'search' },
        });
    },
  );

  test('has its credentials got once for many requests at a time, and keys do not share them', async () => {
    stack.simulator.calls.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => chatWith(i % 2 ? 'support' : 'plain')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const names = runtimeCalls(stack).map((call) => sessionOf(call)?.role.name ?? call.accessKeyId);
    expect(new Set(names)).toEqual(new Set(['team-support', 'AKIATEST']));
    // In processes of their own each asks for itself.
    expect(stsCalls().length).toBeLessThanOrEqual(stack.processes());
  });

  test.each([
    ['closed', 'sts:AssumeRole'],
    ['untagged', 'sts:TagSession'],
  ])('that may not be taken on is a 503 without a word of the role: %s', async (key) => {
    const told = await chatWith(key);
    expect(told.status).toBe(503);
    expect(JSON.parse(told.text).error).toMatchObject({ code: 'role_unavailable', type: 'server_error' });
    expect(told.text).toContain('AWS role that the calls of this API key are made as');
    expect(told.text + JSON.stringify([...told.headers])).not.toMatch(/arn:|123456789012|closed|untagged/);
    expect(Number(told.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(runtimeCalls(stack)).toEqual([]);
    expect(JSON.stringify(stack.logs)).not.toMatch(/role\/|123456789012/);
    expect(JSON.stringify(stack.logs.filter(({ level }) => level === 'error'))).toContain('AccessDenied');
  });

  test.each<[string, object]>([
    ['/embeddings', { model: titan, input: 'Hello' }],
    ['/rerank', { model: 'amazon.rerank-v1:0', query: 'Hello', documents: ['one', 'two'] }],
    ['/images/generations', { model: 'stability.stable-image-core-v1:1', prompt: 'A cat' }],
    ['/moderations', { input: 'Hello' }],
  ])('that may not be taken on is no fault of a guardrail: %s', async (path, body) => {
    const told = await ask('guarded', path, body);
    expect(told.status).toBe(503);
    expect(told.text).toContain('AWS role that the calls of this API key are made as');
    expect(told.text).not.toContain('uardrail');
    expect(Number(told.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('which may not call models says that of the role, and closes nothing for others', async () => {
    const told = await chatWith('nothing');
    expect(told.status).toBe(403);
    expect(JSON.parse(told.text).error.message).toContain(
      'The AWS role of this API key may not call the model',
    );
    expect(told.text).not.toMatch(/arn:|123456789012/);
    const other = await chatWith('plain');
    expect(other.status).toBe(200);
    expect(other.headers.get('x-gateway-attempts') ?? '').not.toContain('cooling');
    await ask('nothing', '/responses', { model: gpt, input: 'Hello' });
    stack.simulator.calls.length = 0;
    expect((await ask('plain', '/responses', { model: gpt, input: 'Hello' })).status).toBe(200);
    expect(runtimeCalls(stack)[0]?.path).toBe('/openai/v1/responses');
  });

  test('that the settings do not list opens nothing, and the log says why', async () => {
    expect((await chatWith('unlisted')).status).toBe(401);
    expect(JSON.stringify(stack.logs)).toContain(
      'keys[6].awsRoleArn names a role that the setting ASSUMABLE_ROLES does not list',
    );
  });

  test('is not taken on for a caller who brings credentials', async () => {
    const own = {
      'x-aws-access-key-id': 'AKIACANARYCANARY0001',
      'x-aws-secret-access-key': 'canary/secret/of/it',
    };
    expect((await chatWith('search', {}, own)).status).toBe(200);
    expect(runtimeCalls(stack).map(({ accessKeyId }) => accessKeyId)).toEqual(['AKIACANARYCANARY0001']);
  });
});

const projectOf = () => {
  const [call] = runtimeCalls(stack);
  const body = (call?.body ?? {}) as { projectIdentifier?: string };
  return [body.projectIdentifier, call?.headers['x-amzn-bedrock-projectidentifier']];
};

describe('a key with a project', () => {
  test.each<[string, string, object, (string | undefined)[]]>([
    ['a chat, in its body', '/chat/completions', { model: nova, messages: hello }, [search, undefined]],
    [
      'a streamed chat',
      '/chat/completions',
      { model: nova, messages: hello, stream: true },
      [search, undefined],
    ],
    [
      'Messages, in a header',
      '/messages',
      { model: haiku, max_tokens: 50, messages: hello },
      [undefined, search],
    ],
    ['embeddings', '/embeddings', { model: titan, input: 'words' }, [undefined, search]],
    ['not Responses', '/responses', { model: gpt, input: 'Hello' }, [undefined, undefined]],
    [
      'no count of tokens',
      '/messages/count_tokens',
      { model: haiku, messages: hello },
      [undefined, undefined],
    ],
    [
      'not through an application profile',
      '/chat/completions',
      { model: profile('1arbu5hu2sjr'), messages: hello },
      [undefined, undefined],
    ],
  ])('%s', async (_, path, body, sent) => {
    expect((await ask('project', path, body)).status).toBe(200);
    expect(projectOf()).toEqual(sent);
  });

  test('that is not there is Bedrock’s refusal, in the client’s form', async () => {
    const { status, text } = await chatWith('lost');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(JSON.parse(text).error.message).toEqual(expect.any(String));
  });

  test('a client names none of its own', async () => {
    const own = { projectIdentifier: 'default', extra_body: { projectIdentifier: 'default' } };
    await chatWith('project', own, { 'x-amzn-bedrock-projectidentifier': 'default' });
    expect(projectOf()).toEqual([search, undefined]);
    stack.simulator.calls.length = 0;
    await chatWith('plain', own, { 'x-amzn-bedrock-projectidentifier': 'default' });
    expect(projectOf()).toEqual([undefined, undefined]);
  });
});

describe('a key with profiles', () => {
  test.each<[string, string, object, string, string]>([
    ['a chat', '/chat/completions', { model: haiku, messages: hello }, profile('1arbu5hu2sjr'), haiku],
    [
      'Messages',
      '/messages',
      { model: haiku, max_tokens: 50, messages: hello },
      profile('1arbu5hu2sjr'),
      haiku,
    ],
    ['embeddings', '/embeddings', { model: titan, input: 'words' }, profile('7hd83kslq1vb'), titan],
  ])(
    '%s goes through the profile, without a project and without a word of it to the client',
    async (_, path, body, called, model) => {
      const told = await ask('profiles', path, body);
      expect(told.status).toBe(200);
      expect(runtimeCalls(stack).map(({ modelId }) => modelId)).toEqual([called]);
      expect(projectOf()).toEqual([undefined, undefined]);
      expect(told.text + JSON.stringify([...told.headers])).not.toContain('application-inference-profile');
      expect(stack.logs.at(-1)).toMatchObject({ modelUsed: model });
    },
  );

  test('a profile of another region is none, and the project holds', async () => {
    expect(
      (await ask('profiles', '/chat/completions', { model: 'amazon.nova-lite-v1:0', messages: hello }))
        .status,
    ).toBe(200);
    expect(runtimeCalls(stack).map(({ modelId }) => modelId)).not.toContain(
      profile('9zk4q2lm7x0p').replace('us-east-1', 'eu-west-1'),
    );
    expect(projectOf()).toEqual([search, undefined]);
  });

  test('one that is gone is a refusal without a word of it, which closes nothing for others', async () => {
    const told = await ask('lostprofile', '/chat/completions', { model: nova, messages: hello });
    expect(told.status).toBeGreaterThanOrEqual(400);
    expect(told.text + JSON.stringify([...told.headers])).not.toMatch(/gone0000|123456789012/);
    stack.simulator.failing.set('Converse', 'AccessDeniedException');
    expect((await ask('profiles', '/chat/completions', { model: haiku, messages: hello })).status).toBe(403);
    stack.simulator.failing.clear();
    stack.simulator.calls.length = 0;
    for (const model of [nova, haiku]) {
      const { status, headers } = await ask('plain', '/chat/completions', { model, messages: hello });
      expect([status, headers.get('x-gateway-attempts') ?? '']).toEqual([
        200,
        expect.not.stringContaining('cool'),
      ]);
    }
  });

  test('a count of tokens asks for the model itself', async () => {
    expect((await ask('profiles', '/messages/count_tokens', { model: haiku, messages: hello })).status).toBe(
      200,
    );
    expect(runtimeCalls(stack).map(({ modelId }) => modelId)).not.toContain(profile('1arbu5hu2sjr'));
  });
});
