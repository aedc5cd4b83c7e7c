import { describe, expect, test } from 'vitest';
import type { Answered } from '../../../../lambda/backends/call.ts';
import { readAnswer } from '../../../../lambda/backends/messages/answer.ts';
import { KnownUsage } from '../../../../lambda/backends/messages/usage.ts';
import type { JsonObject, Usage } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';

const answered = { requestId: 'r' } as Answered;
const read = (message: unknown) => readAnswer(JSON.stringify(message), answered);
const content = [{ type: 'text', text: 'Hi' }];
const nothing: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  totalTokens: 0,
  cacheReadInputTokens: 0,
  cacheWriteInputTokens: 0,
};

describe('a whole message', () => {
  test('is the body, and says why it ended, what was used and in which tier', () => {
    const usage = { input_tokens: 3, output_tokens: 4, service_tier: 'priority' };
    const body = { type: 'message', content, stop_reason: 'tool_use', usage };
    expect(read(body)).toEqual({
      body,
      stopReason: 'tool_use',
      usage: { ...nothing, inputTokens: 3, outputTokens: 4, totalTokens: 7 },
      serviceTier: { type: 'priority' },
    });
  });

  test.each<[what: string, members: JsonObject]>([
    ['neither reason nor counts', {}],
    ['null for both', { stop_reason: null, usage: null }],
    ['a tier that is no text', { usage: { service_tier: null } }],
  ])('with %s is an answer all the same', (_, members) => {
    const body = { content, ...members };
    expect(read(body)).toEqual({ body, stopReason: 'end_turn', usage: nothing });
  });

  test('that a guardrail has changed is a refusal for the client, without what is Bedrock’s own', () => {
    const { body, stopReason } = read({
      content,
      stop_reason: 'end_turn',
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': {},
    });
    expect(stopReason).toBe('guardrail_intervened');
    expect(body).toEqual({
      content,
      stop_reason: 'refusal',
      stop_details: {
        type: 'refusal',
        category: null,
        explanation: 'A guardrail of Amazon Bedrock has intervened.',
      },
    });
  });

  test('that a guardrail has let pass keeps its reason', () => {
    const passed = { content, stop_reason: 'max_tokens', 'amazon-bedrock-guardrailAction': 'NONE' };
    expect(read(passed)).toMatchObject({
      body: { content, stop_reason: 'max_tokens' },
      stopReason: 'max_tokens',
    });
  });
});

describe('what is no message', () => {
  test.each<[what: string, text: string, name: string]>([
    ['no JSON', '<html>', 'IncompleteAnswer'],
    ['nothing', '', 'IncompleteAnswer'],
    ['a list', '[]', 'IncompleteAnswer'],
    ['null', 'null', 'IncompleteAnswer'],
    ['a message without content', '{"type":"message"}', 'IncompleteAnswer'],
    ['a content that is no list', '{"content":"Hi"}', 'IncompleteAnswer'],
    ['an output without a type', '{"Output":{}}', 'IncompleteAnswer'],
    [
      'an exception of AWS’s with status 200',
      '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"}}',
      'UnknownOperationException',
    ],
  ])('%s is a failure that may have cost something', (_, text, name) => {
    let thrown: unknown;
    try {
      readAnswer(text, answered);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect(thrown).toMatchObject({
      status: 502,
      mayHaveRun: true,
      upstream: { name, requestId: 'r', status: 200 },
    });
  });
});

describe('the counts of a call', () => {
  const known = () => {
    const usage = new KnownUsage();
    usage.add({
      input_tokens: 1,
      output_tokens: 2,
      cache_read_input_tokens: 3,
      cache_creation_input_tokens: 4,
      cache_creation: { ephemeral_1h_input_tokens: 4 },
    });
    return usage;
  };
  const full: Usage = {
    inputTokens: 1,
    outputTokens: 2,
    totalTokens: 10,
    cacheReadInputTokens: 3,
    cacheWriteInputTokens: 4,
    cacheDetails: [{ ttl: '1h', inputTokens: 4 }],
  };

  test.each<[what: string, usage: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no member', {}],
    ['members that are null', { input_tokens: null, output_tokens: null, cache_read_input_tokens: null }],
    ['no kinds of what was cached', { cache_creation: {} }],
    ['counts that are no numbers', { cache_creation_input_tokens: '9', output_tokens: {} }],
  ])('stay where an event says %s', (_, usage) => {
    const counts = known();
    counts.add(usage);
    expect(counts.usage).toEqual(full);
  });

  test('are those that were said last', () => {
    const counts = known();
    counts.add({ output_tokens: 20 });
    expect(counts.usage).toEqual({ ...full, outputTokens: 20, totalTokens: 28 });
  });

  test('are Bedrock’s own where it names them', () => {
    const counts = known();
    counts.addMetrics({ inputTokenCount: 10, invocationLatency: 99 });
    expect(counts.usage).toEqual({ ...full, inputTokens: 10, totalTokens: 19 });
    counts.addMetrics({ outputTokenCount: 20, cacheReadInputTokenCount: 30, cacheWriteInputTokenCount: 40 });
    expect(counts.usage).toMatchObject({
      inputTokens: 10,
      outputTokens: 20,
      totalTokens: 100,
      cacheReadInputTokens: 30,
      cacheWriteInputTokens: 40,
    });
    counts.addMetrics(null);
    expect(counts.usage.totalTokens).toBe(100);
  });
});

describe('a conversation that was compacted on the way', () => {
  const iterations = [
    {
      type: 'compaction',
      input_tokens: 48,
      output_tokens: 496,
      cache_read_input_tokens: 2615,
      cache_creation_input_tokens: 50_090,
      cache_creation: { ephemeral_5m_input_tokens: 50_000, ephemeral_1h_input_tokens: 90 },
    },
    { type: 'message', input_tokens: 2, output_tokens: 97, cache_read_input_tokens: 2615 },
  ];
  const own = { input_tokens: 2, output_tokens: 97, cache_read_input_tokens: 2615 };
  const all = {
    inputTokens: 50,
    outputTokens: 593,
    totalTokens: 50 + 593 + 5230 + 50_090,
    cacheReadInputTokens: 5230,
    cacheWriteInputTokens: 50_090,
    cacheDetails: [{ ttl: '1h', inputTokens: 90 }],
  };

  test('has spent what that took, too', () => {
    const usage = new KnownUsage();
    usage.add({ ...own, output_tokens: 1 });
    usage.add({ ...own, iterations });
    expect(usage.usage).toEqual(all);
    usage.add({ ...own, iterations });
    expect(usage.usage).toEqual(all);
  });

  test.each([
    ['of the answer alone', { inputTokenCount: 2, outputTokenCount: 97, cacheReadInputTokenCount: 2615 }],
    [
      'of both',
      {
        inputTokenCount: 50,
        outputTokenCount: 593,
        cacheReadInputTokenCount: 5230,
        cacheWriteInputTokenCount: 50_090,
      },
    ],
  ])('also where Bedrock’s own counts are those %s', (_, metrics) => {
    const usage = new KnownUsage();
    usage.add({ ...own, iterations });
    usage.addMetrics(metrics);
    expect(usage.usage).toMatchObject({ ...all, cacheDetails: expect.anything() });
  });
});
