import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  asker,
  batchKeys,
  batchOf,
  chatFile,
  chatLine,
  jobCalls,
  linesIn,
  type OpenAiBatch,
  startBatchStack,
  wholeJob,
} from '../../support/batches.ts';
import { haiku, nova } from '../../support/chat.ts';
import type { Stack } from '../../support/stack.ts';

/** What a batch says while it runs and when it has ended, and what its files hold. */

let stack: Stack;
beforeAll(async () => {
  stack = await startBatchStack();
});
afterAll(() => stack.close());
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});

const alice = () => asker(stack);
const show = async (id: string) => (await alice()<OpenAiBatch>('GET', `/batches/${id}`)).json;
const read = async (file: string | null) => (await alice()('GET', `/files/${file}/content`)).text;

interface OutputLine {
  id: string;
  custom_id: string;
  response: { status_code: number; request_id: string; body: Record<string, never> } | null;
  error: { code: string; message: string } | null;
}

/** A hundred requests, of which the first says how the job is to end. */
const ending = (how: string) =>
  chatFile(100, (i) =>
    chatLine(i, {
      messages: [{ role: 'user', content: i === 0 ? `[[batch:${how}]] Hello` : `Question ${i}` }],
    }),
  );

describe('B7: the state of a batch', () => {
  test('while its job is waiting, running and done', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    const states: unknown[] = [];
    for (const ms of [0, 3000, 3000, 7500, 20_000]) {
      stack.simulator.advanceJobs(ms);
      const { status, request_counts, output_file_id, in_progress_at, completed_at } = await show(json.id);
      states.push([
        status,
        request_counts,
        output_file_id !== null,
        in_progress_at !== null,
        completed_at !== null,
      ]);
    }
    const none = { total: 100, completed: 0, failed: 0 };
    expect(states).toEqual([
      ['validating', none, false, false, false],
      ['validating', none, false, false, false],
      ['validating', none, false, false, false],
      ['in_progress', { total: 100, completed: expect.any(Number), failed: 0 }, false, true, false],
      ['completed', { total: 100, completed: 100, failed: 0 }, true, false, true],
    ]);
    const { request_counts: half } = { request_counts: (states[3] as [string, { completed: number }])[1] };
    expect(half.completed).toBeGreaterThan(10);
    expect(half.completed).toBeLessThan(90);
  });

  test('that is done is not asked of Bedrock again', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    stack.simulator.advanceJobs(wholeJob);
    const first = await show(json.id);
    stack.simulator.calls.length = 0;
    expect(await show(json.id)).toEqual(first);
    expect(jobCalls(stack, 'GetModelInvocationJob')).toEqual([]);
  });

  test.each([
    ['partial', 'completed', 'completed_at', 'batch_incomplete'],
    ['expire', 'expired', 'expired_at', 'batch_expired'],
  ] as const)(
    'whose job did not get to all (%s): what it did not reach stands in the error file',
    async (how, status, at, code) => {
      const { json } = await batchOf(alice(), ending(how));
      stack.simulator.advanceJobs(wholeJob);
      const batch = await show(json.id);
      expect(batch).toMatchObject({
        status,
        [at]: expect.any(Number),
        request_counts: { total: 100, completed: 50, failed: 0 },
      });
      const done = linesIn<OutputLine>(await read(batch.output_file_id));
      const rest = linesIn<OutputLine>(await read(batch.error_file_id));
      expect([done.length, rest.length]).toEqual([50, 50]);
      expect(rest.every(({ response, error }) => response === null && error?.code === code)).toBe(true);
      expect(new Set([...done, ...rest].map(({ custom_id }) => custom_id)).size).toBe(100);
    },
  );

  test('whose job has failed: the reason, without what names the account', async () => {
    const { json } = await batchOf(alice(), ending('fail'));
    stack.simulator.advanceJobs(wholeJob);
    const batch = await show(json.id);
    expect(batch).toMatchObject({
      status: 'failed',
      failed_at: expect.any(Number),
      output_file_id: null,
      error_file_id: null,
      errors: {
        object: 'list',
        data: [{ code: 'batch_failed', message: 'The role (ARN) could not be assumed.' }],
      },
    });
  });

  test('that is cancelled: first it is being cancelled, then what was done is there', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    stack.simulator.advanceJobs(14_000);
    expect((await show(json.id)).status).toBe('in_progress');
    const cancelling = await alice()<OpenAiBatch>('POST', `/batches/${json.id}/cancel`);
    expect(cancelling.json).toMatchObject({
      status: 'cancelling',
      cancelling_at: expect.any(Number),
      cancelled_at: null,
    });
    expect(jobCalls(stack, 'StopModelInvocationJob')).toHaveLength(1);
    stack.simulator.advanceJobs(5000);
    const batch = await show(json.id);
    expect(batch).toMatchObject({
      status: 'cancelled',
      cancelled_at: expect.any(Number),
      cancelling_at: expect.any(Number),
    });
    const rest = linesIn<OutputLine>(await read(batch.error_file_id));
    expect(rest[0]?.error?.code).toBe('batch_cancelled');
    expect(rest.length + batch.request_counts.completed).toBe(100);
  });
});

test('B9: a batch that is done is not changed by a cancellation, and Bedrock hears nothing of it', async () => {
  const { json } = await batchOf(alice(), chatFile(100));
  stack.simulator.advanceJobs(wholeJob);
  const before = await show(json.id);
  const answer = await alice()('POST', `/batches/${json.id}/cancel`);
  expect([answer.status, answer.json]).toEqual([200, before]);
  expect(jobCalls(stack, 'StopModelInvocationJob')).toEqual([]);
});

describe('the files of a batch', () => {
  test('B8: hold each answer under its own custom_id, and errors in the error file alone', async () => {
    const content = chatFile(120, (i) =>
      chatLine(i, {
        messages: [{ role: 'user', content: i % 10 === 3 ? `[[validation]] ${i}` : `Number ${i}` }],
      }),
    );
    const { json } = await batchOf(alice(), content);
    stack.simulator.advanceJobs(wholeJob);
    const batch = await show(json.id);
    expect(batch.request_counts).toEqual({ total: 120, completed: 108, failed: 12 });
    const output = linesIn<OutputLine>(await read(batch.output_file_id));
    // Bedrock has written them in another order.
    const order = output.map(({ custom_id }) => Number(custom_id.slice('request-'.length)));
    expect(order).not.toEqual(order.toSorted((one, other) => one - other));
    for (const { custom_id, response, error } of output) {
      const i = custom_id.slice('request-'.length);
      expect(error).toBeNull();
      expect(response).toMatchObject({
        status_code: 200,
        body: {
          object: 'chat.completion',
          model: nova,
          choices: [{ message: { content: expect.stringContaining(`“Number ${i}”`) } }],
        },
      });
    }
    const errors = linesIn<OutputLine>(await read(batch.error_file_id));
    expect(errors.map(({ custom_id }) => Number(custom_id.slice(8)) % 10)).toEqual(Array(12).fill(3));
    expect(errors[0]).toMatchObject({
      error: null,
      response: {
        status_code: 400,
        request_id: expect.any(String),
        body: { error: { type: 'invalid_request_error', message: expect.any(String) } },
      },
    });
    expect(await read(batch.output_file_id)).toBe(await read(batch.output_file_id));
  });

  test('have a file object, and are gone when one is deleted', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    stack.simulator.advanceJobs(wholeJob);
    const { output_file_id: id } = await show(json.id);
    const { json: file } = await alice()('GET', `/files/${id}`);
    expect(file).toMatchObject({
      id,
      object: 'file',
      purpose: 'batch_output',
      filename: 'batch_output.jsonl',
      bytes: expect.any(Number),
    });
    expect((await asker(stack, batchKeys.bob)('GET', `/files/${id}/content`)).status).toBe(404);
    expect((await alice()('DELETE', `/files/${id}`)).json).toEqual({ id, object: 'file', deleted: true });
    expect((await alice()('GET', `/files/${id}/content`)).status).toBe(404);
  });

  test('are not there before the batch has ended', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    const { output_file_id, error_file_id } = await show(json.id);
    expect([output_file_id, error_file_id]).toEqual([null, null]);
  });

  test('tell reasoning and refusals as a chat does', async () => {
    const content = chatFile(100, (i) =>
      chatLine(i, { model: haiku, reasoning_effort: 'low', max_tokens: 4000 }),
    );
    const { json } = await batchOf(alice(), content);
    stack.simulator.advanceJobs(wholeJob);
    const { output_file_id } = await show(json.id);
    const [line] = linesIn<{ response: { body: { choices: { message: object }[] } } }>(
      await read(output_file_id),
    );
    expect(line?.response.body.choices[0]?.message).toMatchObject({
      content: expect.any(String),
      reasoning_content: expect.any(String),
    });
  });
});

describe('what a batch has cost', () => {
  const metered = () => stack.logs.filter(({ api }) => api === 'batch_results');

  test('B3: is metered as a batch when its results are first read, and once', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    stack.simulator.advanceJobs(wholeJob);
    const batch = await show(json.id);
    const { input_tokens, output_tokens } = batch.usage as Record<string, number>;
    await Promise.all([read(batch.output_file_id), read(batch.output_file_id)]);
    await expect.poll(() => metered().length).toBe(2);
    const counted = metered().filter(({ calls }) => calls !== undefined);
    expect(counted).toMatchObject([
      { key: 'alice', modelUsed: nova, inputTokens: input_tokens, outputTokens: output_tokens, calls: 1 },
    ]);
    expect(input_tokens).toBeGreaterThan(0);
    // Nova Lite in a region: $0.06 and $0.24 a million tokens, and a batch is half of it.
    const halves = (0.06 * Number(input_tokens) + 0.24 * Number(output_tokens)) / 2e6;
    expect(Number(counted[0]?.costUsd)).toBeCloseTo(halves, 12);
    expect(counted[0]).toMatchObject({ tierServed: 'batch' });
  });
});

describe('the list', () => {
  test('has the newest first, in pages, and nobody else’s', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.push((await batchOf(alice(), chatFile(100))).json.id);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const page = async (query: string, key = batchKeys.alice) => {
      const { json } = await asker(stack, key)<{ data: OpenAiBatch[]; has_more: boolean }>(
        'GET',
        `/batches${query}`,
      );
      return { ids: json.data.map(({ id }) => ids.indexOf(id)), more: json.has_more };
    };
    expect(await page('')).toEqual({ ids: [2, 1, 0], more: false });
    expect(await page('?limit=2')).toEqual({ ids: [2, 1], more: true });
    expect(await page(`?limit=2&after=${ids[1]}`)).toEqual({ ids: [0], more: false });
    expect(await page('', batchKeys.bob)).toEqual({ ids: [], more: false });
    expect((await asker(stack, batchKeys.bob)('GET', `/batches?after=${ids[1]}`)).status).toBe(404);
  });
});
