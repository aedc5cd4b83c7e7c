import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  asker,
  batchKeys,
  inputRecords,
  jobCalls,
  linesIn,
  message,
  startBatchStack,
  wholeJob,
} from '../../support/batches.ts';
import { haiku, nova } from '../../support/chat.ts';
import type { Stack } from '../../support/stack.ts';

/** /v1/messages/batches, in Anthropic's form. */

let stack: Stack;
beforeAll(async () => {
  stack = await startBatchStack();
});
afterAll(() => stack.close());
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});

const alice = () => asker(stack, batchKeys.alice, { 'anthropic-version': '2023-06-01' });
const many = (count: number, each: (i: number) => object = (i) => message(i)) => ({
  requests: Array.from({ length: count }, (_, i) => each(i)),
});
interface MessageBatch {
  id: string;
  processing_status: string;
  request_counts: Record<string, number>;
  results_url: string | null;
  [name: string]: unknown;
}
const create = (body: object) => alice()<MessageBatch>('POST', '/messages/batches', body);
const show = async (id: string) => (await alice()<MessageBatch>('GET', `/messages/batches/${id}`)).json;
const results = async (id: string) => {
  const { text } = await alice()('GET', `/messages/batches/${id}/results`);
  return linesIn<{
    custom_id: string;
    result: { type: string; message?: Record<string, unknown>; error?: object };
  }>(text);
};
const none = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };

describe('a batch of messages', () => {
  test('A1: for two models is two jobs and one object, whose counts are theirs together', async () => {
    const { status, json } = await create(many(250, (i) => message(i, i % 2 === 0 ? {} : { model: nova })));
    expect(status).toBe(200);
    expect(json).toEqual({
      id: expect.stringMatching(/^msgbatch_[\w-]+$/),
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { ...none, processing: 250 },
      ended_at: null,
      created_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
      archived_at: null,
      cancel_initiated_at: null,
      results_url: null,
    });
    expect(jobCalls(stack).map(({ body }) => body)).toMatchObject([
      { modelId: haiku, modelInvocationType: 'InvokeModel' },
      { modelId: nova, modelInvocationType: 'Converse' },
    ]);
    stack.simulator.advanceJobs(wholeJob);
    expect(await show(json.id)).toMatchObject({
      processing_status: 'ended',
      request_counts: { ...none, succeeded: 250 },
      ended_at: expect.stringMatching(/Z$/),
      results_url: expect.stringMatching(/^https?:/),
    });
    const address = `${stack.baseUrl.replace('http:', '')}/messages/batches/${json.id}/results`;
    expect((await show(json.id)).results_url?.replace(/^https?:/, '')).toBe(address);
    const lines = await results(json.id);
    expect(new Set(lines.map(({ custom_id }) => custom_id)).size).toBe(250);
    for (const { custom_id, result } of lines) {
      const i = Number(custom_id.slice('message-'.length));
      expect(result).toMatchObject({
        type: 'succeeded',
        message: {
          type: 'message',
          model: i % 2 === 0 ? haiku : nova,
          content: [{ type: 'text', text: expect.stringContaining(`Question ${i}”`) }],
          stop_reason: 'end_turn',
        },
      });
    }
    const counted = stack.logs.filter(({ api, calls }) => api === 'batch_results' && calls !== undefined);
    expect(counted).toMatchObject([{ calls: 2, inputTokens: expect.any(Number) }]);
  });

  test('sends Claude the client’s own body, with what it needs and without what a job refuses', async () => {
    const params = {
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'look', input_schema: { type: 'object' } }],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      max_tokens: 2000,
      metadata: { user_id: 'u' },
      service_tier: 'auto',
    };
    const { status, headers, text } = await create(many(100, (i) => message(i, params)));
    expect([status, text]).toMatchObject([200, expect.anything()]);
    expect(headers.get('x-gateway-ignored')).toContain('cache_control');
    expect(inputRecords(stack)[0]?.modelInput).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 2000,
      metadata: { user_id: 'u' },
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: 'Question 0' }],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      tools: [{ name: 'look', input_schema: { type: 'object', properties: {} } }],
    });
  });

  test('A2: has no results before it has ended: 404', async () => {
    const { json } = await create(many(100));
    const { status, json: error } = await alice()('GET', `/messages/batches/${json.id}/results`);
    expect(status).toBe(404);
    expect(error).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error', message: expect.stringContaining('no results yet') },
    });
  });

  test('A3: cannot be deleted while it runs, and can when it has ended', async () => {
    const { json } = await create(many(100));
    const refused = await alice()('DELETE', `/messages/batches/${json.id}`);
    expect([refused.status, refused.json]).toMatchObject([400, { error: { type: 'invalid_request_error' } }]);
    stack.simulator.advanceJobs(wholeJob);
    const deleted = await alice()('DELETE', `/messages/batches/${json.id}`);
    expect(deleted.json).toEqual({ id: json.id, type: 'message_batch_deleted' });
    expect((await alice()('GET', `/messages/batches/${json.id}`)).status).toBe(404);
    expect(stack.simulator.buckets.keys('bedrock-gateway-batches')).toEqual([]);
  });

  test('A4: is listed in pages, to both sides', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      ids.push((await create(many(100))).json.id);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const page = async (query: string) => {
      const { json } = await alice()<{
        data: MessageBatch[];
        has_more: boolean;
        first_id: string;
        last_id: string;
      }>('GET', `/messages/batches${query}`);
      const { data, has_more, first_id, last_id } = json;
      return [data.map(({ id }) => ids.indexOf(id)), has_more, ids.indexOf(first_id), ids.indexOf(last_id)];
    };
    expect(await page('')).toEqual([[3, 2, 1, 0], false, 3, 0]);
    expect(await page('?limit=2')).toEqual([[3, 2], true, 3, 2]);
    expect(await page(`?limit=2&after_id=${ids[2]}`)).toEqual([[1, 0], false, 1, 0]);
    expect(await page(`?limit=2&before_id=${ids[0]}`)).toEqual([[2, 1], true, 2, 1]);
    expect(await page(`?before_id=${ids[2]}`)).toEqual([[3], false, 3, 3]);
    expect((await alice()('GET', `/messages/batches?before_id=${ids[0]}&after_id=${ids[1]}`)).status).toBe(
      400,
    );
  });

  test('B7: that is cancelled counts what was not reached as canceled', async () => {
    const { json } = await create(many(100));
    stack.simulator.advanceJobs(14_000);
    const canceling = await alice()<MessageBatch>('POST', `/messages/batches/${json.id}/cancel`);
    expect(canceling.json).toMatchObject({
      processing_status: 'canceling',
      cancel_initiated_at: expect.stringMatching(/Z$/),
      request_counts: { ...none, processing: 100 },
    });
    stack.simulator.advanceJobs(5000);
    const ended = await show(json.id);
    const { succeeded = 0, canceled = 0 } = ended.request_counts;
    expect([ended.processing_status, succeeded + canceled]).toEqual(['ended', 100]);
    const kinds = Map.groupBy(await results(json.id), ({ result }) => result.type);
    expect([kinds.get('succeeded')?.length, kinds.get('canceled')?.length]).toEqual([succeeded, canceled]);
  });

  test.each([
    ['expire', { ...none, succeeded: 50, expired: 50 }, ['expired', 'succeeded']],
    ['fail', { ...none, errored: 100 }, ['errored']],
  ] as const)(
    'B7: whose job comes to %s has every request among its counts and results',
    async (how, counts, kinds) => {
      const first = { messages: [{ role: 'user', content: `[[batch:${how}]] Hello` }] };
      const { json } = await create(many(100, (i) => message(i, i === 0 ? first : {})));
      stack.simulator.advanceJobs(wholeJob);
      expect(await show(json.id)).toMatchObject({ processing_status: 'ended', request_counts: counts });
      const lines = await results(json.id);
      expect(lines).toHaveLength(100);
      expect([...new Set(lines.map(({ result }) => result.type))].sort()).toEqual(kinds);
    },
  );

  test('B8: tells an error of one request in Anthropic’s form', async () => {
    const bad = { messages: [{ role: 'user', content: '[[validation]] Hello' }] };
    const { json } = await create(many(100, (i) => message(i, i === 7 ? bad : {})));
    stack.simulator.advanceJobs(wholeJob);
    expect((await show(json.id)).request_counts).toEqual({ ...none, succeeded: 99, errored: 1 });
    const errored = (await results(json.id)).filter(({ result }) => result.type === 'errored');
    expect(errored).toMatchObject([
      {
        custom_id: 'message-7',
        result: {
          error: { type: 'error', error: { type: 'invalid_request_error', message: expect.any(String) } },
        },
      },
    ]);
  });
});

describe('what is no batch of messages', () => {
  const seventh = (request: object) => many(100, (i) => (i === 6 ? request : message(i)));
  test.each([
    ['no list', {}, /^requests: Field required/],
    ['an empty list', { requests: [] }, /^requests: List should have at least 1 item/],
    ['a request without params', seventh({ custom_id: 'a' }), /^requests\.6\.params: Field required/],
    ['a request without an id', seventh({ params: {} }), /^requests\.6\.custom_id: Field required/],
    ['an id of other characters', seventh({ ...message(6), custom_id: 'a b' }), /^requests\.6\.custom_id: /],
    ['an id twice', seventh(message(2)), /^requests\.6\.custom_id: it is the one of requests\.2/],
    [
      'a request without max_tokens',
      seventh(message(6, { max_tokens: undefined })),
      /^requests\.6\.params\.max_tokens: Field required/,
    ],
    ['a stream', seventh(message(6, { stream: true })), /^requests\.6\.params/],
    [
      'B1: too few for one of its models',
      many(150, (i) => message(i, i < 50 ? { model: nova } : {})),
      /^requests: 50 of them.*at least 100/,
    ],
    [
      'B5: tools for Nova',
      many(100, (i) => message(i, { model: nova, tools: [{ name: 'a', input_schema: { type: 'object' } }] })),
      /^requests\.0\.params.*tools for Claude alone/,
    ],
    [
      'B6: a GPT',
      many(100, (i) => message(i, { model: 'us.openai.gpt-5.6-sol' })),
      /not offered for batches/,
    ],
  ])('%s is a 400 that says where', async (_, body, words) => {
    // biome-ignore format: a table
    const { status, json } = await alice()<{ error: { message: string; type: string } }>('POST', '/messages/batches', body);
    expect(status).toBe(400);
    expect(json.error.type).toBe('invalid_request_error');
    expect(json.error.message).toMatch(words);
    expect(jobCalls(stack)).toEqual([]);
    await expect.poll(() => stack.simulator.buckets.keys('bedrock-gateway-batches')).toEqual([]);
  });

  test('more than eight models are a 400', async () => {
    const heads = ['', 'us.', 'arn:aws:bedrock:us-east-1::foundation-model/'];
    const models = ['micro', 'lite', 'pro'].flatMap((size) =>
      heads.map((head) => `${head}amazon.nova-${size}-v1:0`),
    );
    const { status, text } = await create(many(9, (i) => message(i, { model: models[i] })));
    expect(status).toBe(400);
    expect(text).toContain('at most 8 models');
  });

  test('B11, B12: a key with a guardrail has none, and an id of another key is a 404', async () => {
    const guarded = await asker(stack, batchKeys.guarded)('POST', '/messages/batches', many(100));
    expect([guarded.status, guarded.text]).toMatchObject([400, expect.stringContaining('no guardrail')]);
    const { json } = await create(many(100));
    const bob = asker(stack, batchKeys.bob);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
      ['GET', '/results'],
      ['DELETE', ''],
    ] as const) {
      expect((await bob(method, `/messages/batches/${json.id}${path}`)).status).toBe(404);
    }
  });
});
