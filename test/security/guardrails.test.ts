import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chat, nova, runtimeCalls } from '../support/chat.ts';
import { keysFile } from '../support/keys-file.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** A guardrail that a key or the settings enforce sees all that a caller says, wherever and however it is said. */

const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
const other = { guardrailIdentifier: 'v9kpg6yrwhs2', guardrailVersion: '1' };
const imported = (id: string) => `arn:aws:bedrock:us-east-1:123456789012:imported-model/${id}`;

const backends = {
  Converse: nova,
  'InvokeModel with messages': imported('c3d4e5f6a7b8'),
  'InvokeModel with a prompt': imported('d4e5f6a7b8c9'),
};

const word = 'the forbidden word';
const plain = { type: 'text', text: word };
const marked = (text: string) => ({ type: 'guarded_text', text });
const user = (content: unknown) => ({ role: 'user', content });
const tag = (inside: string) =>
  `<amazon-bedrock-guardrails-guardContent_abc>${inside}</amazon-bedrock-guardrails-guardContent_abc>`;
const tagged = [user(`${tag('Hello')} ${word}`)];
const settings = { 'amazon-bedrock-guardrailConfig': { tagSuffix: 'abc' } };

interface Sent {
  messages?: object;
  guardrailConfig?: { guardrailIdentifier: string };
}
const header = 'x-amzn-bedrock-guardrailidentifier';

/** Every way to say the word, and to keep a guardrail from looking at it. */
const ways: Record<string, object> = {
  'said outright': { messages: [user(word)] },
  'beside a marked text': { messages: [user([marked('Hello'), plain])] },
  'before a marked text': { messages: [user([plain, marked('Hello')])] },
  'after a turn with a marked text': {
    messages: [user([marked('Hello')]), { role: 'assistant', content: 'Yes?' }, user(word)],
  },
  'before a turn with a marked text': {
    messages: [user(word), { role: 'assistant', content: 'Yes?' }, user([marked('Hello')])],
  },
  'in the system prompt': { messages: [{ role: 'system', content: word }, user('Hello')] },
  'as the developer': { messages: [{ role: 'developer', content: word }, user('Hello')] },
  'in the system prompt, beside a marked turn': {
    messages: [{ role: 'system', content: word }, user([marked('Hello')])],
  },
  'beside tags, their suffix in extra_body': { messages: tagged, extra_body: settings },
  'beside tags, their suffix among the model’s fields': {
    messages: tagged,
    additionalModelRequestFields: settings,
  },
  'beside tags, their suffix in snake case': { messages: tagged, additional_model_request_fields: settings },
  'beside tags, their suffix as a parameter': { messages: tagged, ...settings },
  'under another guardrail': { messages: [user([marked('Hello'), plain])], guardrailConfig: other },
  'under another guardrail in extra_body': {
    messages: [user(word)],
    extra_body: { guardrailConfig: other, ...settings },
  },
};

let stack: Stack;
let guarded: Stack;
beforeAll(async () => {
  const file = await keysFile([{ name: 'guarded', key: 'sk-canary-guarded', guardrail }]);
  stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', API_KEY_FILE: file } });
});
afterAll(() => stack.close());

const key = { authorization: 'Bearer sk-canary-guarded' };

describe('a guardrail that a key enforces', () => {
  describe.each(Object.entries(backends))('%s', (_, model) => {
    describe.each([false, true])('streamed: %s', (stream) => {
      test.each(Object.keys(ways))('sees the word %s', async (way) => {
        const before = runtimeCalls(stack).length;
        const told = await chat(stack, '', { ...ways[way], model, stream }, key);
        expect(told).toMatchObject({ status: 200, text: 'Sorry, the guardrail blocked this request.' });
        const [call] = runtimeCalls(stack).slice(before);
        const { messages, guardrailConfig, ...rest } = call!.body as Sent;
        expect(JSON.stringify([messages, rest])).not.toMatch(/tagSuffix|guardrailConfig|v9kpg6yrwhs2/);
        expect(JSON.stringify(messages ?? '')).not.toContain('guardContent":');
        const enforced = guardrailConfig?.guardrailIdentifier ?? call?.headers[header];
        expect(enforced).toBe('abc123');
      });

      test('lets pass what has no such word', async () => {
        const told = await chat(
          stack,
          '',
          { messages: [user([marked('Good morning')])], model, stream },
          key,
        );
        expect(told).toMatchObject({ status: 200, complete: true });
        expect(told.text).toContain('Good morning');
        expect(told.headers.get('x-gateway-warnings')).toContain('guarded_text became plain text');
      });
    });
  });

  test('names what it left out', async () => {
    const { headers } = await chat(stack, '', { messages: tagged, extra_body: settings }, key);
    expect(headers.get('x-gateway-ignored')).toContain('amazon-bedrock-guardrailConfig');
  });
});

describe('a guardrail of the client’s own', () => {
  test('looks where the client says', async () => {
    const told = await chat(stack, '', {
      messages: [user([marked('Hello'), plain])],
      model: nova,
      guardrailConfig: guardrail,
    });
    expect(told.text).toContain('You said');
    const body = runtimeCalls(stack).at(-1)?.body as { messages: { content: object[] }[] };
    expect(body.messages[0]?.content[0]).toEqual({ guardContent: { text: { text: 'Hello' } } });
  });

  test('looks into the client’s tags', async () => {
    const headers = {
      'x-amzn-bedrock-guardrailidentifier': 'abc123',
      'x-amzn-bedrock-guardrailversion': '1',
    };
    const told = await chat(
      stack,
      '',
      { messages: tagged, model: backends['InvokeModel with messages'], extra_body: settings },
      headers,
    );
    expect(told.text).not.toContain('Sorry');
    expect(runtimeCalls(stack).at(-1)?.body).toMatchObject(settings);
  });
});

describe('embeddings under a guardrail of the settings', () => {
  beforeAll(async () => {
    const own = await keysFile([{ name: 'own', key: 'sk-canary-own', guardrail: other }]);
    guarded = await startStack({
      env: {
        AWS_MAX_ATTEMPTS: '1',
        GUARDRAIL: JSON.stringify(guardrail),
        API_KEY_FILE: own,
        CALLER_CREDENTIALS: 'with-key',
      },
    });
  });
  afterEach(() => {
    guarded.simulator.failing.clear();
    guarded.simulator.calls.length = 0;
  });
  afterAll(() => guarded.close());

  const models = [
    'amazon.titan-embed-text-v2:0',
    'amazon.titan-embed-text-v1',
    'amazon.titan-embed-image-v1',
    'cohere.embed-english-v3',
    'us.cohere.embed-v4:0',
    'amazon.nova-2-multimodal-embeddings-v1:0',
  ];
  interface Answer {
    error?: { message: string; code: string | null; param: string | null };
    data?: object[];
  }
  const embed = async (body: object, headers = {}) => {
    const response = await guarded.post('/embeddings', { model: models[0], ...body }, headers);
    return { response, answer: (await response.json()) as Answer };
  };
  const called = () => guarded.simulator.calls.map(({ operation }) => operation);

  test.each(models)('%s: a text that is blocked is a 400 with the guardrail’s words', async (model) => {
    const { response, answer } = await embed({ model, input: word });
    expect(response.status).toBe(400);
    expect(answer.error).toMatchObject({ code: 'content_filter', param: 'input' });
    expect(answer.error?.message).toContain('Sorry, the guardrail blocked this request.');
    expect(called()).toEqual(['ApplyGuardrail']);
  });

  test('one text among many is named, and none is sent', async () => {
    const { answer } = await embed({ input: ['one', 'two', word, 'four'] });
    expect(answer.error).toMatchObject({ param: 'input[2]' });
    expect(called()).not.toContain('InvokeModel');
  });

  test('each text is assessed before the model is called', async () => {
    const { response, answer } = await embed({ input: ['one', 'two'] });
    expect([response.status, answer.data?.length]).toEqual([200, 2]);
    expect(called()).toEqual(['ApplyGuardrail', 'ApplyGuardrail', 'InvokeModel', 'InvokeModel']);
    expect(guarded.simulator.calls[0]).toMatchObject({
      path: '/guardrail/abc123/version/1/apply',
      body: { source: 'INPUT', content: [{ text: { text: 'one' } }] },
    });
  });

  test('what is masked is embedded as it was masked', async () => {
    const { response } = await embed({ input: 'a confidential name' });
    expect(response.headers.get('x-gateway-warnings')).toContain('masked parts of input');
    expect(guarded.simulator.calls.at(-1)?.body).toMatchObject({ inputText: 'a {NAME} name' });
  });

  test('a key’s own guardrail comes before that of the settings', async () => {
    await embed({ input: 'one' }, { authorization: 'Bearer sk-canary-own' });
    expect(guarded.simulator.calls[0]?.path).toBe('/guardrail/v9kpg6yrwhs2/version/1/apply');
  });

  test.each([
    ['AccessDeniedException', 500, 'guardrail_unavailable'],
    ['ResourceNotFoundException', 500, 'guardrail_unavailable'],
    ['ValidationException', 500, 'guardrail_unavailable'],
    ['ServiceQuotaExceededException', 400, null],
    ['ThrottlingException', 429, 'rate_limit_exceeded'],
    ['ServiceUnavailableException', 503, 'overloaded'],
    ['InternalServerException', 500, 'upstream_error'],
  ] as const)('%s: nothing is sent unguarded', async (exception, status, code) => {
    guarded.simulator.failing.set('ApplyGuardrail', exception);
    const { response, answer } = await embed({ input: 'one' });
    expect([response.status, answer.error?.code]).toEqual([status, code]);
    expect(answer.error?.message).toContain('nothing was sent to the model');
    expect(answer.error?.message).not.toMatch(/arn:|abc123|\d{12}/);
    expect(called()).toEqual(['ApplyGuardrail']);
  });

  test('with a caller’s own credentials it is applied with those, or nothing is sent', async () => {
    const headers = {
      'x-aws-access-key-id': 'AKIACALLERSOWNKEY000',
      'x-aws-secret-access-key': 'callers/own/secret/that/is/as/long/as/AWS',
    };
    expect((await embed({ input: 'one' }, headers)).response.status).toBe(200);
    expect(guarded.simulator.calls.map(({ accessKeyId }) => accessKeyId)).toEqual([
      'AKIACALLERSOWNKEY000',
      'AKIACALLERSOWNKEY000',
    ]);
    guarded.simulator.failing.set('ApplyGuardrail', 'AccessDeniedException');
    const { response, answer } = await embed({ input: 'one' }, headers);
    expect([response.status, answer.error?.code]).toEqual([403, 'guardrail_unavailable']);
    expect(called().at(-1)).toBe('ApplyGuardrail');
  });
});
