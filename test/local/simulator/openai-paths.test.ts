import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { accountArn } from '../../../local/simulator/models/account.ts';
import { applicationProfiles, importedModels, provisioned } from '../../../local/simulator/models/owned.ts';
import { ResponseStore } from '../../../local/simulator/openai/responses/store.ts';
import { signed } from './helpers.ts';
import { call, gpt, gptOss, qwen } from './openai.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const paths = {
  chat: ['/chat/completions', { messages: [{ role: 'user', content: 'Hello' }] }],
  responses: ['/responses', { input: 'Hello' }],
} as const;
type Path = keyof typeof paths;

/** What a model answers on a path: nothing, or the words of its refusal. */
async function refusalOf(path: Path, model: string): Promise<string | undefined> {
  const [where, body] = paths[path];
  const { status, json } = await call(simulator, where, { model, ...body });
  return status === 200 ? undefined : `${status} ${json.error.message}`;
}
const arn = (resource: string) => accountArn('us-east-1', '123456789012', resource);

describe('which model has which path', () => {
  test.each<[string, boolean, boolean]>([
    [gpt, true, true],
    ['global.openai.gpt-6.2-astra', true, true],
    ['us.openai.gpt-5.4', false, true],
    ['us.openai.gpt-5.5', false, true],
    ['us.moonshotai.kimi-k3', true, true],
    ['global.moonshotai.kimi-k3.1', true, true],
    ['global.xai.grok-4.7', true, false],
    [gptOss, true, false],
    ['openai.gpt-oss-safeguard-20b', true, false],
    [qwen, true, false],
    ['moonshotai.kimi-k2.5', true, false],
    ['moonshot.kimi-k2-thinking', false, false],
    ['deepseek.v3.2', true, false],
    ['us.deepseek.r1-v1:0', false, false],
    ['mistral.mistral-large-3-675b-instruct', true, false],
    ['mistral.mistral-large-2407-v1:0', false, false],
    ['us.anthropic.claude-sonnet-5-5', false, false],
    ['amazon.nova-pro-v1:0', false, false],
    ['us.meta.llama3-3-70b-instruct-v1:0', false, false],
    ['us.writer.palmyra-x5-v1:0', false, false],
  ])('%s: Chat Completions %s, Responses %s', async (model, chat, responses) => {
    const words = (path: string) => `400 The model '${model}' does not support the '/openai/v1${path}' API.`;
    expect(await refusalOf('chat', model)).toBe(chat ? undefined : words('/chat/completions'));
    expect(await refusalOf('responses', model)).toBe(responses ? undefined : words('/responses'));
  });

  test.each<[string, string]>([
    ['openai.gpt-5.6-sol', 'isn’t supported. Retry your request with the ID or ARN of an inference profile'],
    ['moonshotai.kimi-k3', 'isn’t supported. Retry'],
    ['eu.openai.gpt-5.6-sol', 'The provided model identifier is invalid.'],
    ['gpt-4o', 'The provided model identifier is invalid.'],
    ['openai.gpt-oss-120b', 'The provided model identifier is invalid.'],
    [
      arn(`application-inference-profile/${applicationProfiles[0]!.id}`),
      'Application inference profiles are not supported by this API.',
    ],
    [arn(`imported-model/${importedModels[0].id}`), 'The provided model identifier is invalid.'],
    [arn(`provisioned-model/${provisioned[0]!.id}`), 'The provided model identifier is invalid.'],
  ])('%s is refused', async (model, words) => {
    for (const path of ['chat', 'responses'] as const) expect(await refusalOf(path, model)).toContain(words);
  });

  test('a body names its model', async () => {
    for (const [where, body] of Object.values(paths)) {
      expect((await call(simulator, where, body)).json.error.message).toBe(
        `Missing required parameter: 'model'.`,
      );
      expect((await call(simulator, where, { ...body, model: 1 })).status).toBe(400);
      expect((await call(simulator, where, '[1]')).status).toBe(400);
    }
  });
});

describe('the front door', () => {
  const ask = (headers: Record<string, string>) =>
    call(simulator, '/responses', { model: gpt, input: 'Hello' }, { headers });

  test.each<[string, Record<string, string>, string]>([
    ['no signature', {}, 'MissingAuthenticationTokenException'],
    ['an old token', signed(Date.now(), { accessKeyId: 'EXPIRED' }), 'ExpiredTokenException'],
    ['a key of another form', { authorization: 'Bearer sk-123' }, 'AccessDeniedException'],
  ])('has a form of its own: %s', async (_name, sent, exception) => {
    const { status, json, headers } = await ask(sent);
    expect([status, json]).toEqual([403, { message: expect.any(String) }]);
    expect(headers.get('x-amzn-errortype')).toContain(exception);
  });

  test('says what a caller may not do, and on what', async () => {
    simulator.failing.set('CreateResponse', 'AccessDeniedException');
    const { json } = await ask(signed());
    expect(json.message).toMatch(
      /not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:123456789012:project\/default because/,
    );
  });

  test('does not know other paths, and calls that a success', async () => {
    for (const path of ['/models', '/embeddings', '/responses/x/input_items', '/chat'])
      expect(await call(simulator, path)).toMatchObject({
        status: 200,
        json: { Output: { __type: 'com.amazon.coral.service#UnknownOperationException' } },
      });
    const wrong = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      headers: signed(),
      body: '{}',
    });
    expect([wrong.status, await wrong.text()]).toEqual([200, expect.stringContaining('UnknownOperation')]);
  });
});

test('no body makes the simulator fail', async () => {
  const names = [
    'input',
    'messages',
    'tools',
    'tool_choice',
    'text',
    'reasoning',
    'response_format',
    'include',
    'stream',
  ];
  const body = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 4 }));
  const items = fc.array(
    fc.record(
      {
        type: fc.constantFrom('message', 'reasoning', 'function_call_output'),
        role: fc.constantFrom('user', 'assistant'),
        content: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );
  const any = fc.oneof(body, fc.record({ input: items }), fc.record({ messages: items }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/responses', '/chat/completions'), any, async (path, sent) => {
      const response = await fetch(`${simulator.url}/openai/v1${path}`, {
        method: 'POST',
        headers: signed(),
        body: JSON.stringify({ ...sent, model: gpt }),
      });
      expect([200, 400, 404]).toContain(response.status);
      await response.arrayBuffer();
    }),
    { numRuns: 300 },
  );
});

describe('the store', () => {
  const entry = (id: string, text = '', expires = 10) => ({
    resource: { id },
    items: [{ type: 'message', role: 'user', content: text }],
    region: 'us-east-1',
    expires,
  });

  test('forgets the oldest when there are many, or when they are large', () => {
    const store = new ResponseStore();
    for (let i = 0; i <= 200; i += 1) store.add(entry(`resp_${i}`));
    expect(store.get('resp_0', 'us-east-1', 0)).toBeUndefined();
    expect(store.get('resp_1', 'us-east-1', 0)).toBeDefined();
    store.add(entry('resp_large', 'x'.repeat(31_999_000)));
    expect(store.get('resp_1', 'us-east-1', 0)).toBeUndefined();
    expect(store.get('resp_large', 'us-east-1', 0)).toBeDefined();
  });

  test('knows a response in its region, for a while, and until it is deleted', () => {
    const store = new ResponseStore();
    store.add(entry('resp_1'));
    expect(store.get('resp_1', 'us-west-2', 0)).toBeUndefined();
    expect(store.get('resp_1', 'us-east-1', 10)).toBeUndefined();
    expect(store.get('resp_1', 'us-east-1', 9)).toBeDefined();
    store.delete('resp_1');
    expect(store.get('resp_1', 'us-east-1', 0)).toBeUndefined();
  });
});
