import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { simulatedBatches } from '../../../local/simulator/batches.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { versionOf } from '../support/report.ts';

/** Files and batches with both vendors' packages, as their own guides use them. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { BATCHES: simulatedBatches } });
});
beforeEach(() => stack.simulator.reset());
afterAll(() => stack.close());

const claude = 'us.anthropic.claude-sonnet-5-5';
const nova = 'us.amazon.nova-lite-v1:0';
/** Longer than a job of the simulator takes. */
const whole = 60_000;

describe(`openai ${versionOf('openai')}`, () => {
  const client = () => new OpenAI({ baseURL: stack.baseUrl, apiKey: stack.apiKey, maxRetries: 0 });
  const lines = Array.from({ length: 100 }, (_, i) => ({
    custom_id: `request-${i}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: nova, messages: [{ role: 'user', content: `Question ${i}` }] },
  }));
  const jsonl = (all: readonly object[]) => all.map((line) => JSON.stringify(line)).join('\n');
  const upload = async (content: string) =>
    client().files.create({ file: await toFile(Buffer.from(content), 'requests.jsonl'), purpose: 'batch' });

  it('keeps files: made, waited for, listed, read and deleted', async () => {
    const first = await upload('{"a":1}');
    const second = await upload('{"b":2}');
    expect(await client().files.waitForProcessing(first.id)).toEqual(first);
    const listed: string[] = [];
    for await (const file of client().files.list({ limit: 1 })) listed.push(file.id);
    expect(listed.sort()).toEqual([first.id, second.id].sort());
    expect(await (await client().files.content(second.id)).text()).toBe('{"b":2}');
    expect(await client().files.delete(first.id)).toEqual({ id: first.id, object: 'file', deleted: true });
    await expect(client().files.retrieve(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it('makes a batch, follows it, and reads what came of it', async () => {
    const { id } = await upload(jsonl(lines));
    const made = await client().batches.create({
      input_file_id: id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { run: '1' },
    });
    expect(made).toMatchObject({ status: 'validating', metadata: { run: '1' } });
    stack.simulator.advanceJobs(whole);
    const batch = await client().batches.retrieve(made.id);
    expect(batch).toMatchObject({
      status: 'completed',
      request_counts: { total: 100, completed: 100, failed: 0 },
    });
    const text = await (await client().files.content(batch.output_file_id!)).text();
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(answers.map(({ custom_id }) => custom_id)).size).toBe(100);
    const answer: OpenAI.ChatCompletion = answers[0].response.body;
    expect(answer.choices[0]?.message.content).toContain('Question');
    const listed: string[] = [];
    for await (const each of client().batches.list({ limit: 1 })) listed.push(each.id);
    expect(listed).toEqual([made.id]);
    expect((await client().batches.cancel(made.id)).status).toBe('completed');
  });

  it('hears of a line that is wrong at once', async () => {
    const { id } = await upload(jsonl(lines.with(7, { ...lines[7]!, method: 'GET' })));
    const making = client().batches.create({
      input_file_id: id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    await expect(making).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(making).rejects.toThrow(/Line 8: .*'method'/);
  });
});

describe(`@anthropic-ai/sdk ${versionOf('@anthropic-ai/sdk')}`, () => {
  const client = () =>
    new Anthropic({ baseURL: stack.baseUrl.replace('/v1', ''), apiKey: stack.apiKey, maxRetries: 0 });
  const requests = Array.from({ length: 200 }, (_, i) => ({
    custom_id: `message-${i}`,
    params: {
      model: i % 2 === 0 ? claude : nova,
      max_tokens: 200,
      messages: [{ role: 'user' as const, content: `Question ${i}` }],
    },
  }));

  it('makes a batch for two models, follows it, reads its results and deletes it', async () => {
    const { batches } = client().messages;
    const made = await batches.create({ requests });
    expect(made).toMatchObject({ processing_status: 'in_progress', request_counts: { processing: 200 } });
    await expect(batches.delete(made.id)).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    stack.simulator.advanceJobs(whole);
    const ended = await batches.retrieve(made.id);
    expect(ended).toMatchObject({
      processing_status: 'ended',
      request_counts: { succeeded: 200, processing: 0 },
    });
    const seen = new Map<string, Anthropic.Message>();
    for await (const { custom_id, result } of await batches.results(made.id)) {
      if (result.type === 'succeeded') seen.set(custom_id, result.message);
    }
    expect(seen.size).toBe(200);
    expect(seen.get('message-4')).toMatchObject({
      model: claude,
      role: 'assistant',
      stop_reason: 'end_turn',
    });
    const listed: string[] = [];
    for await (const batch of batches.list({ limit: 1 })) listed.push(batch.id);
    expect(listed).toEqual([made.id]);
    expect(await batches.delete(made.id)).toEqual({ id: made.id, type: 'message_batch_deleted' });
    await expect(batches.retrieve(made.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  it('cancels a batch', async () => {
    const { batches } = client().messages;
    const { id } = await batches.create({ requests });
    stack.simulator.advanceJobs(14_000);
    expect((await batches.cancel(id)).processing_status).toBe('canceling');
    stack.simulator.advanceJobs(5000);
    const kinds: Record<string, number> = {};
    for await (const { result } of await batches.results(id))
      kinds[result.type] = (kinds[result.type] ?? 0) + 1;
    expect(kinds.canceled).toBeGreaterThan(0);
    expect((kinds.canceled ?? 0) + (kinds.succeeded ?? 0)).toBe(200);
  });

  it('keeps files', async () => {
    const { files } = client().beta;
    const made = await files.upload({ file: await Anthropic.toFile(Buffer.from('words'), 'a.txt') });
    expect(made).toMatchObject({ type: 'file', filename: 'a.txt', size_bytes: 5, mime_type: 'text/plain' });
    expect(await (await files.download(made.id)).text()).toBe('words');
    const listed: string[] = [];
    for await (const file of files.list()) listed.push(file.id);
    expect(listed).toEqual([made.id]);
    expect(await files.delete(made.id)).toEqual({ id: made.id, type: 'file_deleted' });
  });
});
