import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  type CreateModelInvocationJobCommandInput,
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  StopModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { nova } from '../../support/chat.ts';

/** Jobs of batch inference as the SDK sees them. */

let simulator: Simulator;
let client: BedrockClient;
beforeAll(async () => {
  simulator = await startSimulator();
  client = new BedrockClient({
    endpoint: simulator.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' },
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const own = 'bedrock-gateway-batches';
const record = (
  i: number,
  modelInput: object = { messages: [{ role: 'user', content: [{ text: `Hi ${i}` }] }] },
) => ({
  recordId: `R${i}`,
  modelInput,
});
const put = (records: readonly unknown[]) =>
  simulator.buckets.put(own, 'in.jsonl', Buffer.from(records.map((each) => JSON.stringify(each)).join('\n')));
const many = (count: number, each: (i: number) => unknown = (i) => record(i)) =>
  Array.from({ length: count }, (_, i) => each(i));

const create = (more: Partial<CreateModelInvocationJobCommandInput> = {}) =>
  client.send(
    new CreateModelInvocationJobCommand({
      jobName: 'a-job',
      roleArn: 'arn:aws:iam::123456789012:role/r',
      modelId: nova,
      modelInvocationType: 'Converse',
      inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${own}/in.jsonl`, s3InputFormat: 'JSONL' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${own}/out/` } },
      ...more,
    }),
  );
const get = (jobIdentifier?: string) => client.send(new GetModelInvocationJobCommand({ jobIdentifier }));

function written(arn: string | undefined): Record<string, unknown>[] {
  const text = simulator.buckets.get(own, `out/${arn?.split('/').at(-1)}/in.jsonl.out`).body.toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a job', () => {
  test('goes through its states by its own clock, and writes what the operation would have answered', async () => {
    put(many(100));
    const { jobArn } = await create();
    const states: unknown[] = [];
    for (const ms of [0, 3000, 2500, 8000, 10_000]) {
      simulator.advanceJobs(ms);
      states.push((await get(jobArn)).status);
    }
    expect(states).toEqual(['Submitted', 'Validating', 'Scheduled', 'InProgress', 'Completed']);
    expect(await get(jobArn)).toMatchObject({
      totalRecordCount: 100,
      processedRecordCount: 100,
      successRecordCount: 100,
      errorRecordCount: 0,
      endTime: expect.any(Date),
    });
    const lines = written(jobArn);
    expect(lines.map(({ recordId }) => recordId)).not.toEqual(many(100, (i) => `R${i}`));
    expect(lines.find(({ recordId }) => recordId === 'R7')).toMatchObject({
      modelInput: record(7).modelInput,
      modelOutput: {
        output: { message: { content: [{ text: expect.stringContaining('Hi 7') }] } },
        usage: { inputTokens: expect.any(Number) },
      },
    });
    const { jobSummaries = [], ...list } = (await client.send(
      new ListModelInvocationJobsCommand({}),
    )) as never as { jobSummaries: []; invocationJobSummaries: { jobArn: string }[] };
    expect([jobSummaries, list.invocationJobSummaries.map(({ jobArn: each }) => each)]).toEqual([
      [],
      [jobArn],
    ]);
  });

  test('is the same for the same name and token, and a conflict for the same name alone', async () => {
    put(many(100));
    const first = await create({ clientRequestToken: 'a' });
    expect((await create({ clientRequestToken: 'a' })).jobArn).toBe(first.jobArn);
    await expect(create({ clientRequestToken: 'b' })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('can be stopped once, and keeps what it has done', async () => {
    put(many(100));
    const { jobArn } = await create();
    simulator.advanceJobs(14_000);
    const stop = () => client.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
    await stop();
    expect((await get(jobArn)).status).toBe('Stopping');
    await expect(stop()).rejects.toMatchObject({ name: 'ConflictException' });
    simulator.advanceJobs(3000);
    const { status, processedRecordCount = 0 } = await get(jobArn);
    expect([status, written(jobArn).length]).toEqual(['Stopped', processedRecordCount]);
    expect(processedRecordCount).toBeGreaterThan(0);
  });

  test.each<[string, readonly unknown[], RegExp]>([
    ['too few records', many(99), /less records \(99\) than the required minimum of: 100/],
    ['a record that is none', [...many(99), { recordId: 'x' }], /Record 100 /],
    ['an id twice', [...many(99), record(3)], /not unique/],
  ])('with %s fails', async (_, records, words) => {
    put(records);
    const { jobArn } = await create();
    simulator.advanceJobs(60_000);
    expect(await get(jobArn)).toMatchObject({ status: 'Failed', message: expect.stringMatching(words) });
  });

  const refusedInConverse = [
    { toolConfig: { tools: [] } },
    { guardrailConfig: { guardrailIdentifier: 'abc123', guardrailVersion: '1' } },
    { modelId: nova },
    { serviceTier: { type: 'flex' } },
    { messages: [{ role: 'user', content: [{ text: 'a' }, { cachePoint: { type: 'default' } }] }] },
    { messages: [{ role: 'assistant', content: [{ text: 'a' }] }] },
  ];
  test('has an error for each record that its operation, or a job, does not take', async () => {
    put(many(100, (i) => record(i, { ...record(i).modelInput, ...refusedInConverse[i] })));
    const { jobArn } = await create();
    simulator.advanceJobs(60_000);
    expect(await get(jobArn)).toMatchObject({
      status: 'Completed',
      errorRecordCount: refusedInConverse.length,
    });
    const errors = written(jobArn).filter(({ error }) => error);
    expect(errors.map(({ recordId }) => recordId).sort()).toEqual(refusedInConverse.map((_, i) => `R${i}`));
    for (const { error } of errors)
      expect(error).toEqual({ errorCode: 400, errorMessage: expect.any(String) });
  });
});

describe('what is no job', () => {
  test.each<[string, Partial<CreateModelInvocationJobCommandInput>, RegExp]>([
    ['a name with spaces', { jobName: 'a job' }, /'jobName'/],
    ['a role of another account', { roleArn: 'arn:aws:iam::999999999999:role/r' }, /'roleArn'/],
    ['too few hours', { timeoutDurationInHours: 1 }, /greater than or equal to 24/],
    ['too many hours', { timeoutDurationInHours: 200 }, /less than or equal to 168/],
    ['another type', { modelInvocationType: 'Chat' as never }, /enum value set/],
    ['a tag that cannot be', { tags: [{ key: 'a', value: 'b&c' }] }, /value/],
    ['an input elsewhere', { inputDataConfig: { s3InputDataConfig: { s3Uri: 'https://a/b' } } }, /S3 URI/],
    [
      'a model that needs a profile',
      { modelId: 'anthropic.claude-sonnet-5-5' },
      /on-demand throughput isn’t supported/,
    ],
    [
      'a model that is not offered',
      { modelId: 'us.openai.gpt-5.6-sol' },
      /not supported for batch inference/,
    ],
    [
      'an imported model',
      { modelId: 'arn:aws:bedrock:us-east-1:123456789012:imported-model/qwen2x5coder' },
      /./,
    ],
  ])('%s is a 400', async (_, more, words) => {
    put(many(100));
    await expect(create(more)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(words),
    });
  });

  test('a job that nobody made is not found', async () => {
    await expect(get('abcdefghijkl')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
