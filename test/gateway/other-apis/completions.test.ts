import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haiku, nova, runtimeCalls } from '../../support/chat.ts';
import { keysFile } from '../../support/keys-file.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const imported = (id: string) => `arn:aws:bedrock:us-east-1:123456789012:imported-model/${id}`;
const llama = imported('d4e5f6a7b8c9');
const gptOss = imported('c3d4e5f6a7b8');
const servedByConverse = imported('a1b2c3d4e5f6');
const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };

let stack: Stack;
beforeAll(async () => {
  const file = await keysFile([
    { name: 'all', key: 'sk-canary-all' },
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
    { name: 'nova', key: 'sk-canary-nova', models: ['amazon.nova-*'] },
  ]);
  stack = await startStack({ env: { API_KEY_FILE: file, ENABLE_OPTIMISATION: 'true' } });
});
afterAll(() => stack.close());

interface Choice {
  text: string;
  index: number;
  logprobs: null;
  finish_reason: string | null;
}
interface Completion {
  id: string;
  object: string;
  created: number;
  model: string;
  choices: Choice[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
  error?: { message: string; param: string | null; code: string | null };
}

interface Upstream {
  messages?: { content: { text: string }[] }[];
  system?: { text: string }[];
  inferenceConfig?: object;
  prompt?: string;
}

async function send(body: object, key = 'sk-canary-all') {
  const before = runtimeCalls(stack).length;
  const response = await stack.post(
    '/completions',
    { model: nova, ...body },
    { authorization: `Bearer ${key}` },
  );
  const raw = await response.text();
  const calls = runtimeCalls(stack).slice(before);
  return { status: response.status, headers: response.headers, raw, calls };
}

async function complete(body: object, key?: string) {
  const { raw, ...rest } = await send(body, key);
  return { ...rest, answer: JSON.parse(raw) as Completion };
}

async function stream(body: object) {
  const { raw, ...rest } = await send({ ...body, stream: true });
  const events = raw.split('\n\n').filter(Boolean);
  const chunks = events.filter((event) => event.startsWith('data: {')).map((event) => event.slice(6));
  return { ...rest, raw, chunks: chunks.map((chunk) => JSON.parse(chunk) as Completion) };
}

const bodies = (calls: { body?: unknown }[]) => calls.map(({ body }) => body as Upstream);

describe('completions', () => {
  test('L1 a text: one choice with its text, why it ended, and usage', async () => {
    const { answer, calls, status } = await complete({ prompt: 'Say hello', max_tokens: 100 });
    expect(status).toBe(200);
    expect(answer).toEqual({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      created: expect.any(Number),
      model: nova,
      choices: [{ text: expect.stringMatching(/\w/), index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: expect.objectContaining({ prompt_tokens: expect.any(Number) }),
    });
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    expect(bodies(calls)).toMatchObject([{ messages: [{ role: 'user', content: [{ text: 'Say hello' }] }] }]);
    expect(stack.logs.at(-1)).toMatchObject({ api: 'completions', stream: false });
  });

  test('L2 two prompts, n 2: four choices, by prompt and then by answer', async () => {
    const { answer, calls } = await complete({ prompt: ['first prompt', 'second prompt'], n: 2, echo: true });
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(answer.choices.map(({ text }) => text.slice(0, 6))).toEqual([
      'first ',
      'first ',
      'second',
      'second',
    ]);
    const sent = bodies(calls).map(({ messages }) => messages?.[0]?.content[0]?.text);
    expect(sent.sort()).toEqual(['first prompt', 'first prompt', 'second prompt', 'second prompt']);
  });

  test('what a model takes of sampling arrives, and what it has no place for is named', async () => {
    const { status, headers, calls } = await complete({
      model: haiku,
      prompt: 'Say hello',
      temperature: 0.5,
      top_k: 5,
      stop: ['one', '', 'two'],
      seed: 1,
      frequency_penalty: 0.5,
      presence_penalty: 0.5,
      logit_bias: { 50256: -100 },
      anthropic_beta: ['context-1m-2025-08-07'],
    });
    expect(status).toBe(200);
    expect(bodies(calls)).toMatchObject([
      {
        inferenceConfig: { maxTokens: 16, temperature: 0.5, stopSequences: ['one', 'two'] },
        additionalModelRequestFields: { top_k: 5 },
      },
    ]);
    expect(headers.get('x-gateway-ignored')).toBe('frequency_penalty; presence_penalty; seed; logit_bias');
    const nucleus = await complete({ prompt: 'Say hello', top_p: 0.5, stop: 'one' });
    expect(bodies(nucleus.calls)).toMatchObject([{ inferenceConfig: { topP: 0.5, stopSequences: ['one'] } }]);
  });

  test('L3 streamed: chunks with pieces of the text, the reason, usage where it is asked for, [DONE]', async () => {
    // Events that come at once may share a chunk; with pauses between them they do not.
    const prompt = 'Tell a story [[slow:20]]';
    const { chunks, raw } = await stream({
      prompt,
      max_tokens: 200,
      stream_options: { include_usage: true },
    });
    expect(raw.endsWith('data: [DONE]\n\n')).toBe(true);
    const told = chunks.flatMap(({ choices }) => choices);
    expect(chunks.every(({ object, model }) => object === 'text_completion' && model === nova)).toBe(true);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ finish_reason }) => finish_reason).filter(Boolean)).toEqual(['stop']);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) } });
    const whole = await complete({ prompt, max_tokens: 200 });
    expect(told.map(({ text }) => text).join('')).toBe(whole.answer.choices[0]?.text);
  });

  test('L3 streamed, several prompts with their echo: each choice has its own', async () => {
    const { chunks } = await stream({ prompt: ['one ', 'two '], echo: true, max_tokens: 50 });
    const texts = [0, 1].map((wanted) =>
      chunks
        .flatMap(({ choices }) => choices)
        .filter(({ index }) => index === wanted)
        .map(({ text }) => text)
        .join(''),
    );
    expect(texts[0]).toMatch(/^one ./);
    expect(texts[1]).toMatch(/^two ./);
  });

  test('L3 streamed: what is asked of Bedrock itself comes back as in one piece', async () => {
    const asked = { prompt: 'one', model: haiku, max_tokens: 50, stop: 'simulated' };
    const guardrailConfig = { ...guardrail, trace: 'enabled' };
    const paths = (path: string) => ({ additionalModelResponseFieldPaths: [path], guardrailConfig });
    const whole = await complete({ ...asked, ...paths('/stop_sequence') });
    const trace = { guardrail: { inputAssessment: { abc123: expect.anything() } } };
    const field = { stop_sequence: 'simulated' };
    expect(whole.answer).toMatchObject({ bedrock: { trace, additionalModelResponseFields: field } });
    for (const include_usage of [true, false]) {
      const more = { ...paths('/delta/stop_sequence'), stream_options: { include_usage } };
      const { chunks, raw } = await stream({ ...asked, ...more });
      expect(raw.endsWith('data: [DONE]\n\n')).toBe(true);
      expect(chunks.at(-2)).toMatchObject({
        choices: [{ finish_reason: 'stop' }],
        bedrock: { additionalModelResponseFields: { delta: field } },
      });
      expect(chunks.at(-1)).toMatchObject({ choices: [], bedrock: { trace } });
      expect('usage' in chunks.at(-1)!).toBe(include_usage);
    }
  });

  test('L4 without max_tokens 16 are asked for', async () => {
    const { calls, answer } = await complete({ prompt: 'Tell a very long story about a long journey' });
    expect(bodies(calls)).toMatchObject([{ inferenceConfig: { maxTokens: 16 } }]);
    expect(answer.choices[0]?.finish_reason).toBe('length');
  });

  test('L5 echo: the prompt and then the text', async () => {
    const { answer } = await complete({ prompt: 'Once upon a time', echo: true });
    expect(answer.choices[0]?.text).toMatch(/^Once upon a time./);
  });

  test.each([
    ['tokens', { prompt: [1, 2, 3] }, 'prompt', /list of tokens/],
    ['lists of tokens', { prompt: [[1], [2]] }, 'prompt[0]', /list of tokens/],
    ['no prompt', {}, 'prompt', /Missing required parameter/],
    ['an empty prompt', { prompt: '' }, 'prompt', /no text/],
    ['an empty prompt in a list', { prompt: ['a', ' '] }, 'prompt[1]', /no text/],
    ['an empty list', { prompt: [] }, 'prompt', /the list is empty/],
    ['a number', { prompt: 3 }, 'prompt', /expected a string/],
    ['more than 16 prompts', { prompt: Array(17).fill('a') }, 'prompt', /at most 16/],
    ['more than 16 answers', { prompt: Array(9).fill('a'), n: 2 }, 'prompt', /at most 16/],
    ['best_of that is not n', { prompt: 'a', best_of: 3 }, 'best_of', /`best_of` is 3 and `n` 1/],
    ['n beyond 8', { prompt: 'a', n: 9 }, 'n', /at most 8/],
  ])('L6 %s: a 400 that names it, and no call', async (_, body, param, said) => {
    const { status, answer, calls } = await complete(body);
    expect(status).toBe(400);
    expect(answer.error).toMatchObject({ param, message: expect.stringMatching(said) });
    expect(calls).toEqual([]);
  });

  test('what Bedrock has not is ignored and named; null says nothing', async () => {
    const { headers, status } = await complete({
      prompt: 'Hello',
      logprobs: 2,
      user: 'u',
      suffix: null,
      best_of: 1,
    });
    expect(status).toBe(200);
    expect(headers.get('x-gateway-ignored')).toBe('logprobs; user');
  });

  test('a suffix: the model is instructed to fill in, and a warning says so', async () => {
    const { calls, headers } = await complete({ prompt: 'def add(a, b):\n', suffix: '\nprint(add(1, 2))' });
    const [sent] = bodies(calls);
    expect(sent?.system?.[0]?.text).toContain('<suffix>');
    expect(sent?.messages?.[0]?.content[0]?.text).toBe(
      '<prefix>def add(a, b):\n</prefix>\n<suffix>\nprint(add(1, 2))</suffix>',
    );
    expect(headers.get('x-gateway-warnings')).toMatch(/^suffix: the model is instructed/);
  });

  test('a model that thinks by default is asked not to, and its reasoning is no text', async () => {
    const { status, answer } = await complete({ model: haiku, prompt: 'Hello', max_tokens: 50 });
    expect(status).toBe(200);
    expect(answer.choices[0]?.text).toMatch(/\w/);
  });

  test('an optimisation technique for one prompt; for several a 400', async () => {
    const one = await complete({ model: `re2-${nova}`, prompt: 'Say hello', echo: true });
    expect(one.answer.choices).toMatchObject([{ index: 0, text: expect.stringMatching(/^Say hello./) }]);
    const several = await complete({ model: `re2-${nova}`, prompt: ['a', 'b'] });
    expect(several).toMatchObject({ status: 400, calls: [] });
    expect(several.answer.error?.message).toContain('one prompt');
  });

  test('a key’s scope holds', async () => {
    const { status, calls } = await complete({ model: haiku, prompt: [1] }, 'sk-canary-nova');
    expect({ status, calls }).toEqual({ status: 403, calls: [] });
  });

  test('a failure after the first chunk is one error event, and no [DONE]', async () => {
    const { raw } = await stream({
      prompt: '[[stream-error:throttlingException:3]] Tell a story',
      max_tokens: 200,
    });
    expect(raw.split('data: {"error"')).toHaveLength(2);
    expect(raw).not.toContain('[DONE]');
    expect(raw).not.toContain('"finish_reason":"');
  });
});

describe('imported models', () => {
  test.each([
    [
      'in their architecture’s own format',
      llama,
      { prompt: '<PRE> def add(', max_gen_len: 16, temperature: 0.1 },
    ],
    [
      'in OpenAI’s completion where they are newer',
      gptOss,
      { prompt: '<PRE> def add(', max_tokens: 16, temperature: 0.1 },
    ],
    [
      'also where Converse serves them',
      servedByConverse,
      { prompt: '<PRE> def add(', max_tokens: 16, temperature: 0.1 },
    ],
  ])('L7 get the prompt as it is by InvokeModel, %s', async (_, model, body) => {
    const { status, calls, answer } = await complete({ model, prompt: '<PRE> def add(', temperature: 0.1 });
    expect(status).toBe(200);
    expect(calls).toMatchObject([{ operation: 'InvokeModel', modelId: model }]);
    expect(calls[0]?.body).toEqual(body);
    expect(answer.choices[0]).toMatchObject({ index: 0, text: expect.stringMatching(/\w/) });
  });

  test('L7 streamed', async () => {
    const { calls, chunks } = await stream({ model: llama, prompt: 'def add(', max_tokens: 30 });
    expect(calls).toMatchObject([
      { operation: 'InvokeModelWithResponseStream', body: { prompt: 'def add(' } },
    ]);
    expect(chunks.length).toBeGreaterThan(1);
  });

  test('with a suffix the instruction goes through the chat template', async () => {
    const { calls } = await complete({ model: llama, prompt: 'a', suffix: 'b' });
    const [sent] = bodies(calls);
    expect(sent?.prompt).toContain('<|start_header_id|>user<|end_header_id|>');
  });

  test('in a chat the same model still gets its chat template', async () => {
    const before = runtimeCalls(stack).length;
    await stack.post(
      '/chat/completions',
      { model: llama, messages: [{ role: 'user', content: 'Hi' }] },
      { authorization: 'Bearer sk-canary-all' },
    );
    expect(bodies(runtimeCalls(stack).slice(before))[0]?.prompt).toContain('<|start_header_id|>');
  });
});

describe('a guardrail that a key enforces', () => {
  test.each([
    ['Converse', nova],
    ['InvokeModel', llama],
    ['InvokeModel of a newer import', gptOss],
  ])('sees the prompt by %s', async (_, model) => {
    const { answer, calls } = await complete(
      { model, prompt: ['fine', 'the forbidden word'], max_tokens: 50 },
      'sk-canary-guarded',
    );
    expect(calls).toHaveLength(2);
    expect(answer.choices[1]).toMatchObject({
      text: 'Sorry, the guardrail blocked this request.',
      finish_reason: 'content_filter',
    });
    expect(answer.choices[0]?.finish_reason).not.toBe('content_filter');
  });
});
