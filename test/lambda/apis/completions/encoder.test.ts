import { expect, test } from 'vitest';
import { CompletionsEncoder } from '../../../../lambda/apis/completions/encoder.ts';
import type { ConverseEvent } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';

const head = { requestId: 'req_1', createdAt: 1_700_000_000_500 };
const rendering = { before: [''], includeUsage: false, trace: false };
const delta = (text: string): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: 0, delta: { text } },
});
const opening = '"id":"cmpl-req_1","object":"text_completion","created":1700000000,"model":"m"';

test('a chunk for each batch that has text, and one that says why it ended', () => {
  const encoder = new CompletionsEncoder(head, rendering, 1);
  expect(encoder.open('m')).toBe('');
  expect(encoder.push([{ messageStart: { role: 'assistant' } }], 0)).toBe('');
  expect(encoder.push([delta('a'), delta('"b\n')], 0)).toBe(
    `data: {${opening},"choices":[{"text":"a\\"b\\n","index":0,"logprobs":null,"finish_reason":null}]}\n\n`,
  );
  expect(encoder.push([delta('c'), { messageStop: { stopReason: 'max_tokens' } }], 0)).toBe(
    `data: {${opening},"choices":[{"text":"c","index":0,"logprobs":null,"finish_reason":null}]}\n\n` +
      `data: {${opening},"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"length"}]}\n\n`,
  );
  expect(encoder.end()).toBe('data: [DONE]\n\n');
});

test('more answers than prompts each have the prompt before them', () => {
  const encoder = new CompletionsEncoder(head, { ...rendering, before: ['p'] }, 2);
  expect(encoder.open('m').match(/"text":"p","index":\d/g)).toEqual([
    '"text":"p","index":0',
    '"text":"p","index":1',
  ]);
});

test('usage is of all answers together, and null in every chunk before it', () => {
  const encoder = new CompletionsEncoder(head, { before: ['', ''], includeUsage: true, trace: false }, 2);
  encoder.open('m');
  expect(encoder.push([delta('a')], 1)).toContain('"usage":null');
  for (const index of [0, 1]) {
    const usage = { inputTokens: 3, outputTokens: 4, totalTokens: 7 };
    encoder.push([{ metadata: { usage, metrics: { latencyMs: 1 } } }], index);
  }
  const [chunk = '', done] = encoder.end().split('\n\n');
  expect(JSON.parse(chunk.slice('data: '.length))).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 6, completion_tokens: 8, total_tokens: 14 },
  });
  expect(done).toBe('data: [DONE]');
});

test('a failure is one event in OpenAI’s form', () => {
  const encoder = new CompletionsEncoder(head, rendering, 1);
  encoder.open('m');
  const error = new GatewayError({ status: 502, reason: 'model_error', message: 'It broke.' });
  expect(JSON.parse(encoder.fail(error).slice('data: '.length))).toMatchObject({
    error: { message: 'It broke.' },
  });
});
