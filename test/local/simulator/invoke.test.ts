import { InvokeModelCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { checkBody } from '../../../local/simulator/invoke/body-schema.ts';
import { lastWords } from '../../../local/simulator/invoke/last-words.ts';
import { runtime } from './helpers.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ retired: true });
});
afterAll(() => simulator.close());

async function invoke(modelId: string, body: unknown, more = {}) {
  const answer = await runtime(simulator).send(
    new InvokeModelCommand({ modelId, body: JSON.stringify(body), contentType: 'application/json', ...more }),
  );
  return JSON.parse(answer.body.transformToString());
}

async function stream(modelId: string, body: unknown) {
  const { body: events } = await runtime(simulator).send(
    new InvokeModelWithResponseStreamCommand({ modelId, body: JSON.stringify(body) }),
  );
  const chunks: Record<string, unknown>[] = [];
  for await (const { chunk } of events ?? [])
    chunks.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
  return chunks;
}

const user = [{ role: 'user', content: 'Ahoy' }];
const said = expect.stringContaining('You said: “Ahoy”.');
const formats = [
  {
    model: 'amazon.titan-text-express-v1',
    body: { inputText: 'Ahoy', textGenerationConfig: { maxTokenCount: 100 } },
    answer: { inputTextTokenCount: 5, results: [{ outputText: said, completionReason: 'FINISH' }] },
    last: { outputText: said, completionReason: 'FINISH' },
  },
  {
    model: 'amazon.nova-micro-v1:0',
    body: { messages: [{ role: 'user', content: [{ text: 'Ahoy' }] }] },
    answer: { output: { message: { content: [{ text: said }] } }, stopReason: 'end_turn' },
    last: { metadata: { usage: { inputTokens: 5 } } },
  },
  {
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    body: { anthropic_version: 'bedrock-2023-05-31', messages: user, max_tokens: 100 },
    answer: { type: 'message', content: [{ type: 'text', text: said }], stop_reason: 'end_turn' },
    last: { type: 'message_stop' },
  },
  {
    model: 'anthropic.claude-v2:1',
    body: { prompt: '\n\nHuman: Ahoy\n\nAssistant:', max_tokens_to_sample: 100 },
    answer: { completion: said, stop_reason: 'stop_sequence', stop: '\n\nHuman:' },
    last: { completion: '', stop_reason: 'stop_sequence' },
  },
  {
    model: 'meta.llama3-8b-instruct-v1:0',
    body: { prompt: '<|start_header_id|>user<|end_header_id|>\n\nAhoy<|eot_id|>', max_gen_len: 100 },
    answer: { generation: said, stop_reason: 'stop' },
    last: { prompt_token_count: null, stop_reason: 'stop' },
  },
  {
    model: 'mistral.mistral-7b-instruct-v0:2',
    body: { prompt: '<s>[INST] Ahoy [/INST]', max_tokens: 100 },
    answer: { outputs: [{ text: said, stop_reason: 'stop' }] },
    last: { outputs: [{ stop_reason: 'stop' }] },
  },
  {
    model: 'cohere.command-light-text-v14',
    body: { prompt: 'Ahoy', max_tokens: 100 },
    answer: { generations: [{ text: said, finish_reason: 'COMPLETE' }], prompt: 'Ahoy' },
    last: { is_finished: true, finish_reason: 'COMPLETE' },
  },
  {
    model: 'cohere.command-r-v1:0',
    body: { message: 'Ahoy' },
    answer: { text: said, finish_reason: 'COMPLETE', chat_history: [{ role: 'USER' }, { role: 'CHATBOT' }] },
    last: { event_type: 'stream-end', response: { text: said } },
  },
  {
    model: 'ai21.jamba-1-5-mini-v1:0',
    body: { messages: user, max_tokens: 100 },
    answer: { choices: [{ message: { content: said }, finish_reason: 'stop' }], usage: { prompt_tokens: 5 } },
    last: { choices: [], usage: { prompt_tokens: 5 } },
  },
];

describe.each(formats)('$model', ({ model, body, answer, last }) => {
  test('answers in its own words', async () => {
    expect(await invoke(model, body)).toMatchObject(answer);
  });

  test('and in a stream, whose last chunk has the metrics', async () => {
    const chunks = await stream(model, body);
    expect(chunks.at(-1)).toMatchObject({
      ...last,
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: expect.any(Number),
        outputTokenCount: expect.any(Number),
      },
    });
    for (const chunk of chunks.slice(0, -1))
      expect(chunk).not.toHaveProperty('amazon-bedrock-invocationMetrics');
  });

  test('the same is said in the same place when it is cut off', async () => {
    const key = ['max_gen_len', 'max_tokens', 'max_tokens_to_sample'].find((name) => name in body);
    if (!key) return;
    expect(JSON.stringify(await invoke(model, { ...body, [key]: 2 }))).toMatch(
      /"(length|max_tokens|MAX_TOKENS)"/,
    );
  });
});

describe('malformed bodies', () => {
  test.each([
    [
      'cohere.embed-v4:0',
      { input_type: 'search_query', texts: [] },
      '#/texts: expected minimum item count: 1, found: 0',
    ],
    [
      'amazon.titan-embed-text-v2:0',
      { inputText: 'a', embeddingTypes: ['int8'] },
      '#/embeddingTypes/0: int8 is not a valid enum value',
    ],
    ['meta.llama3-8b-instruct-v1:0', {}, '#: required key [prompt] not found'],
    ['meta.llama3-8b-instruct-v1:0', { prompt: 'a', stop: [] }, '#: extraneous key [stop] is not permitted'],
    [
      'meta.llama3-8b-instruct-v1:0',
      { prompt: 'a', temperature: 2 },
      '#/temperature: 2 is not less or equal to 1',
    ],
    ['meta.llama3-8b-instruct-v1:0', { prompt: 'a', top_p: -1 }, '#/top_p: -1 is not greater or equal to 0'],
    ['meta.llama3-8b-instruct-v1:0', { prompt: 1 }, '#/prompt: expected type: String, found: Integer'],
    ['meta.llama3-8b-instruct-v1:0', { messages: [] }, '2 schema violations found'],
    ['amazon.titan-embed-text-v2:0', { inputText: '' }, '#/inputText: expected minLength: 1, actual: 0'],
    [
      'amazon.titan-embed-text-v2:0',
      { inputText: 'a', dimensions: 300 },
      '#/dimensions: 300 is not a valid enum value',
    ],
    ['cohere.embed-english-v3', { texts: ['a'] }, '#: required key [input_type] not found'],
    [
      'cohere.embed-english-v3',
      { texts: [1], input_type: 'image' },
      '#/texts/0: expected type: String, found: Integer',
    ],
    ['ai21.jamba-1-5-mini-v1:0', { messages: [] }, '#/messages: expected minimum item count: 1, found: 0'],
  ])('%s: %j', async (model, body, why) => {
    await expect(invoke(model, body)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Malformed input request: ${why}, please reformat your input and try again.`,
    });
  });

  test.each([null, true, 1.5])('%j is no object', (body) => {
    expect(() => checkBody(body, { type: 'JSONObject' })).toThrow(
      /#: expected type: JSONObject, found: (Null|Boolean|Number)/,
    );
  });
});

test('what writes nothing does not stream', async () => {
  await expect(stream('amazon.titan-embed-text-v2:0', { inputText: 'a' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(stream('stability.sd3-5-large-v1:0', { prompt: 'a' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('a guardrail in the headers speaks beside the model', async () => {
  const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1', trace: 'ENABLED' };
  const body = { inputText: 'something forbidden' };
  expect(await invoke('amazon.titan-text-express-v1', body, guardrail)).toMatchObject({
    'amazon-bedrock-guardrailAction': 'INTERVENED',
    'amazon-bedrock-trace': { guardrail: expect.anything() },
  });
  const clear = await invoke(
    'amazon.titan-text-express-v1',
    { inputText: 'Ahoy' },
    { ...guardrail, trace: 'DISABLED' },
  );
  expect(clear).toMatchObject({ 'amazon-bedrock-guardrailAction': 'NONE' });
  expect(clear).not.toHaveProperty('amazon-bedrock-trace');
});

test('scenarios play on InvokeModel too', async () => {
  await expect(invoke('meta.llama3-8b-instruct-v1:0', { prompt: '[[throttle]] Hi' })).rejects.toMatchObject({
    name: 'ThrottlingException',
  });
});

test.each([
  ['<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Bye [/INST]', 'Bye'],
  ['<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST]', 'Hi'],
  ['<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n', 'Hi'],
  ['<|header_start|>user<|header_end|>\n\nHi<|eot|><|header_start|>assistant<|header_end|>\n\n', 'Hi'],
  ['<｜begin▁of▁sentence｜>S<｜User｜>Hi<｜Assistant｜>', 'Hi'],
  ['Hi', 'Hi'],
])('what the user said last in %j', (prompt, words) => {
  expect(lastWords(prompt)).toBe(words);
});
